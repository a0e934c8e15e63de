// Handlers of /api/connections, and what they need of the workspace, so that they are tested
// without one.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> list_connections(const Services& services, const Call& call);
/// What it means is said by list_connections, and in the answer.
[[nodiscard]] Result<Response> disconnect_system(const Services& services, const Call& call);
/// Where a person connects the system, for the first time or again.
[[nodiscard]] Result<Response> connect_system(const Services& services, const Call& call);

}  // namespace crm::http
