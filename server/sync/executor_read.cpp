// The part of an executor that reads one record by its id. A reading is no older than the moment at
// which it was asked for, so no window applies to it: what it shows is true. For later listings,
// which may still be older, the windows stay as they were, or open anew for what changed.
#include <algorithm>

#include "server/limits.h"
#include "server/store/contact_store.h"
#include "server/store/sync_store.h"
#include "server/sync/apply.h"
#include "server/sync/executor.h"
#include "server/sync/observe.h"
#include "server/sync/relink.h"
#include "server/sync/rule.h"
#include "server/sync/run_records.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using Shadows = std::map<std::string, FieldShadow>;

void lift_windows(Shadows& shadows) {
    for (auto& [field, shadow] : shadows) {
        shadow.settle_until = TimePoint{};
        shadow.doubt_until = TimePoint{};
        // Explained by nothing any more, but still known to have been there.
        for (SupersededValue& old : shadow.superseded) old = {.raw = old.raw};
    }
}

/// After a reading that ended at `read_at`: what listings may still show.
void restore_windows(Shadows& shadows,
                     const Shadows& before,
                     TimePoint read_at,
                     const Rules& rules) {
    const TimePoint until = read_at + rules.settle;
    for (auto& [field, shadow] : shadows) {
        const auto known = before.find(field);
        if (known == before.end()) {
            shadow.settle_until = until;
            continue;
        }
        const FieldShadow& old = known->second;
        shadow.superseded = old.superseded;
        if (shadow.raw == old.raw && shadow.app == old.app) {
            shadow.settle_until = old.settle_until;
            shadow.is_settling_own = old.is_settling_own;
            shadow.noted = old.noted;
        } else {
            shadow.superseded.push_back({old.raw, until});
            shadow.settle_until = until;
            shadow.is_settling_own = false;
        }
    }
}

}  // namespace

Result<StepReport> Executor::look(const ContactId& contact,
                                  const SystemSpec& system,
                                  Connector& connector) {
    RemoteId record;
    {
        const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
        const ContactNotes notes = CRM_TRY(store::load_contact_notes(snapshot, customer_, contact));
        const auto found = notes.systems.find(system.key);
        if (found == notes.systems.end() || !found->second.link) return StepReport{};
        record = found->second.link->id;
    }
    return read({contact, record, system, doors_.clock.now()}, connector);
}

Result<StepReport> Executor::read(const Look& look, Connector& connector) {
    const Reading reading = connector.get(look.record);
    StepReport report;
    report.calls = reading.calls;
    report.end = reading.end;
    report.problem = reading.problem;
    report.retry_after = reading.retry_after;
    switch (reading.end) {
        case CallEnd::Applied:
            if (reading.record.id == look.record) {
                CRM_TRY(take_reading(look, reading.record, report));
            } else {
                CRM_TRY(take_successor(look, reading.record, report));
            }
            break;
        case CallEnd::Missing:
            CRM_TRY(note_missing(look, report));
            break;
        case CallEnd::Refused:
        case CallEnd::Unknown:
        case CallEnd::Later:
        case CallEnd::Exists:
        case CallEnd::Disconnected:
            break;
    }
    return report;
}

