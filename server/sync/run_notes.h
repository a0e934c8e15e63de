// The notes of one customer as one run works on them: loaded once, changed in memory together with
// the database, loaded again only when somebody else wrote meanwhile. With many contacts loading is
// most of what a run costs.
//
// Whether somebody else wrote is told by the database's count of commits. Used by one thread at a
// time.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "server/store/database.h"
#include "server/store/sync_notes.h"
#include "shared/result.h"

namespace crm::sync {

class RunNotes {
   public:
    RunNotes(store::Database& database, CustomerId customer)
        : database_(database), customer_(std::move(customer)) {}

    /// As they are now. Valid until the next call of any function here.
    Result<CustomerNotes*> current();
    /// The same inside a write transaction, where nobody else can write. `is_same` tells whether
    /// they are those that current() gave last.
    struct Locked {
        CustomerNotes& notes;
        bool is_same;
    };
    Result<Locked> locked(const store::Transaction& transaction);
    /// Commits `transaction`; the notes were changed in memory just as it changes the database.
    Status commit(store::Transaction& transaction);
    /// Since the last look only we wrote, with so many commits, and only these contacts: they are
    /// read again. If there were more commits, all are.
    Status reload(const std::set<ContactId>& contacts, std::uint64_t own_commits);
    void drop() { notes_.reset(); }

   private:
    [[nodiscard]] bool is_current() const;

    store::Database& database_;
    CustomerId customer_;
    std::optional<CustomerNotes> notes_;
    std::uint64_t commits_ = 0;  // of the database, as of the notes
};

}  // namespace crm::sync
