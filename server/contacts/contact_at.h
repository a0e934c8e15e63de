// A contact as it was at an earlier time, told by its history.
#pragma once

#include "server/contacts/contact_service.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

/// Without links: what records showed then is not known. NotFound: it is not there, or was not yet.
[[nodiscard]] Result<Contact> contact_at(ContactService& contacts,
                                         const CustomerId& customer,
                                         const ContactId& id,
                                         TimePoint time);

}  // namespace crm
