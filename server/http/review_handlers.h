// What waits for a person's decision, and why things are as they are.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> list_conflicts(const Services& services, const Call& call);
[[nodiscard]] Result<Response> resolve_conflict(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_contact_sync(const Services& services, const Call& call);
[[nodiscard]] Result<Response> create_record_anew(const Services& services, const Call& call);
[[nodiscard]] Result<Response> list_holds(const Services& services, const Call& call);
[[nodiscard]] Result<Response> link_hold(const Services& services, const Call& call);
[[nodiscard]] Result<Response> refuse_hold(const Services& services, const Call& call);
[[nodiscard]] Result<Response> import_hold(const Services& services, const Call& call);

}  // namespace crm::http
