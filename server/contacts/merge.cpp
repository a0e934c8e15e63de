#include "server/contacts/merge.h"

#include <utility>
#include <vector>

#include "server/contacts/merge_fields.h"
#include "server/contacts/undo_plan.h"
#include "server/limits.h"

namespace crm {
namespace {

using Fate = UndoPlan::Fate;

Error conflict(std::string message) {
    return Error{ErrorCode::Conflict, std::move(message)};
}

Result<Contact> load_alive(ContactService& contacts,
                           const store::Connection& connection,
                           const CustomerId& customer,
                           const ContactId& id) {
    Contact contact = CRM_TRY(contacts.load(connection, customer, id));
    if (!contact.deleted) return contact;
    return conflict(display_name(contact.fields) +
                    " is deleted, so nothing was merged; restore the contact first");
}

Status write_merge(ContactService& contacts,
                   store::Transaction& transaction,
                   const Contact& winner,
                   const Contact& loser,
                   api::Merge& merge,
                   Origin origin) {
    store::MergeRow row{merge.id, winner.id, loser.id, contacts.now(), std::nullopt, {}};
    origin.note = "Merged into " + display_name(winner.fields);
    // The records first: what goes to the trash with the loser is dead.
    row.moved = CRM_TRY(contacts.observer().hand_over(transaction, winner, loser));
    (void)CRM_TRY(contacts.remove(transaction, winner.customer_id, loser.id, origin));
    origin.note = "Merged with " + display_name(loser.fields);
    merge.contact = CRM_TRY(contacts.edit(transaction, winner, merge.contact.fields, origin));
    merge.undo_until = row.at + kMergeUndoMax;
    return store::add_merge(transaction, winner.customer_id, row);
}

/// Undoing one merge.
class Unmerge {
   public:
    Unmerge(ContactService& contacts, const CustomerId& customer, const store::MergeRow& merge)
        : contacts_(contacts), customer_(customer), merge_(merge) {}

    Status plan(const store::Connection& connection) {
        winner_ = CRM_TRY(contacts_.load(connection, customer_, merge_.winner));
        loser_ = CRM_TRY(contacts_.load(connection, customer_, merge_.loser));
        std::vector<store::JournalLine> of_winner;
        std::vector<store::JournalLine> of_loser;
        for (store::JournalLine& line : CRM_TRY(store::load_journal(
                 connection, customer_, {.line = std::nullopt, .group = merge_.id}))) {
            (line.contact == merge_.winner ? of_winner : of_loser).push_back(std::move(line));
        }
        winner_plan_ = CRM_TRY(plan_undo(winner_, of_winner));
        loser_plan_ = CRM_TRY(plan_undo(loser_, of_loser));
        if (of_winner.empty()) winner_plan_.fields = winner_.fields;
        undo.is_preview = true;
        tell(winner_, winner_plan_);
        tell(loser_, loser_plan_);
        undo.contacts.back().records =
            CRM_TRY(contacts_.observer().tell_hand_back(connection, winner_, loser_, merge_.moved));
        return {};
    }

    Status write(store::Transaction& transaction, const Origin& origin) {
        // The records first, as the loser has them before it is alive; then the winner, who gives
        // back an e-mail that the loser needs.
        CRM_TRY(contacts_.observer().hand_back(transaction, winner_, loser_, merge_.moved));
        if (!(winner_plan_.fields == winner_.fields)) {
            (void)CRM_TRY(contacts_.edit(transaction, winner_, winner_plan_.fields, origin));
        }
        if (loser_plan_.fate == Fate::Restore) {
            loser_ = CRM_TRY(contacts_.restore(transaction, loser_, origin));
        }
        CRM_TRY(store::end_merge(transaction, merge_.id, contacts_.now()));
        CRM_TRY(transaction.commit());
        undo.is_preview = false;
        undo.id = origin.run_id;
        contacts_.publish(customer_, {merge_.winner, merge_.loser});
        contacts_.wake(customer_);
        return {};
    }

    api::Undo undo;

   private:
    void tell(const Contact& before, const UndoPlan& plan) {
        api::UndoneContact told;
        told.contact_id = before.id.text;
        told.title = display_name(before.fields);
        told.kind = plan.fields == before.fields ? "none" : "update";
        if (plan.fate == Fate::Restore) told.kind = "restore";
        told.undone = diff_fields(before.fields, plan.fields);
        told.kept = plan.kept;
        if (told.kind != "none") ++undo.undone;
        if (!told.kept.empty()) ++undo.kept;
        undo.contacts.push_back(std::move(told));
    }

    ContactService& contacts_;
    const CustomerId& customer_;
    const store::MergeRow& merge_;
    Contact winner_;
    Contact loser_;
    UndoPlan winner_plan_;
    UndoPlan loser_plan_;
};

}  // namespace

Result<api::Merge> merge_contacts(ContactService& contacts,
                                  const CustomerId& customer,
                                  const api::MergeRequest& request,
                                  const std::string& actor,
                                  bool is_preview) {
    store::Transaction transaction = CRM_TRY(contacts.begin_write());
    const Contact winner = CRM_TRY(load_alive(contacts, transaction, customer, request.winner));
    const Contact loser = CRM_TRY(load_alive(contacts, transaction, customer, request.loser));
    api::Merge merge;
    merge.is_preview = is_preview;
    merge.loser = loser.id;
    merge.contact = winner;
    merge.contact.fields = CRM_TRY(merge_contact_fields(winner.fields, loser.fields, request));
    merge.changes = diff_fields(winner.fields, merge.contact.fields);
    merge.systems = CRM_TRY(contacts.observer().tell_merge(transaction, merge.contact, loser));
    if (is_preview) return merge;  // the transaction is rolled back
    Origin origin;
    origin.actor = actor;
    merge.id = contacts.make_group("merge");
    origin.run_id = merge.id;
    CRM_TRY(write_merge(contacts, transaction, winner, loser, merge, std::move(origin)));
    CRM_TRY(transaction.commit());
    contacts.publish(customer, {winner.id, loser.id});
    contacts.wake(customer);
    merge.contact = CRM_TRY(contacts.find(customer, winner.id));
    return merge;
}

Result<api::Undo> undo_merge(ContactService& contacts,
                             const CustomerId& customer,
                             const store::MergeRow& merge,
                             const std::string& actor,
                             bool is_preview) {
    if (merge.undone_at) return conflict("This merge was undone already, so nothing was done");
    if (contacts.now() - merge.at > kMergeUndoMax) {
        return conflict("This merge is older than " + std::to_string(kMergeUndoMax.count() / 24) +
                        " days and cannot be undone any more; nothing was done");
    }
    Unmerge unmerge(contacts, customer, merge);
    store::Transaction transaction = CRM_TRY(contacts.begin_write());
    CRM_TRY(unmerge.plan(transaction));
    if (is_preview) return std::move(unmerge.undo);
    Origin origin;
    origin.actor = actor;
    origin.run_id = contacts.make_group("undo");
    origin.note = "Merge undone";
    CRM_TRY(unmerge.write(transaction, origin));
    return std::move(unmerge.undo);
}

}  // namespace crm
