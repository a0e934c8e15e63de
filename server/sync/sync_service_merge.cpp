// What becomes of records when two contacts are made one here, and when that is taken back. A
// system can neither merge records for us nor take a delete back: a record either changes hands
// here, or it is deleted there and perhaps made anew.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/plan_fields.h"
#include "server/sync/sync_service_state.h"

namespace crm::sync {
namespace {

const Standing kBlank;

const Standing& standing_in(const ContactNotes& notes, const SystemKey& system) {
    const auto found = notes.systems.find(system);
    return found == notes.systems.end() ? kBlank : found->second;
}

/// A record that is there, with nothing about it under way.
bool is_settled(const Standing& standing) {
    return standing.link && !standing.intent && !standing.link->is_dying &&
           !standing.link->delete_acked && !standing.link->confirmed_gone;
}

bool has_no_record(const Standing& standing) {
    return !standing.link && !standing.intent;
}

bool can_change_hands(const Standing& from, const Standing& to) {
    return is_settled(from) && has_no_record(to);
}

/// The agreement about the record goes with it; a refusal was about the values of its owner.
Standing carried(const Standing& from) {
    Standing carried;
    carried.link = from.link;
    carried.oscillations = from.oscillations;
    return carried;
}

Result<ContactNotes> notes_of(const store::Connection& connection, const Contact& contact) {
    ContactNotes notes;
    notes.contact = contact;
    CRM_TRY(store::complete_notes(connection, notes));
    return notes;
}

std::string record_text(const SystemSpec& system, const RemoteId& record) {
    return system.label + " record " + record.text;
}

/// As it will be: what the merged contact gets in one system.
api::MergedSystem describe_merge(const SystemSpec& system,
                                 const ContactNotes& winner,
                                 const ContactNotes& loser) {
    const Standing& kept = standing_in(winner, system.key);
    const Standing& lost = standing_in(loser, system.key);
    api::MergedSystem told;
    told.system = system.key.text;
    told.action = "none";
    Standing after = kept;
    if (can_change_hands(lost, kept)) {
        after = carried(lost);
        told.action = "hand_over";
    } else if (lost.link) {
        told.deleted = lost.link->id;
    }
    Difference sent;
    if (after.link) {
        told.record = after.link->id;
        sent = find_difference(winner.contact, after, system);
        if (told.action == "none" && !sent.raw.empty()) told.action = "update";
    } else if (!after.is_detached && !after.intent) {
        told.action = "create";
        sent = find_first_texts(winner.contact, after, system);
    }
    told.values = {sent.raw.begin(), sent.raw.end()};
    if (told.action == "hand_over") {
        told.sentence = record_text(system, told.record) + " becomes that of the merged contact.";
    } else if (told.action == "update") {
        told.sentence = record_text(system, told.record) + " is updated.";
    } else if (told.action == "create") {
        told.sentence = "A record is created in " + system.label + ".";
    } else {
        told.sentence = "Nothing is written to the merged contact in " + system.label + ".";
    }
    if (told.deleted.is_set()) {
        told.sentence += " " + record_text(system, told.deleted) +
                         " is deleted there, with what only " + system.label + " knows about it.";
    }
    return told;
}

}  // namespace

Result<std::vector<api::MergedSystem>> SyncService::tell_merge(const store::Connection& connection,
                                                               const Contact& merged,
                                                               const Contact& loser) {
    const ContactNotes of_winner = CRM_TRY(notes_of(connection, merged));
    const ContactNotes of_loser = CRM_TRY(notes_of(connection, loser));
    std::vector<api::MergedSystem> told;
    for (const SystemSpec& system : state_->settings.systems) {
        told.push_back(describe_merge(system, of_winner, of_loser));
    }
    return told;
}

Result<std::vector<store::MovedLink>> SyncService::hand_over(store::Transaction& transaction,
                                                             const Contact& winner,
                                                             const Contact& loser) {
    state_->touch(winner.customer_id);
    const ContactNotes of_winner = CRM_TRY(notes_of(transaction, winner));
    const ContactNotes of_loser = CRM_TRY(notes_of(transaction, loser));
    std::vector<store::MovedLink> moved;
    for (const auto& [system, lost] : of_loser.systems) {
        const Standing& kept = standing_in(of_winner, system);
        if (!can_change_hands(lost, kept)) continue;
        moved.push_back({system, lost.link->id, kept.is_detached});
        CRM_TRY(store::save_standing(transaction, loser, system, kBlank));
        CRM_TRY(store::save_standing(transaction, winner, system, carried(lost)));
        const Origin origin{.note = "Took over record " + lost.link->id.text + " of " +
                                    display_name(loser.fields)};
        CRM_TRY(state_->doors.contacts.note(
            transaction, winner.customer_id, winner.id, "linked", origin, {}));
    }
    return moved;
}

Status SyncService::hand_back(store::Transaction& transaction,
                              const Contact& winner,
                              const Contact& loser,
                              const std::vector<store::MovedLink>& moved) {
    if (winner.deleted) return {};  // its records went with it
    state_->touch(winner.customer_id);
    const ContactNotes of_winner = CRM_TRY(notes_of(transaction, winner));
    const ContactNotes of_loser = CRM_TRY(notes_of(transaction, loser));
    for (const store::MovedLink& link : moved) {
        const Standing& has = standing_in(of_winner, link.system);
        const Standing& gets = standing_in(of_loser, link.system);
        if (!can_change_hands(has, gets) || !(has.link->id == link.record)) continue;
        Standing left;
        left.is_detached = link.was_detached;
        CRM_TRY(store::save_standing(transaction, winner, link.system, left));
        CRM_TRY(store::save_standing(transaction, loser, link.system, carried(has)));
        const Origin origin{.note = "Got record " + link.record.text + " back from " +
                                    display_name(winner.fields)};
        CRM_TRY(state_->doors.contacts.note(
            transaction, loser.customer_id, loser.id, "linked", origin, {}));
    }
    return {};
}

Result<std::vector<std::string>> SyncService::tell_hand_back(
    const store::Connection& connection,
    const Contact& winner,
    const Contact& loser,
    const std::vector<store::MovedLink>& moved) {
    const ContactNotes of_winner = CRM_TRY(notes_of(connection, winner));
    const ContactNotes of_loser = CRM_TRY(notes_of(connection, loser));
    std::vector<std::string> told;
    for (const SystemSpec& system : state_->settings.systems) {
        const Standing& own = standing_in(of_loser, system.key);
        const Standing& has = standing_in(of_winner, system.key);
        const auto back = std::find_if(moved.begin(), moved.end(), [&](const auto& link) {
            return link.system == system.key && !winner.deleted && can_change_hands(has, own) &&
                   has.link->id == link.record;
        });
        const bool is_delete_sent = own.link && (own.link->delete_acked || own.intent);
        if (back != moved.end()) {
            told.push_back(record_text(system, back->record) + " is given back.");
        } else if (own.link && !is_delete_sent && !own.link->confirmed_gone) {
            told.push_back(record_text(system, own.link->id) +
                           " is still there and is linked again.");
        } else if (own.link) {
            told.push_back(record_text(system, own.link->id) +
                           " was deleted, which cannot be taken back there; a record is created "
                           "anew and linked.");
        } else {
            told.push_back("A record is created in " + system.label + ".");
        }
    }
    return told;
}

}  // namespace crm::sync
