// /api/users, /api/tokens, /api/audit: decode, call the service, encode. The rules are
// PeopleService's; that an admin is needed stands in the table of routes.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> list_users(const Services& services, const Call& call);
[[nodiscard]] Result<Response> create_user(const Services& services, const Call& call);
[[nodiscard]] Result<Response> update_user(const Services& services, const Call& call);
[[nodiscard]] Result<Response> list_tokens(const Services& services, const Call& call);
/// A token of the caller.
[[nodiscard]] Result<Response> create_token(const Services& services, const Call& call);
[[nodiscard]] Result<Response> revoke_token(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_audit(const Services& services, const Call& call);

}  // namespace crm::http
