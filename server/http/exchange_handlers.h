// Handlers of /api/export and /api/import, and of POST /api/contacts/purge.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> export_contacts(const Services& services, const Call& call);
[[nodiscard]] Result<Response> import_contacts(const Services& services, const Call& call);
[[nodiscard]] Result<Response> purge_contacts(const Services& services, const Call& call);

}  // namespace crm::http