Status Executor::take_reading(const Look& look, const RemoteRecord& record, StepReport& report) {
    if (!record.problem.empty()) return {};  // it is held by the listing, with its reason
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    CustomerNotes notes;
    ContactNotes read = CRM_TRY(store::load_contact_notes(transaction, customer_, look.contact));
    const auto found = read.systems.find(look.system.key);
    if (found == read.systems.end() || !found->second.link ||
        !(found->second.link->id == look.record) || found->second.intent)
        return {};
    const Standing before = found->second;
    notes.systems = CRM_TRY(store::load_systems(transaction, customer_));
    // Whoever has the e-mail that the record shows: it is not taken from them.
    const auto email = record.values.find("email");
    const auto key = email == record.values.end() ? std::nullopt : email_key(email->second);
    if (key) {
        const auto owner = CRM_TRY(store::find_live_by_email(transaction, customer_, *key));
        if (owner && !(owner->id == look.contact))
            notes.contacts[owner->id] =
                CRM_TRY(store::load_contact_notes(transaction, customer_, owner->id));
    }
    lift_windows(found->second.link->fields);
    notes.contacts[look.contact] = std::move(read);
    Listing listing;
    listing.records = {record};
    const TimePoint ended = doors_.clock.now();
    Observed observed = observe(notes,
                                {.system = look.system,
                                 .listing = listing,
                                 .window = {look.asked, ended},
                                 .rules = {std::chrono::milliseconds(0), rules_.late},
                                 .policies = doors_.policies,
                                 .cycle = notes.systems[look.system.key].cycle + 1});
    Standing& after = notes.contacts.at(look.contact).systems[look.system.key];
    if (after.link) restore_windows(after.link->fields, before.link->fields, ended, rules_);
    if (!(after == before)) observed.standings.insert(look.contact);
    if (after == before) observed.standings.erase(look.contact);
    if (observed.is_empty()) return {};
    report.here = records_of(observed, notes, look.system);
    const Applied applied = CRM_TRY(apply_observed(
        transaction, {doors_.contacts, ended, customer_, run_id_}, look.system, notes, observed));
    CRM_TRY(transaction.commit());
    report.written_here = applied.written;
    report.commits = 1;
    doors_.contacts.publish(customer_, applied.changed);
    return {};
}

Status Executor::take_successor(const Look& look, const RemoteRecord& record, StepReport& report) {
    // Merged over there: the record answers under another id. What is written waits for the next
    // plan, which knows the new record.
    report.end = CallEnd::Missing;
    report.problem = {"merged",
                      "Record " + look.record.text + " became one with record " + record.id.text +
                          " in " + look.system.label,
                      {}};
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer_, look.contact));
    Standing& standing = notes.systems[look.system.key];
    const auto owner =
        CRM_TRY(store::find_record_owner(transaction, customer_, {look.system.key, record.id}));
    const bool can_follow = is_on(Rule::Relink) && standing.link && !standing.intent &&
                            standing.link->id == look.record && !owner && !notes.contact.deleted &&
                            !standing.link->is_dying;
    if (!can_follow) return {};  // absence, or a person, decides
    const TimePoint now = doors_.clock.now();
    const Parting parting =
        relink(standing, {look.system, record, now, rules_, notes.contact.fields, true});
    CRM_TRY(store::save_standing(transaction, notes.contact, look.system.key, standing));
    CRM_TRY(store::add_dead(
        transaction, customer_, {look.system.key, parting.died}, look.contact, now));
    const Origin origin{
        .actor = {}, .system = look.system.key, .run_id = run_id_, .note = parting.history};
    CRM_TRY(doors_.contacts.note(transaction, customer_, look.contact, "linked", origin, {}));
    CRM_TRY(transaction.commit());
    report.commits = 1;
    doors_.contacts.publish(customer_, {look.contact});
    return {};
}

Status Executor::note_missing(const Look& look, StepReport& report) {
    report.problem = {
        "missing", look.system.label + " has no record " + look.record.text + " any more", {}};
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer_, look.contact));
    Standing& standing = notes.systems[look.system.key];
    // The answer and one complete listing without the record together prove that it is gone.
    const bool is_counted = !standing.link || notes.contact.deleted || standing.link->is_dying ||
                            standing.link->absent_count >= kAbsencesNeeded - 1;
    if (is_counted) return {};
    standing.link->absent_count = kAbsencesNeeded - 1;
    CRM_TRY(store::save_standing(transaction, notes.contact, look.system.key, standing));
    CRM_TRY(transaction.commit());
    report.commits = 1;
    return {};
}

}  // namespace crm::sync
