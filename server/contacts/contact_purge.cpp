#include "server/contacts/contact_purge.h"

#include "server/store/purge.h"
#include "shared/limits.h"

namespace crm {

Result<ContactService::Purged> purge_tombstones(ContactService& contacts,
                                                const CustomerId& customer,
                                                TimePoint before) {
    ContactService::Purged purged;
    while (true) {
        store::Transaction transaction = CRM_TRY(contacts.begin_write());
        const std::vector<ContactId> ready =
            CRM_TRY(store::find_purgeable(transaction, customer, before, kPurgeBatchRows));
        if (ready.empty()) {
            purged.waiting = CRM_TRY(store::count_not_purgeable(transaction, customer, before));
            return purged;
        }
        CRM_TRY(store::purge(transaction, customer, ready));
        CRM_TRY(transaction.commit());
        purged.removed += static_cast<std::int64_t>(ready.size());
    }
}

}  // namespace crm
