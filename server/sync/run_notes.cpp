#include "server/sync/run_notes.h"

#include "server/store/sync_store.h"

namespace crm::sync {
namespace {

/// Reading a greater share of the contacts one by one costs more than loading all of them.
constexpr std::size_t kReloadShare = 8;

}  // namespace

bool RunNotes::is_current() const {
    return notes_ && database_.commits() == commits_;
}

Result<CustomerNotes*> RunNotes::current() {
    if (!is_current()) {
        // Asked first: a commit in between makes the notes look older than they are, never newer.
        commits_ = database_.commits();
        const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
        notes_ = CRM_TRY(store::load_customer_notes(snapshot, customer_));
    }
    return &*notes_;
}

Result<RunNotes::Locked> RunNotes::locked(const store::Transaction& transaction) {
    if (is_current()) return Locked{*notes_, true};
    commits_ = database_.commits();
    notes_ = CRM_TRY(store::load_customer_notes(transaction, customer_));
    return Locked{*notes_, false};
}

Status RunNotes::commit(store::Transaction& transaction) {
    const std::uint64_t before = database_.commits();
    const bool was_current = is_current();
    CRM_TRY(transaction.commit());
    if (was_current) commits_ = before + 1;
    return {};
}

Status RunNotes::reload(const std::set<ContactId>& contacts, std::uint64_t own_commits) {
    if (!notes_) return {};
    const std::uint64_t now = database_.commits();
    const bool is_alone = now == commits_ + own_commits;
    if (!is_alone || contacts.size() > notes_->contacts.size() / kReloadShare) {
        drop();
        return {};
    }
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    for (const ContactId& id : contacts) {
        notes_->contacts[id] = CRM_TRY(store::load_contact_notes(snapshot, customer_, id));
    }
    commits_ = now;
    return {};
}

}  // namespace crm::sync
