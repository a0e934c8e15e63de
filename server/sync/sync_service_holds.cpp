// Records that are seen and not taken over, as a person sees them, and what a person may decide:
// that a record belongs to a contact, that a suggestion is wrong, that a deleted person's record
// may come in again. What died stays dead.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/survey.h"
#include "server/sync/sync_service_state.h"
#include "shared/contact_parse.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr char kCursorMark = '/';  // between system and record

Error no_such_record() {
    return {ErrorCode::NotFound,
            "No such record is held back; it may have been taken over or deleted meanwhile"};
}

std::string who(const Contact& contact) {
    return display_name(contact.fields);
}

/// Why the record and the contact cannot be bound to each other; nothing: they can.
Status check_link(const SystemSpec& system, const ContactNotes& notes) {
    const Contact& contact = notes.contact;
    if (contact.deleted) {
        return Error{ErrorCode::Conflict,
                     who(contact) +
                         " is deleted, so nothing was linked; restore the contact "
                         "first"};
    }
    const auto found = notes.systems.find(system.key);
    if (found == notes.systems.end()) return {};
    if (found->second.link) {
        return Error{
            ErrorCode::Conflict,
            who(contact) + " has " + system.label + " record " + found->second.link->id.text +
                " already, so nothing was linked; merge the two records in " + system.label};
    }
    if (found->second.intent) {
        return Error{ErrorCode::Conflict,
                     who(contact) + " may just have been created in " + system.label +
                         ", so nothing was linked; try again when that call is settled"};
    }
    return {};
}

/// The contact that the record became when it was seen may be given up for the one it is said to
/// be: while it is arriving, and nothing else is linked to it. Its id; none: the record is
/// nobody's.
Result<std::optional<ContactId>> give_up_owner(store::Transaction& transaction,
                                               ContactService& contacts,
                                               const CustomerId& customer,
                                               const SystemSpec& system,
                                               const RemoteId& record) {
    const RemoteKey key{system.key, record};
    const auto owner = CRM_TRY(store::find_record_owner(transaction, customer, key));
    if (!owner) return std::optional<ContactId>();
    if (owner->is_dead) {
        return Error{ErrorCode::Conflict,
                     "This record was deleted or gone once, and what died is never linked again; "
                     "make a new record in " +
                         system.label};
    }
    const ContactNotes notes =
        CRM_TRY(store::load_contact_notes(transaction, customer, owner->contact));
    const bool is_only_here =
        std::all_of(notes.systems.begin(), notes.systems.end(), [&](const auto& entry) {
            return entry.first == system.key || entry.second.is_blank();
        });
    if (!notes.contact.arriving || !is_only_here) {
        return Error{ErrorCode::Conflict,
                     "This record belongs to the contact " + who(notes.contact) +
                         " already, so nothing was linked; if there is one contact too many, "
                         "delete it here"};
    }
    CRM_TRY(store::forget_contact(transaction, owner->contact));
    CRM_TRY(contacts.withdraw(transaction, owner->contact));
    return std::optional(owner->contact);
}

/// As if a listing had just bound the two; what they agree on is found out at the next one.
void bind(Standing& standing, const RemoteId& record, TimePoint now, const Rules& rules) {
    Link link;
    link.id = record;
    link.linked_at = now;
    link.synced_at = now;
    link.visible_until = now + rules.settle;
    standing.link = std::move(link);
    standing.refusal.reset();
    standing.has_vanished = false;
    standing.is_detached = false;
    standing.is_merged = false;
}

}  // namespace

Result<api::HeldRecord> SyncService::State::describe_hold(const store::Connection& connection,
                                                          const CustomerId& customer,
                                                          const RemoteKey& key,
                                                          const Hold& hold) const {
    api::HeldRecord shown;
    shown.system = key.first.text;
    shown.record_id = key.second.text;
    shown.title = hold.title;
    shown.reason = hold_word(hold.reason);
    shown.message = hold_message(hold);
    shown.action = hold_action(hold.reason, label_of(key.first));
    shown.since = hold.since;
    shown.values = hold.values;
    shown.contact_id = hold.contact.text;
    if (hold.contact.is_set()) shown.contact = CRM_TRY(name_of(connection, customer, hold.contact));
    if (!hold.suggested.is_set()) return shown;
    shown.suggestion =
        api::Suggestion{.contact_id = hold.suggested.text,
                        .contact = CRM_TRY(name_of(connection, customer, hold.suggested)),
                        .reason = hold.suggestion,
                        .is_refused = hold.is_suggestion_refused};
    return shown;
}

