// The part of a run that decides how much of a system it looks at, and whether the database that it
// starts from is the newest one.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/rule.h"
#include "server/sync/run_performer.h"

namespace crm::sync {

Status Performer::check_rollback() {
    if (doors_.mark == nullptr || doors_.mark->is_checked() || !is_on(Rule::RollbackBrake))
        return {};
    const std::optional<std::int64_t> outside = doors_.mark->read();
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    const std::int64_t inside = CRM_TRY(store::load_mark(transaction));
    if (outside && inside < *outside) {
        // In the database from here on: every customer is asked, whenever their next run comes, and
        // every other older copy is still recognised.
        for (const CustomerId& customer : CRM_TRY(store::load_customers(transaction))) {
            auto rows = CRM_TRY(store::load_systems(transaction, customer));
            for (const SystemSpec& system : settings_.systems) {
                SystemRow& row = rows[system.key];
                row.is_rolled_back = true;
                CRM_TRY(store::save_system(transaction, customer, system.key, row));
            }
        }
        const std::int64_t value = CRM_TRY(store::raise_mark(transaction, *outside + 1));
        CRM_TRY(transaction.commit());
        CRM_TRY(doors_.mark->raise(value));
    }
    doors_.mark->note_checked();
    return {};
}

/// A run of one contact reads its record alone where that is possible. Creating one always needs a
/// whole listing.
Status Performer::choose_short_systems() {
    if (run_.contact_id.empty()) return {};
    const CustomerNotes& notes = *CRM_TRY(notes_.current());
    const auto contact = notes.contacts.find(ContactId(run_.contact_id));
    for (auto& system : systems_) {
        system->is_short = false;
        if (contact == notes.contacts.end() || !system->spec.has_get) continue;
        const auto standing = contact->second.systems.find(system->spec.key);
        system->is_short = standing != contact->second.systems.end() && standing->second.link &&
                           !standing->second.link->confirmed_gone;
    }
    return {};
}

Status Performer::look_at_one(SystemRun& system) {
    if (system.is_held || system.is_left_out || system.is_exhausted) return {};
    Executor executor({doors_.database, doors_.contacts, doors_.clock, settings_.policies},
                      customer_,
                      run_.id.text,
                      system.rules);
    const StepReport seen =
        CRM_TRY(executor.look(ContactId(run_.contact_id), system.spec, system.connector));
    system.calls += seen.calls;
    run_.writes["app"] += seen.written_here;
    add_records(seen.here, "done");
    const bool has_failed = seen.end == CallEnd::Later || seen.end == CallEnd::Disconnected ||
                            seen.end == CallEnd::Unknown;
    if (has_failed) {
        note_failure(system, seen.end, seen.problem, seen.retry_after);
        system.view.is_reachable = false;
    }
    return {};
}

}  // namespace crm::sync
