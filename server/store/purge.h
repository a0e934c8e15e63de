// Removing tombstones for good. What stays is a hash of each e-mail and the ids of dead records, so
// that no system can bring the person back; what was said about them (history, conflicts, notes)
// goes. The log of runs may name them until it is pruned (kRunsStored).
//
// A tombstone is ready when its record is confirmed gone in every system where it had one, and no
// call is open, no refusal, held record or conflict waits.
#pragma once

#include <string>
#include <vector>

#include "server/store/database.h"
#include "shared/ids.h"
#include "shared/result.h"
#include "shared/time_text.h"

namespace crm::store {

/// Where the walk over the tombstones of a customer is; at first before all of them.
struct PurgePlace {
    std::int64_t deleted_at = -1;
    std::int64_t row = 0;
};

struct Purgeable {
    std::vector<ContactId> contacts;
    PurgePlace place;  // behind the last of them
};

/// Deleted before `before` and ready, at most `most` of them behind `place`, oldest first.
Result<Purgeable> find_purgeable(const Connection& connection,
                                 const CustomerId& customer,
                                 TimePoint before,
                                 PurgePlace place,
                                 std::size_t most);

/// Deleted before `before` and not ready.
Result<std::int64_t> count_not_purgeable(const Connection& connection,
                                         const CustomerId& customer,
                                         TimePoint before);

/// Removes tombstones that find_purgeable() gave out in this very transaction. Their bytes are
/// overwritten in the file.
Status purge(Transaction& transaction,
             const CustomerId& customer,
             const std::vector<ContactId>& contacts);

/// After the last purge(): a full-text index only marks what it forgets, until its parts are
/// written together. Takes as long as reading all contacts.
Status forget_words(Transaction& transaction);

}  // namespace crm::store
