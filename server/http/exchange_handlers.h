// Handlers of /api/export and /api/import.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> export_contacts(const Services& services, const Call& call);
[[nodiscard]] Result<Response> import_contacts(const Services& services, const Call& call);

}  // namespace crm::http
