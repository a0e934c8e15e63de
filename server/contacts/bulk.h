// One action on many contacts, by the same rules as on one, and one step for undo. Whom a list
// finds is looked up once, at the beginning.
//
// Batches of kImportBatchRows are one transaction each; a contact is changed as a whole or refused
// with a sentence, and the others go on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/contacts/contact_service.h"
#include "shared/api_bulk.h"
#include "shared/contact_query.h"
#include "shared/result.h"

namespace crm {

struct BulkOptions {
    std::string actor;                  // for history
    std::function<bool()> is_stopping;  // or empty; asked before each batch
};

struct BulkOutcome {
    api::BulkReport report;
    /// Who was changed, at most kImportAnnouncedMax + 1 of them.
    std::vector<ContactId> changed;
};

/// Everyone that `query` finds as of now, but those in `without`.
Result<std::vector<ContactId>> find_ids(ContactService& contacts,
                                        const CustomerId& customer,
                                        const ContactQuery& query,
                                        const std::vector<ContactId>& without);

/// `ids` takes the place of those in the request; one that stands there twice counts once. An error
/// later tells how many are done.
Result<BulkOutcome> change_many(ContactService& contacts,
                                const CustomerId& customer,
                                const std::vector<ContactId>& ids,
                                const api::BulkRequest& request,
                                const BulkOptions& options);

}  // namespace crm
