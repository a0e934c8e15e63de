// Integration.app's side of the wire: tokens, the customer, connections, integrations, actions, the
// four ways to run one, and data collections. A token's customer sees only its own connections.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

[[nodiscard]] Response answer_workspace(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
