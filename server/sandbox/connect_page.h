// Integration.app's pages on which a person lets a workspace into a CRM:
// /embed/integrations/{key}/connect and /embed/connections/{selector}/refresh, with the customer's
// token in the address. Here one button does it.
#pragma once

#include <string_view>

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

[[nodiscard]] Response answer_connect_page(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
