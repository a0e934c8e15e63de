// Writes down what observe() found, inside one transaction: contacts through the contact service,
// the rest through the sync store. No decisions here.
#pragma once

#include <string>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/store/database.h"
#include "server/sync/observe.h"

namespace crm::sync {

struct ApplyDoors {
    ContactService& contacts;
    TimePoint now;
    CustomerId customer;
    std::string run_id;
};

struct Applied {
    std::vector<ContactId> changed;  // contacts to be published, with their real ids
    std::int64_t written = 0;        // contacts that were added or whose fields changed
};

/// `notes` are those that observe() changed; contacts that arrived get their real ids in them.
Result<Applied> apply_observed(store::Transaction& transaction,
                               const ApplyDoors& doors,
                               const SystemSpec& system,
                               CustomerNotes& notes,
                               const Observed& observed);

}  // namespace crm::sync
