// POST /api/contacts/bulk: decode, call the service, encode, tell the listeners.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> change_contacts(const Services& services, const Call& call);

/// Of few changed contacts listeners hear one by one; of more than kImportAnnouncedMax, that they
/// should look anew. A sync run comes soon.
void announce_changes(const Services& services,
                      const CustomerId& customer,
                      const std::vector<ContactId>& changed);

}  // namespace crm::http
