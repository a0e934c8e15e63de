// Calls of the workspace to us: a flow of it saw a change in a system.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

/// A hint to look, never data to apply: what a call says may be late, twice or out of order. So
/// one handler serves all three kinds, and the body is not read. 200 {"message":"ok"}; 401 without
/// the workspace's token.
[[nodiscard]] Result<Response> take_webhook(const Services& services, const Call& call);

}  // namespace crm::http
