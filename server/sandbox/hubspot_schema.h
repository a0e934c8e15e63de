// HubSpot's properties API, for reading: what a contact consists of.
#pragma once

#include "server/sandbox/message.h"

namespace crm::sandbox {

/// GET /crm/v3/properties/contacts and /crm/v3/properties/contacts/{name}.
[[nodiscard]] Response answer_hubspot_schema(const Request& request);

}  // namespace crm::sandbox
