// What holds after every run.
#include "tests/server/sync/sim/oracles.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/field_merge.h"
#include "shared/text.h"

namespace crm::test::sim {
namespace {

using sync::ContactNotes;
using sync::CustomerNotes;
using sync::RemoteKey;
using sync::Standing;

std::string key_of(const std::string& email) {
    return email_key(email).value_or("");
}

std::string text_of(const sync::RemoteValues& values, const std::string& field) {
    const auto found = values.find(field);
    return found == values.end() ? "" : found->second;
}

bool has_held(const FakeCrm& crm,
              const std::string& id,
              const std::string& field,
              const std::string& value) {
    const FieldSpec& spec = *find_field(field);
    for (const auto& [other, record] : crm.records()) {
        if (other != id && !record.ever_merged_into.contains(id)) continue;
        for (const auto& [at, state] : record.states) {
            if (sync::is_same_value(spec.kind, text_of(state.values, field), value)) return true;
        }
        if (other != id && has_held(crm, other, field, value)) return true;
    }
    return false;
}

}  // namespace

bool Oracles::is_undecidable(const FakeCrm& crm, const std::string& id) const {
    const FakeCrm::Record& record = crm.records().at(id);
    if (record.maker.empty()) return false;
    const auto linked = ever_linked_.find({SystemKey(crm.name()), RemoteId(id)});
    // The engine knew: from the answer, or from a listing.
    if (linked != ever_linked_.end() && linked->second.contains(ContactId(record.maker)))
        return false;
    if (record.was_copied_unseen || record.skips >= kUnknownCreateListings) return true;
    return !crm.traits().has_marker && is_edited_unseen(record);
}

bool Oracles::is_edited_unseen(const FakeCrm::Record& record) const {
    const sync::RemoteValues& made = record.states.begin()->second.values;
    for (const auto& [at, state] : record.states) {
        if (record.first_shown && at > *record.first_shown) break;
        const std::string key = key_of(text_of(state.values, "email"));
        if (key_of(text_of(made, "email")) == key) continue;
        if (keys_here_.contains(key)) return true;
        int agreeing = 0;
        for (const FieldSpec& spec : kContactFields) {
            const std::string field(spec.wire);
            if (spec.kind == FieldKind::Email || text_of(made, field).empty()) continue;
            if (sync::is_same_value(spec.kind, text_of(made, field), text_of(state.values, field)))
                ++agreeing;
        }
        if (agreeing < 2) return true;
    }
    return false;
}

FakeCrm& Oracles::crm_of(const SystemKey& system) {
    const auto found = std::find_if(bench_.crms.begin(), bench_.crms.end(), [&](const auto& crm) {
        return crm->name() == system.text;
    });
    return **found;
}

void Oracles::check_standing(const CustomerNotes& notes,
                             const ContactNotes& contact,
                             const SystemKey& system,
                             const Standing& standing) {
    if (standing.intent && !standing.intent->is_unknown) report_("S5", "a call has no end");
    if (!standing.link) return;
    const RemoteKey record{system, standing.link->id};
    const std::string name = system.text + " " + record.second.text;
    const bool is_dead = notes.dead.contains(record);
    if (contact.contact.deleted && !is_dead)
        report_("S2", "a tombstone's record is not dead: " + name);
    if (!contact.contact.deleted && !standing.link->is_dying && is_dead)
        report_("S3", "a live contact has a dead record: " + name);
    ever_linked_[record].insert(contact.contact.id);
    check_shadows(crm_of(system), contact);
}

/// What is agreed on is something that a record of the contact there, or one that was merged into
/// it, once held.
void Oracles::check_shadows(const FakeCrm& crm, const ContactNotes& contact) {
    const sync::Link& link = *contact.systems.at(SystemKey(crm.name())).link;
    for (const auto& entry : link.fields) {
        const std::string& raw = entry.second.raw;
        const auto was_held_by = [&](const auto& linked) {
            return linked.first.first.text == crm.name() &&
                   linked.second.contains(contact.contact.id) &&
                   has_held(crm, linked.first.second.text, entry.first, raw);
        };
        if (raw.empty() || std::any_of(ever_linked_.begin(), ever_linked_.end(), was_held_by))
            continue;
        report_("S11", crm.name() + " " + link.id.text + " never held " + raw);
    }
}

/// The first sight of a contact that nobody created here.
void Oracles::check_arrival(const CustomerNotes& notes, const ContactNotes& contact) {
    const ContactId& id = contact.contact.id;
    const std::string key = key_of(contact.contact.fields.email);
    const bool is_wanted =
        std::any_of(notes.contacts.begin(), notes.contacts.end(), [&](const auto& other) {
            return other.first != id && !other.second.contact.deleted &&
                   other.second.aliases.contains(key);
        });
    if (!key.empty() && suppressed_.contains(key) && contact.contact.arriving && !is_wanted)
        report_("S4", "imported an e-mail that was deleted here: " + key);
    for (const auto& [system, standing] : contact.systems) {
        if (!standing.link) continue;
        const RemoteKey record{system, standing.link->id};
        origins_[id].push_back(record);
        const FakeCrm& crm = crm_of(system);
        const auto found = crm.records().find(record.second.text);
        if (found == crm.records().end() || found->second.is_persons) continue;
        const std::string& maker = found->second.maker;
        if (maker.empty() || maker == id.text || is_undecidable(crm, found->first)) continue;
        if (people_.has_merged(id)) continue;  // it may be a record of whoever it was merged with
        const bool is_grave = people_.deleted().contains(ContactId(maker));
        report_(
            is_grave ? "ghost_app" : "duplicate",
            "imported " + system.text + " " + record.second.text + ", which we made for " + maker);
    }
}

/// Somebody made a record over there that is linked to the contact now, and lives.
bool Oracles::has_persons_record(const ContactNotes& contact) {
    return std::any_of(contact.systems.begin(), contact.systems.end(), [&](const auto& entry) {
        const FakeCrm& crm = crm_of(entry.first);
        const auto& link = entry.second.link;
        return link && crm.is_live(link->id.text) && !crm.is_made_by_engine(link->id.text);
    });
}

/// A record that was dead when it was first shown must not become a contact.
void Oracles::check_imports(const CustomerNotes& notes) {
    constexpr std::chrono::milliseconds kListing{40};
    for (const auto& [id, records] : origins_) {
        const auto found = notes.contacts.find(id);
        if (found == notes.contacts.end()) continue;
        const Contact& contact = found->second.contact;
        if (contact.deleted || contact.arriving || people_.touched().contains(id)) continue;
        const bool is_only_dead =
            std::all_of(records.begin(), records.end(), [&](const RemoteKey& key) {
                const auto& record = crm_of(key.first).records().at(key.second.text);
                if (record.is_persons && record.merged_into.empty() &&
                    record.states.rbegin()->second.is_alive)
                    return false;
                const auto& last = *record.states.rbegin();
                return !last.second.is_alive && record.merged_into.empty() && record.first_shown &&
                       last.first <= *record.first_shown - kListing;
            });
        if (is_only_dead && !records.empty() && !has_persons_record(found->second))
            report_("ghost_app", "imported a record that was deleted before: " + id.text);
    }
}

void Oracles::check_contacts(const CustomerNotes& notes) {
    std::set<std::string> keys;
    std::set<RemoteKey> linked;
    for (const auto& [id, contact] : notes.contacts) {
        const std::string key = key_of(contact.contact.fields.email);
        if (!contact.contact.deleted && !key.empty() && !keys.insert(key).second)
            report_("S1", "two live contacts share " + key);
        if (people_.deleted().contains(id) && !contact.contact.deleted)
            report_("ghost_app", "a deleted contact came back: " + id.text);
        if (!people_.made().contains(id) && !known_.contains(id)) check_arrival(notes, contact);
        for (const auto& [system, standing] : contact.systems) {
            if (standing.link && !linked.insert({system, standing.link->id}).second)
                report_("S1", "a record has two contacts: " + standing.link->id.text);
            check_standing(notes, contact, system, standing);
        }
        known_.insert(id);
        keys_here_.insert(contact.aliases.begin(), contact.aliases.end());
    }
}

/// Never two living records that we made for one contact. One that changed hands here is its new
/// contact's.
void Oracles::check_records(const CustomerNotes& notes) {
    std::map<RemoteKey, ContactId> owners;
    for (const auto& [id, contact] : notes.contacts) {
        for (const auto& [system, standing] : contact.systems) {
            if (standing.link) owners[{system, standing.link->id}] = id;
        }
    }
    for (const auto& crm : bench_.crms) {
        std::map<std::string, std::string> made;
        for (const auto& [id, record] : crm->records()) {
            if (record.maker.empty() || record.is_persons || !crm->is_live(id)) continue;
            if (is_undecidable(*crm, id)) continue;
            const auto owner = owners.find({SystemKey(crm->name()), RemoteId(id)});
            const auto [first, is_new] =
                made.try_emplace(owner == owners.end() ? record.maker : owner->second.text, id);
            if (!is_new)
                report_("duplicate",
                        crm->name() + " " + first->second + " and " + id + ", both made for " +
                            record.maker);
        }
    }
}

void Oracles::check_always(const CustomerNotes& notes) {
    for (const std::string& key : people_.take_reused()) suppressed_.erase(key);
    check_contacts(notes);
    check_imports(notes);
    check_records(notes);
    const std::size_t conflicts = bench_.conflicts().size();
    if (conflicts < conflicts_) report_("S12", "a conflict was forgotten");
    conflicts_ = conflicts;
    suppressed_.clear();
    for (const auto& [key, id] : notes.suppressed) suppressed_.insert(key);
}

}  // namespace crm::test::sim
