// Why a contact stands in each system as it does, for the API: explain() says it, here it is put
// into the words of the contract.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/explain.h"
#include "server/sync/sync_service_state.h"

namespace crm::sync {
namespace {

std::string kind_word(IntentKind kind) {
    switch (kind) {
        case IntentKind::Create:
            return "create";
        case IntentKind::Update:
            return "update";
        case IntentKind::Delete:
            return "delete";
    }
    return {};
}

std::string direction_word(Direction direction) {
    switch (direction) {
        case Direction::Both:
            return "both";
        case Direction::In:
            return "in";
        case Direction::Out:
            return "out";
    }
    return {};
}

api::FieldSync describe_field(const std::string& wire, const FieldExplanation& field) {
    api::FieldSync shown;
    shown.field = wire;
    shown.ours = field.ours;
    shown.received = field.received;
    shown.agreed = field.agreed;
    shown.sent = field.sent;
    shown.decided_at = field.decided_at;
    if (field.parked) shown.parked = field.parked->message;
    shown.is_frozen = field.is_frozen;
    shown.direction = direction_word(field.direction);
    return shown;
}

api::SystemSync describe(const SystemSpec& spec, const Explanation& why) {
    api::SystemSync shown;
    shown.system = spec.key.text;
    shown.label = spec.label;
    shown.state = link_state_text(why.state);
    shown.reason = why.sentence;
    shown.next_try_at = why.next_try_at;
    if (why.link) {
        shown.record_id = why.link->id.text;
        shown.url = why.link->url;
        shown.linked_at = why.link->linked_at;
        shown.synced_at = why.link->synced_at;
    }
    for (const std::string& wire : spec.fields) {
        const auto field = why.fields.find(wire);
        if (field != why.fields.end()) shown.fields.push_back(describe_field(wire, field->second));
    }
    if (why.intent) {
        shown.open_call = api::OpenCall{kind_word(why.intent->kind), why.intent->sent_at, {}};
        if (why.intent->is_unknown) shown.open_call->deadline = why.intent->deadline;
    }
    return shown;
}

/// Whether a person may ask for another record there: nothing else is in its place.
Status check_can_be_anew(const SystemSpec& system,
                         const ContactNotes& notes,
                         const Standing& standing) {
    const std::string name = display_name(notes.contact.fields);
    if (notes.contact.deleted) {
        return Error{ErrorCode::Conflict, name + " is deleted; restore the contact first"};
    }
    if (standing.is_merged) {
        return Error{ErrorCode::Conflict,
                     "The record of " + name + " became one with that of another contact in " +
                         system.label +
                         ", so none was created; merge the two contacts here as well, or delete "
                         "one of them"};
    }
    if (standing.link || !standing.is_detached) {
        return Error{
            ErrorCode::Conflict,
            name + " is not left out of " + system.label +
                ", so there is nothing to create anew; its sync state tells how it stands"};
    }
    return {};
}

}  // namespace

Result<std::vector<api::SystemSync>> SyncService::why(const CustomerId& customer,
                                                      const ContactId& contact) {
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    const CustomerNotes notes = CRM_TRY(store::load_notes_around(snapshot, customer, contact));
    const std::set<SystemKey> disputed = CRM_TRY(store::load_disputed(snapshot, customer, contact));
    const ContactNotes& self = notes.contacts.at(contact);
    const std::map<SystemKey, Gate> gates = state_->gates_for_show(customer, notes.systems);
    std::vector<api::SystemSync> shown;
    for (const SystemSpec& spec : state_->settings.systems) {
        const auto row = notes.systems.find(spec.key);
        const SystemRow known = row == notes.systems.end() ? SystemRow{} : row->second;
        const Rules rules{std::max(state_->settings.settle, known.settle),
                          std::max(state_->settings.late, known.late)};
        const Explanation why = explain(notes, self, spec, {state_->doors.clock.now(), rules});
        shown.push_back(describe(spec, why));
        const Gate& gate = gates.at(spec.key);
        if (gate.code == "budget" && why.state == LinkState::Pending && !known.is_paused) {
            shown.back().reason += " " + gate.reason + ".";
            shown.back().next_try_at = gate.opens_at;
        }
        if (self.contact.deleted || !disputed.contains(spec.key)) continue;
        shown.back().state = link_state_text(LinkState::Conflict);
        shown.back().reason = dispute_sentence(spec) + ". " + shown.back().reason;
    }
    return shown;
}

Result<std::vector<api::SystemSync>> SyncService::create_anew(const CustomerId& customer,
                                                              const ContactId& contact,
                                                              const SystemKey& system,
                                                              const std::string& user) {
    const SystemSpec* spec = state_->find_spec(system);
    if (spec == nullptr) {
        return Error{ErrorCode::NotFound, "No CRM with this name is connected; nothing was done"};
    }
    state_->touch(customer);
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer, contact));
        Standing& standing = notes.systems[system];
        CRM_TRY(check_can_be_anew(*spec, notes, standing));
        standing.is_detached = false;
        standing.has_vanished = false;  // a person's wish, and none of a run's re-creations
        standing.refusal.reset();
        CRM_TRY(store::save_standing(transaction, notes.contact, system, standing));
        const Origin origin{.actor = user,
                            .system = system,
                            .run_id = {},
                            .note = "To be created in " + spec->label + " anew"};
        CRM_TRY(
            state_->doors.contacts.note(transaction, customer, contact, "unlinked", origin, {}));
        CRM_TRY(transaction.commit());
    }
    state_->doors.contacts.publish(customer, {contact});
    wake(customer);
    return why(customer, contact);
}

std::string dispute_sentence(const SystemSpec& system) {
    return "Changed here and in " + system.label +
           " at the same time; the value here stands until somebody decides";
}

}  // namespace crm::sync
