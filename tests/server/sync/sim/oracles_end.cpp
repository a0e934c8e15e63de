// What holds in the end: everything agrees, nothing returned, nothing doubled, nothing was lost.
#include <algorithm>

#include "server/sync/field_merge.h"
#include "shared/text.h"
#include "tests/server/sync/sim/oracles.h"

namespace crm::test::sim {
namespace {

using sync::ContactNotes;
using sync::CustomerNotes;
using sync::RemoteKey;
using sync::Standing;

bool is_told(const CustomerNotes& notes, const ContactNotes& contact, const SystemKey& system);

/// The e-mail is still on the record of somebody about whom a person was told, or who waits in the
/// same way. `asked` ends rings.
bool is_waiting_for_told(const CustomerNotes& notes,
                         const ContactNotes& contact,
                         const SystemKey& system,
                         std::set<ContactId> asked = {}) {
    asked.insert(contact.contact.id);
    const std::string key = email_key(contact.contact.fields.email).value_or("");
    return std::any_of(notes.contacts.begin(), notes.contacts.end(), [&](const auto& other) {
        const auto standing = other.second.systems.find(system);
        if (asked.contains(other.first) || standing == other.second.systems.end() ||
            !standing->second.link)
            return false;
        const auto email = standing->second.link->fields.find("email");
        return email != standing->second.link->fields.end() &&
               email_key(email->second.raw).value_or("") == key &&
               (is_told(notes, other.second, system) ||
                is_waiting_for_told(notes, other.second, system, asked));
    });
}

/// A difference that a person was told about.
bool is_told(const CustomerNotes& notes, const ContactNotes& contact, const SystemKey& system) {
    const auto found = contact.systems.find(system);
    if (found != contact.systems.end()) {
        const Standing& standing = found->second;
        if (standing.refusal || standing.is_detached || !standing.parked.empty()) return true;
        const auto is_frozen = [](const auto& entry) { return entry.second.is_frozen; };
        if (std::any_of(standing.oscillations.begin(), standing.oscillations.end(), is_frozen))
            return true;
    }
    return std::any_of(notes.holds.begin(), notes.holds.end(), [&](const auto& entry) {
        return entry.first.first == system && entry.second.contact == contact.contact.id;
    });
}

}  // namespace

bool Oracles::is_waiting_for_hold(const CustomerNotes& notes,
                                  const Contact& contact,
                                  const FakeCrm& crm) const {
    const std::string key = email_key(contact.fields.email).value_or("");
    const auto is_key = [&](const std::string& email) {
        return email_key(email).value_or("") == key;
    };
    return std::any_of(notes.holds.begin(), notes.holds.end(), [&](const auto& entry) {
        const std::string& id = entry.first.second.text;
        if (entry.first.first.text != crm.name() || !crm.records().contains(id)) return false;
        const FakeCrm::State& state = crm.records().at(id).states.rbegin()->second;
        const auto email = state.values.find("email");
        return (email != state.values.end() && is_key(email->second)) ||
               std::any_of(state.other_emails.begin(), state.other_emails.end(), is_key);
    });
}

void Oracles::check_values(const CustomerNotes& notes,
                           const ContactNotes& contact,
                           std::size_t index) {
    const sync::SystemSpec& system = bench_.settings.systems[index];
    const sync::Link& link = *contact.systems.at(system.key).link;
    const sync::RemoteValues& there = bench_.crms[index]->values(link.id.text);
    for (const std::string& field : system.fields) {
        const FieldSpec& spec = *find_field(field);
        const auto found = there.find(field);
        const std::string value = found == there.end() ? "" : found->second;
        std::string ours = contact.contact.fields.*(spec.member);
        if (ours.empty() && field == "name" && system.is_name_required) continue;
        if (sync::is_same_value(spec.kind, value, ours)) continue;
        // In a ring of exchanged e-mails one waits for the other, about whom a person was told.
        if (field == "email" && is_waiting_for_told(notes, contact, system.key)) continue;
        const auto shadow = link.fields.find(field);
        report_("diverged",
                system.key.text + " " + link.id.text + " " + field + " is “" + value + "”, here “" +
                    ours + "”, agreed on “" +
                    (shadow == link.fields.end() ? "nothing" : shadow->second.raw) + "”");
    }
}

/// Of two records that were made for a contact, because the first one was lost, a person deleted
/// the first before it was seen: with an old reading of that one the engine takes it for the
/// second, and the second for a copy that a person made. It says so, and deletes no person's copy.
bool Oracles::is_told_as_copy(const CustomerNotes& notes,
                              const FakeCrm& crm,
                              const std::string& id) {
    const auto hold = notes.holds.find({SystemKey(crm.name()), RemoteId(id)});
    if (hold == notes.holds.end() || hold->second.reason != sync::HoldReason::Suppressed)
        return false;
    const std::string& maker = crm.records().at(id).maker;
    return !maker.empty() &&
           std::any_of(crm.records().begin(), crm.records().end(), [&](const auto& other) {
               return other.first != id && other.second.maker == maker && other.second.is_persons &&
                      !crm.is_live(other.first);
           });
}

void Oracles::check_ghosts(const CustomerNotes& notes, const FakeCrm& crm) {
    for (const auto& [id, record] : crm.records()) {
        if (!crm.is_live(id) || record.is_persons) continue;
        std::set<ContactId> owners;
        const auto linked = ever_linked_.find({SystemKey(crm.name()), RemoteId(id)});
        if (linked != ever_linked_.end()) owners = linked->second;
        if (!record.maker.empty() && !is_undecidable(crm, id))
            owners.insert(ContactId(record.maker));
        const bool is_grave =
            !owners.empty() &&
            std::all_of(owners.begin(), owners.end(), [&](const ContactId& owner) {
                const auto found = notes.contacts.find(owner);
                return people_.deleted().contains(owner) ||
                       (found != notes.contacts.end() && found->second.contact.deleted);
            });
        if (is_grave && !is_told_as_copy(notes, crm, id))
            report_("ghost_crm", crm.name() + " " + id + " of a deleted contact");
    }
}

void Oracles::check_agreement(const CustomerNotes& notes, std::size_t index) {
    const SystemKey& system = bench_.settings.systems[index].key;
    const FakeCrm& crm = *bench_.crms[index];
    std::set<std::string> explained;
    for (const auto& [id, contact] : notes.contacts) {
        const auto standing = contact.systems.find(system);
        const bool is_linked = standing != contact.systems.end() && standing->second.link;
        if (is_linked) explained.insert(standing->second.link->id.text);
        if (contact.contact.deleted || is_told(notes, contact, system)) continue;
        if (!email_key(contact.contact.fields.email)) continue;
        if (!is_linked) {
            if (is_waiting_for_told(notes, contact, system) ||
                is_waiting_for_hold(notes, contact.contact, crm))
                continue;
            report_("diverged", id.text + " has no record in " + system.text);
        } else if (!crm.is_live(standing->second.link->id.text)) {
            report_("diverged", id.text + " has a deleted record in " + system.text);
        } else {
            check_values(notes, contact, index);
        }
    }
    for (const auto& [key, hold] : notes.holds) {
        if (key.first == system) explained.insert(key.second.text);
    }
    for (const std::string& id : crm.live_ids()) {
        const bool is_persons_again =
            crm.records().at(id).is_persons && notes.dead.contains({system, RemoteId(id)});
        if (!explained.contains(id) && !is_persons_again)
            report_("diverged", system.text + " " + id + " is neither a contact's nor held");
    }
}

std::set<std::string> Oracles::find_kept(const CustomerNotes& notes) {
    std::set<std::string> kept;
    const auto keep = [&](const std::string& field, const std::string& value) {
        if (const FieldSpec* spec = find_field(field)) kept.insert(folded(*spec, value));
    };
    for (const auto& [id, contact] : notes.contacts) {
        for (const FieldSpec& spec : kContactFields)
            kept.insert(folded(spec, contact.contact.fields.*(spec.member)));
        if (!contact.contact.deleted) continue;
        auto history = bench_.contacts->history(bench_.customer, id);
        REQUIRE(history.is_ok());
        for (const api::HistoryEntry& entry : history.value()) {
            for (const FieldChange& change : entry.changes) {
                keep(change.field, change.from);
                keep(change.field, change.to);
            }
        }
    }
    for (const sync::ConflictRow& row : bench_.conflicts()) {
        keep(row.field, row.app_value);
        keep(row.field, row.remote_value);
    }
    for (const auto& crm : bench_.crms) {
        for (const std::string& id : crm->live_ids()) {
            for (const auto& [field, value] : crm->values(id)) keep(field, value);
        }
        for (const std::string& value : crm->blindly_replaced()) {
            for (const FieldSpec& spec : kContactFields) kept.insert(folded(spec, value));
        }
    }
    return kept;
}

void Oracles::check_edits(const CustomerNotes& notes) {
    for (const std::string& lost : people_.tokens().find_lost(find_kept(notes)))
        report_("lost_edit", lost);
}

/// The history of a contact, played from its beginning, gives the contact.
void Oracles::check_history(const CustomerNotes& notes) {
    for (const auto& [id, contact] : notes.contacts) {
        auto history = bench_.contacts->history(bench_.customer, id);
        REQUIRE(history.is_ok());
        std::map<std::string, std::string> last;
        for (auto entry = history.value().rbegin(); entry != history.value().rend(); ++entry) {
            if (entry->kind == "conflict") continue;
            for (const FieldChange& change : entry->changes) last[change.field] = change.to;
        }
        for (const auto& [field, value] : last) {
            const FieldSpec* spec = find_field(field);
            if (spec != nullptr && contact.contact.fields.*(spec->member) != value)
                report_("S18", id.text + ": the history ends with another " + field);
        }
    }
}

void Oracles::count_conflicts(Figures& figures) {
    for (const sync::ConflictRow& row : bench_.conflicts()) {
        ++figures.conflicts;
        const FieldSpec* spec = find_field(row.field);
        if (spec == nullptr) continue;
        const std::string ours = folded(*spec, row.app_value);
        const std::string theirs = folded(*spec, row.remote_value);
        const Tokens& tokens = people_.tokens();
        if (tokens.is_ancestor(ours, theirs) || tokens.is_ancestor(theirs, ours))
            ++figures.false_conflicts;
    }
}

void Oracles::check_end(const CustomerNotes& notes, Figures& figures) {
    check_always(notes);
    for (std::size_t i = 0; i < bench_.crms.size(); ++i) {
        check_agreement(notes, i);
        check_ghosts(notes, *bench_.crms[i]);
        for (const auto& [id, record] : bench_.crms[i]->records())
            figures.undecidable += is_undecidable(*bench_.crms[i], id) ? 1 : 0;
        for (const auto& [kind, count] : bench_.crms[i]->counts()) figures.calls[kind] += count;
        figures.overwrites += static_cast<std::int64_t>(bench_.crms[i]->blindly_replaced().size());
    }
    figures.contacts = static_cast<std::int64_t>(notes.contacts.size());
    check_edits(notes);
    check_history(notes);
    count_conflicts(figures);
}

}  // namespace crm::test::sim
