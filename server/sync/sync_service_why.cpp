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

std::string dispute_sentence(const SystemSpec& system) {
    return "Changed here and in " + system.label +
           " at the same time; the value here stands until somebody decides";
}

}  // namespace crm::sync
