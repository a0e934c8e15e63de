#include "server/contacts/contact_purge.h"

#include "server/limits.h"
#include "server/store/purge.h"

namespace crm {

Result<ContactService::Purged> purge_tombstones(ContactService& contacts,
                                                const CustomerId& customer,
                                                TimePoint before) {
    ContactService::Purged purged;
    store::PurgePlace place;
    while (true) {
        store::Transaction transaction = CRM_TRY(contacts.begin_write());
        const store::Purgeable ready =
            CRM_TRY(store::find_purgeable(transaction, customer, before, place, kPurgeBatchRows));
        if (ready.contacts.empty()) {
            purged.waiting = CRM_TRY(store::count_not_purgeable(transaction, customer, before));
            if (purged.removed == 0) return purged;
            CRM_TRY(store::forget_words(transaction));
            CRM_TRY(transaction.commit());
            return purged;
        }
        CRM_TRY(store::purge(transaction, customer, ready.contacts));
        CRM_TRY(transaction.commit());
        place = ready.place;
        purged.removed += static_cast<std::int64_t>(ready.contacts.size());
    }
}

}  // namespace crm
