// The loop of ContactService::purge(): batch by batch, each one transaction.
#pragma once

#include "server/contacts/contact_service.h"

namespace crm {

Result<ContactService::Purged> purge_tombstones(ContactService& contacts,
                                                const CustomerId& customer,
                                                TimePoint before);

}  // namespace crm
