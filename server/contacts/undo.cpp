#include "server/contacts/undo.h"

#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "server/contacts/merge.h"
#include "server/contacts/undo_plan.h"
#include "server/limits.h"
#include "server/store/contact_store.h"
#include "shared/limits.h"

namespace crm {
namespace {

using Fate = UndoPlan::Fate;

/// A line of history has a number; all else is the name of a group.
store::JournalKey key_of(std::string_view id) {
    std::int64_t line = 0;
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), line);
    if (problem == std::errc{} && end == id.data() + id.size()) return {.line = line, .group = {}};
    return {.line = std::nullopt, .group = std::string(id)};
}

/// One call of undo_changes().
class Walk {
   public:
    using Lines = std::map<ContactId, std::vector<store::JournalLine>>;

    Walk(ContactService& contacts, const CustomerId& customer, Origin origin)
        : contacts_(contacts), customer_(customer), origin_(std::move(origin)) {}

    Status preview(const Lines& lines) {
        undo.is_preview = true;
        const store::Snapshot snapshot = CRM_TRY(contacts_.begin_read());
        for (const auto& [id, own] : lines) {
            const Contact current = CRM_TRY(contacts_.load(snapshot, customer_, id));
            tell(current, CRM_TRY(plan_undo(current, own)));
        }
        return {};
    }

    /// An e-mail may be free only once another contact of these has given it back.
    Status run(Lines lines) {
        for (std::size_t before = lines.size() + 1; lines.size() < before;) {
            before = lines.size();
            CRM_TRY(pass(lines));
        }
        CRM_TRY(keep(lines));
        if (undo.undone == 0) return {};
        undo.id = origin_.run_id;
        contacts_.wake(customer_);
        return {};
    }

    api::Undo undo;

   private:
    /// Takes off what is done. What is left has an e-mail that another contact has now.
    Status pass(Lines& lines) {
        for (auto next = lines.begin(); next != lines.end();) {
            std::vector<ContactId> changed;
            store::Transaction transaction = CRM_TRY(contacts_.begin_write());
            for (std::size_t i = 0; i < kImportBatchRows && next != lines.end(); ++i) {
                const Status done = visit(transaction, next->first, next->second);
                if (!done.is_ok() && done.error().code != ErrorCode::Conflict) return done;
                if (done.is_ok()) {
                    changed.push_back(next->first);
                    next = lines.erase(next);
                } else {
                    refusals_[next->first] = done.error().message;
                    ++next;
                }
            }
            CRM_TRY(transaction.commit());
            announced_ += changed.size();
            if (announced_ <= kImportAnnouncedMax) contacts_.publish(customer_, changed);
        }
        return {};
    }

    Status visit(store::Transaction& transaction,
                 const ContactId& id,
                 const std::vector<store::JournalLine>& lines) {
        const Contact current = CRM_TRY(contacts_.load(transaction, customer_, id));
        const UndoPlan plan = CRM_TRY(plan_undo(current, lines));
        CRM_TRY(write(transaction, current, plan));
        tell(current, plan);
        return {};
    }

    Status write(store::Transaction& transaction, const Contact& current, const UndoPlan& plan) {
        if (plan.fate == Fate::Delete) {
            (void)CRM_TRY(contacts_.remove(transaction, customer_, current.id, origin_));
            return {};
        }
        Contact now = current;
        if (plan.fate == Fate::Restore)
            now = CRM_TRY(contacts_.restore(transaction, current, origin_));
        if (!(plan.fields == now.fields))
            (void)CRM_TRY(contacts_.edit(transaction, now, plan.fields, origin_));
        return {};
    }

    void tell(const Contact& before, const UndoPlan& plan) {
        api::UndoneContact told;
        told.contact_id = before.id.text;
        told.title = display_name(before.fields);
        told.kind = "none";
        if (!(plan.fields == before.fields)) told.kind = "update";
        if (plan.fate == Fate::Restore) told.kind = "restore";
        if (plan.fate == Fate::Delete) told.kind = "delete";
        told.undone = diff_fields(before.fields, plan.fields);
        told.kept = plan.kept;
        add(std::move(told));
    }

    Status keep(const Lines& lines) {
        const store::Snapshot snapshot = CRM_TRY(contacts_.begin_read());
        for (const auto& [id, own] : lines) {
            api::UndoneContact told;
            told.contact_id = id.text;
            told.title = display_name(CRM_TRY(contacts_.load(snapshot, customer_, id)).fields);
            told.kind = "none";
            told.kept.push_back({"", refusals_[id]});
            add(std::move(told));
        }
        return {};
    }

    void add(api::UndoneContact told) {
        if (told.kind != "none") ++undo.undone;
        if (!told.kept.empty()) ++undo.kept;
        if (undo.contacts.size() < kUndoContactsShown) undo.contacts.push_back(std::move(told));
    }

    ContactService& contacts_;
    const CustomerId& customer_;
    Origin origin_;
    std::map<ContactId, std::string> refusals_;
    std::size_t announced_ = 0;
};

}  // namespace

Result<api::Undo> undo_changes(ContactService& contacts,
                               const CustomerId& customer,
                               std::string_view id,
                               const std::string& actor,
                               bool is_preview) {
    std::vector<store::JournalLine> journal;
    std::optional<store::MergeRow> merge;
    {
        const store::Snapshot snapshot = CRM_TRY(contacts.begin_read());
        merge = CRM_TRY(store::find_merge(snapshot, customer, std::string(id)));
        journal = CRM_TRY(store::load_journal(snapshot, customer, key_of(id)));
    }
    if (merge) return undo_merge(contacts, customer, *merge, actor, is_preview);
    if (journal.empty()) {
        return Error{ErrorCode::NotFound,
                     "There is no change under this id that could be undone; nothing was done"};
    }
    Walk::Lines lines;
    for (store::JournalLine& line : journal) lines[line.contact].push_back(std::move(line));
    Origin origin;
    origin.actor = actor;
    origin.run_id = contacts.make_group("undo");
    origin.note = "Undone";
    Walk walk(contacts, customer, std::move(origin));
    CRM_TRY(is_preview ? walk.preview(lines) : walk.run(std::move(lines)));
    return std::move(walk.undo);
}

}  // namespace crm
