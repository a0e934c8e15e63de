#include "tests/server/sync/sim/ledger.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/text.h"

namespace crm::test::sim {
namespace {

using sync::CustomerNotes;
using sync::IntentKind;
using sync::Standing;

const Standing* find_standing(const CustomerNotes& notes,
                              const ContactId& contact,
                              const SystemKey& system) {
    const auto found = notes.contacts.find(contact);
    if (found == notes.contacts.end()) return nullptr;
    const auto standing = found->second.systems.find(system);
    return standing == found->second.systems.end() ? nullptr : &standing->second;
}

/// The contact that a record is linked to, or nullptr.
const sync::ContactNotes* find_linked(const CustomerNotes& notes,
                                      const SystemKey& system,
                                      const RemoteId& id) {
    for (const auto& [contact, entry] : notes.contacts) {
        const auto standing = entry.systems.find(system);
        if (standing != entry.systems.end() && standing->second.link &&
            standing->second.link->id == id)
            return &entry;
    }
    return nullptr;
}

bool holds_email(const sync::ContactNotes& other,
                 const Standing& standing,
                 const std::string& key) {
    if (standing.intent && standing.intent->kind == IntentKind::Create &&
        standing.intent->email_key == key)
        return true;
    return other.contact.deleted && standing.link && !standing.link->confirmed_gone &&
           other.aliases.contains(key);
}

/// The record of another live contact has the e-mail that this one is to get: one of them has to
/// let go first.
bool is_email_held_by_other(const CustomerNotes& notes,
                            const SystemKey& system,
                            const sync::ContactNotes& contact) {
    const auto key = email_key(contact.contact.fields.email);
    return key && std::any_of(notes.contacts.begin(), notes.contacts.end(), [&](const auto& entry) {
               const sync::ContactNotes& other = entry.second;
               const auto standing = other.systems.find(system);
               if (other.contact.deleted || other.contact.id == contact.contact.id ||
                   standing == other.systems.end() || !standing->second.link)
                   return false;
               const auto shadow = standing->second.link->fields.find("email");
               return shadow != standing->second.link->fields.end() &&
                      email_key(shadow->second.raw) == key;
           });
}

}  // namespace

void Ledger::begin_run() {
    run_started_ = now();
    for (auto& entry : systems_) {
        entry.second.is_listed_now = false;
        entry.second.deletes = 0;
        entry.second.writes = 0;
        entry.second.calls = 0;
    }
}

void Ledger::note_crash() {
    const CustomerNotes notes = bench_.notes();
    for (std::size_t i = 0; i < bench_.settings.systems.size(); ++i) {
        for (Listed& listing : system(i).listings)
            listing.is_doubtful = listing.is_doubtful || listing.started >= run_started_;
        for (const auto& [id, contact] : notes.contacts) {
            const Standing* standing = find_standing(notes, id, spec(i).key);
            const bool is_open = standing != nullptr && standing->intent &&
                                 standing->intent->kind == IntentKind::Create &&
                                 !standing->intent->is_unknown;
            if (is_open) system(i).unknown[id] = now();
        }
    }
}

// What a preview was shown it does not remember.
void Ledger::forget_listings(std::size_t index) {
    std::erase_if(system(index).listings,
                  [&](const Listed& listing) { return listing.started >= run_started_; });
}

void Ledger::end_run(const api::Run& run, const CustomerNotes& notes) {
    for (std::size_t i = 0; i < bench_.settings.systems.size(); ++i) {
        if (run.is_preview && system(i).writes > 0) report_("preview", "a preview wrote");
        if (run.is_preview) forget_listings(i);
        if (bench_.crms[i]->strayed_writes() > 0)
            report_("account", "an account was written that is not ours");
        const auto told = run.calls.find(spec(i).key.text);
        const std::int64_t calls = told == run.calls.end() ? 0 : told->second;
        if (calls != system(i).calls)
            report_("S17",
                    "a run tells of " + std::to_string(calls) + " calls to " + spec(i).key.text +
                        " and made " + std::to_string(system(i).calls));
        std::erase_if(system(i).unknown, [&](const auto& entry) {
            const Standing* standing = find_standing(notes, entry.first, spec(i).key);
            return standing != nullptr && standing->link;
        });
    }
}

void Ledger::listed(std::size_t index, TimePoint started, const sync::Listing& listing) {
    System& entry = system(index);
    entry.is_listed_now = listing.is_complete;
    Listed listed{started, listing.is_complete, {}};
    for (const sync::RemoteRecord& record : listing.records) listed.ids.insert(record.id);
    // The same pages as before, which the engine looked at then.
    if (listing.is_unchanged) listed.ids = entry.last_ids;
    if (listing.is_complete) entry.last_ids = listed.ids;
    entry.listings.push_back(std::move(listed));
}

void Ledger::read(std::size_t index, const RemoteId& id, const sync::Reading& reading) {
    if (reading.end == sync::CallEnd::Missing) system(index).missing[id] = now();
    if (reading.end != sync::CallEnd::Applied) return;
    system(index).missing.erase(id);
    if (!(reading.record.id == id)) moved_.insert({spec(index).key, id});
}

void Ledger::note_approval(const CustomerNotes& notes) {
    for (std::size_t i = 0; i < bench_.settings.systems.size(); ++i) {
        for (const auto& [id, contact] : notes.contacts) {
            const Standing* standing = find_standing(notes, id, spec(i).key);
            const bool is_going = standing != nullptr && standing->link &&
                                  (contact.contact.deleted || standing->link->is_dying);
            if (is_going) system(i).approved.insert(standing->link->id);
        }
    }
}

bool Ledger::is_proven_gone(const SystemKey& key,
                            const RemoteId& record,
                            TimePoint visible_until) const {
    const auto found = std::find_if(systems_.begin(), systems_.end(), [&](const auto& entry) {
        return spec(entry.first).key == key;
    });
    if (found == systems_.end()) return false;
    const System& system = found->second;
    const auto said = system.missing.find(record);
    bool is_said_missing = said != system.missing.end();
    int absences = 0;
    TimePoint next = visible_until;
    for (const Listed& listing : system.listings) {
        if (listing.ids.contains(record)) {
            // Of a listing that was cut short or forgotten the engine need not know.
            if (!listing.is_complete || listing.is_doubtful) continue;
            absences = 0;
            next = visible_until;
            is_said_missing = is_said_missing && listing.started < said->second;
        } else if (listing.is_complete && listing.started >= next) {
            ++absences;
            next = listing.started + bench_.settings.settle;
        }
    }
    return absences >= (is_said_missing ? 1 : kAbsencesNeeded);
}

void Ledger::check_email_barrier(std::size_t index,
                                 const CustomerNotes& notes,
                                 const ContactId& contact,
                                 const std::string& key) {
    for (const auto& [id, other] : notes.contacts) {
        const Standing* standing = find_standing(notes, id, spec(index).key);
        if (id == contact || standing == nullptr || !holds_email(other, *standing, key)) continue;
        // Deleted since the run planned: what it holds there was known then, and is no obstacle.
        if (other.contact.deleted && other.contact.updated_at >= run_started_) continue;
        report_("S7", "a create although " + id.text + " may still hold " + key + " there");
    }
}

void Ledger::before_create(std::size_t index,
                           const sync::RemoteValues& values,
                           const ContactId& contact) {
    const CustomerNotes notes = bench_.notes();
    const Standing* standing = find_standing(notes, contact, spec(index).key);
    const bool is_on_disk = standing != nullptr && standing->intent &&
                            standing->intent->kind == IntentKind::Create &&
                            !standing->intent->is_unknown && standing->intent->raw == values;
    if (!is_on_disk) {
        report_("S5", "a create that is not on disk: " + contact.text);
        return;
    }
    if (standing->link) report_("S6", "a create for a contact with a record: " + contact.text);
    if (!system(index).is_listed_now) report_("S6", "a create without a complete listing");
    const Contact& ours = notes.contacts.at(contact).contact;
    if (ours.arriving) report_("S15", "a create for a contact in probation");
    if (ours.deleted) report_("ghost_crm", "a create for a deleted contact: " + contact.text);
    check_email_barrier(index, notes, contact, standing->intent->email_key);
    const auto open = system(index).unknown.find(contact);
    if (open == system(index).unknown.end()) return;
    const TimePoint conclusive = open->second + bench_.settings.late + bench_.settings.settle;
    const auto count = std::count_if(
        system(index).listings.begin(), system(index).listings.end(), [&](const Listed& listing) {
            return listing.is_complete && listing.started >= conclusive;
        });
    if (count < 2 && !was_linked_since(index, contact, open->second))
        report_("S8", "a create repeated too early: " + contact.text);
    system(index).unknown.erase(open);
}

/// The record was seen, and then it went away: what is created now is another one.
bool Ledger::was_linked_since(std::size_t index, const ContactId& contact, TimePoint since) {
    auto history = bench_.contacts->history(bench_.customer, contact);
    REQUIRE(history.is_ok());
    return std::any_of(history.value().begin(), history.value().end(), [&](const auto& entry) {
        return entry.kind == "linked" && entry.system == spec(index).key.text && entry.at >= since;
    });
}

void Ledger::after_create(std::size_t index,
                          const ContactId& contact,
                          const sync::CallOutcome& outcome) {
    if (outcome.end == sync::CallEnd::Unknown) system(index).unknown[contact] = now();
}

void Ledger::before_update(std::size_t index,
                           const RemoteId& id,
                           const sync::RemoteValues& values) {
    const CustomerNotes notes = bench_.notes();
    const sync::ContactNotes* contact = find_linked(notes, spec(index).key, id);
    if (contact == nullptr) {
        report_("S5", "an update of a record that nobody has: " + id.text);
        return;
    }
    const Standing& standing = contact->systems.at(spec(index).key);
    const bool is_on_disk = standing.intent && standing.intent->kind == IntentKind::Update &&
                            standing.intent->raw == values;
    if (!is_on_disk) {
        report_("S5", "an update that is not on disk: " + id.text);
        return;
    }
    if (contact->contact.arriving) report_("S15", "an update for a contact in probation");
    if (contact->contact.deleted) report_("S5", "an update for a deleted contact");
    for (const auto& [field, app] : standing.intent->app) {
        const FieldSpec& field_spec = *find_field(field);
        // Contacts that exchange their e-mails: one of them gives its own away first.
        if (field == "email" && values.at(field).empty()) continue;
        const auto shadow = standing.link->fields.find(field);
        const bool is_needed = contact->contact.fields.*(field_spec.member) == app &&
                               (shadow == standing.link->fields.end() || shadow->second.app != app);
        const bool is_exchange = field == "email" && app.empty() && spec(index).is_email_unique &&
                                 is_email_held_by_other(notes, spec(index).key, *contact);
        if (!is_needed && !is_exchange)
            report_("S13", "an update of " + field + " that changes nothing");
    }
}

void Ledger::before_delete(std::size_t index, const RemoteId& id) {
    const CustomerNotes notes = bench_.notes();
    const sync::ContactNotes* contact = find_linked(notes, spec(index).key, id);
    const bool is_meant =
        contact != nullptr &&
        (contact->contact.deleted || contact->systems.at(spec(index).key).link->is_dying);
    if (!is_meant) report_("S2", "a delete of a record that nobody deleted: " + id.text);
    if (!notes.dead.contains({spec(index).key, id}))
        report_("S2", "a delete of a record that is not dead on disk: " + id.text);
    if (system(index).approved.contains(id)) return;
    if (++system(index).deletes > bench_.settings.delete_limit)
        report_("S16", "more deletes than the limit allows");
}

}  // namespace crm::test::sim