Result<api::HoldPage> SyncService::holds(const CustomerId& customer, const api::HoldQuery& query) {
    CRM_TRY(state_->check_system(query.system));
    store::HoldFilter filter{SystemKey(query.system), query.reason, {}};
    if (!query.cursor.empty()) {
        const std::size_t mark = query.cursor.find(kCursorMark);
        if (mark == std::string::npos) {
            return Error{ErrorCode::BadRequest,
                         "The parameter cursor is none that a list of held records gave; leave it "
                         "out to start from the first"};
        }
        filter.after = {SystemKey(query.cursor.substr(0, mark)),
                        RemoteId(query.cursor.substr(mark + 1))};
    }
    const int limit = query.limit > 0 ? query.limit : kPageSizeDefault;
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    auto rows = CRM_TRY(store::list_holds(snapshot, customer, filter, limit + 1));
    api::HoldPage page;
    page.total = CRM_TRY(store::count_holds(snapshot, customer, filter));
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        page.cursor = rows.back().first.first.text + kCursorMark + rows.back().first.second.text;
    }
    for (const auto& [key, hold] : rows) {
        page.holds.push_back(CRM_TRY(state_->describe_hold(snapshot, customer, key, hold)));
    }
    return page;
}

Result<Contact> SyncService::link_hold(const CustomerId& customer,
                                       const RemoteKey& key,
                                       const ContactId& contact,
                                       const std::string& user) {
    const SystemSpec* system = state_->find_spec(key.first);
    if (system == nullptr) return no_such_record();
    state_->touch(customer);
    std::optional<ContactId> given_up;
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        const std::optional<Hold> hold = CRM_TRY(store::find_hold(transaction, customer, key));
        if (!hold) return no_such_record();
        given_up = CRM_TRY(
            give_up_owner(transaction, state_->doors.contacts, customer, *system, key.second));
        ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer, contact));
        CRM_TRY(check_link(*system, notes));
        Standing& standing = notes.systems[key.first];
        bind(standing,
             key.second,
             state_->doors.clock.now(),
             {state_->settings.settle, state_->settings.late});
        CRM_TRY(store::save_standing(transaction, notes.contact, key.first, standing));
        CRM_TRY(store::remove_hold(transaction, customer, key));
        const auto email = hold->values.find("email");
        const auto alias = email == hold->values.end() ? std::nullopt : email_key(email->second);
        if (alias) CRM_TRY(store::add_alias(transaction, notes.contact, *alias));
        if (notes.contact.arriving) {
            CRM_TRY(state_->doors.contacts.confirm(transaction, contact));
        }
        Origin origin;
        origin.actor = user;
        origin.system = key.first;
        origin.note = "Linked to " + system->label + " record " + key.second.text + " by hand";
        CRM_TRY(state_->doors.contacts.note(transaction, customer, contact, "linked", origin, {}));
        CRM_TRY(transaction.commit());
    }
    if (given_up) state_->doors.contacts.publish(customer, {*given_up});
    state_->doors.contacts.publish(customer, {contact});
    wake(customer);
    return state_->doors.contacts.find(customer, contact);
}

Result<api::HeldRecord> SyncService::refuse_suggestion(const CustomerId& customer,
                                                       const RemoteKey& key) {
    state_->touch(customer);
    store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
    std::optional<Hold> hold = CRM_TRY(store::find_hold(transaction, customer, key));
    if (!hold) return no_such_record();
    if (!hold->suggested.is_set()) {
        return Error{ErrorCode::Conflict,
                     "Nothing is suggested for this record, so there is "
                     "nothing to refuse"};
    }
    const bool is_new = !std::exchange(hold->is_suggestion_refused, true);
    if (is_new) CRM_TRY(store::save_hold(transaction, customer, key, *hold));
    api::HeldRecord shown = CRM_TRY(state_->describe_hold(transaction, customer, key, *hold));
    if (is_new) CRM_TRY(transaction.commit());
    state_->touch(customer);
    return shown;
}

Result<api::HeldRecord> SyncService::import_hold(const CustomerId& customer, const RemoteKey& key) {
    state_->touch(customer);
    api::HeldRecord shown;
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        const std::optional<Hold> hold = CRM_TRY(store::find_hold(transaction, customer, key));
        if (!hold) return no_such_record();
        const auto email = hold->values.find("email");
        const auto alias = email == hold->values.end() ? std::nullopt : email_key(email->second);
        if (hold->reason != HoldReason::Suppressed || !alias) {
            return Error{ErrorCode::Conflict,
                         "Only a record whose e-mail was deleted here can be imported again; " +
                             hold_action(hold->reason, state_->label_of(key.first))};
        }
        CRM_TRY(store::lift_suppression_of(transaction, customer, *alias));
        shown = CRM_TRY(state_->describe_hold(transaction, customer, key, *hold));
        CRM_TRY(transaction.commit());
    }
    wake(customer);
    return shown;
}

}  // namespace crm::sync
