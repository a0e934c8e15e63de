// The contacts API: decode, call the service, encode. The rules are ContactService's.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> list_contacts(const Services& services, const Call& call);
[[nodiscard]] Result<Response> create_contact(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_contact(const Services& services, const Call& call);
[[nodiscard]] Result<Response> update_contact(const Services& services, const Call& call);
[[nodiscard]] Result<Response> delete_contact(const Services& services, const Call& call);
[[nodiscard]] Result<Response> delete_contact_by_email(const Services& services, const Call& call);
[[nodiscard]] Result<Response> restore_contact(const Services& services, const Call& call);
/// Of one change, or of all that belong together; ?preview=true only tells.
[[nodiscard]] Result<Response> undo_change(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_history(const Services& services, const Call& call);

/// The size of a page that a list was asked for, or the usual one.
[[nodiscard]] Result<int> read_limit(const Call& call);

/// The query of a list; BadRequest names the parameter that is wrong.
[[nodiscard]] Result<ContactQuery> read_contact_query(const Call& call);

/// The version in If-Match: "3" with its quotes. nullopt when there is none or it is *; BadRequest
/// otherwise.
[[nodiscard]] Result<std::optional<std::int64_t>> read_if_match(const Request& request);

}  // namespace crm::http
