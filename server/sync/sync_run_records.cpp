// The part of a run that tells what it does, record by record; and the whole of a preview, which
// tells the same and does nothing.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/brakes_listing.h"
#include "server/sync/plan_view.h"
#include "server/sync/planner.h"
#include "server/sync/run_performer.h"
#include "server/sync/run_records.h"
#include "shared/limits.h"

namespace crm::sync {

std::size_t Performer::records_max() const {
    return run_.is_preview ? kPreviewRecordsMax : kRunRecordsMax;
}

void Performer::add_record(api::RunRecord record, std::string_view outcome) {
    ++run_.records_total;
    if (run_.records.size() >= records_max()) return;
    record.outcome = outcome;
    run_.records.push_back(std::move(record));
}

void Performer::add_records(std::vector<api::RunRecord> records, std::string_view outcome) {
    for (api::RunRecord& record : records) add_record(std::move(record), outcome);
}

void Performer::add_step_record(const CustomerNotes& notes,
                                const Step& step,
                                std::string_view outcome) {
    const auto contact = notes.contacts.find(step.contact);
    const auto spec = std::find_if(specs_.begin(), specs_.end(), [&](const SystemSpec& system) {
        return system.key == step.system;
    });
    if (contact == notes.contacts.end() || spec == specs_.end()) return;
    add_record(record_of_step(contact->second, step, *spec), outcome);
}

Observed Performer::observe_copy(SystemRun& system,
                                 CustomerNotes& notes,
                                 std::string_view outcome) {
    if (system.is_rebased) forget_agreements(notes, system.spec.key);
    Observed would = observe(notes, observation_of(system));
    if (outcome == "held" || passes_conflicts(system, notes, would))
        add_records(records_of(would, notes, system.spec), outcome);
    return would;
}

void Performer::add_held_records(SystemRun& system, CustomerNotes notes) {
    add_records(records_of_missing(notes, system.spec, system.listing), "held");
    static_cast<void>(observe_copy(system, notes, "held"));
    const SystemViews views = {
        {system.spec.key, make_view(system.spec, system.listing, system.window, notes)}};
    const Plan would = plan_steps(notes, {system.spec}, views, rules_, now());
    for (const Step& step : would.steps) add_step_record(notes, step, "held");
}

void Performer::preview_system(SystemRun& system, CustomerNotes& notes) {
    if (system.account_brake) ask(system, *std::exchange(system.account_brake, std::nullopt));
    if (!has_usable_listing(system) || !passes_gate(system, notes)) return;
    CustomerNotes seen = notes;
    const Observed would = observe_copy(system, seen, "planned");
    if (system.is_held) return;
    notes = std::move(seen);
    system.doubtful = would.doubtful;
    system.view = make_view(system.spec, system.listing, system.window, notes);
}

std::int64_t Performer::calls_of(const Step& step) const {
    const auto spec = std::find_if(specs_.begin(), specs_.end(), [&](const SystemSpec& system) {
        return system.key == step.system;
    });
    const bool is_read_first =
        spec != specs_.end() && spec->has_get && step.kind != IntentKind::Create;
    return is_read_first ? 2 : 1;
}

Status Performer::preview() {
    CRM_TRY(leave_out());
    CRM_TRY(for_each_system([&](SystemRun& system) {
        list(system);
        return Status();
    }));
    CustomerNotes notes = *CRM_TRY(notes_.current());
    for (auto& system : systems_) preview_system(*system, notes);
    // What arrives is written to the other systems as soon as it was seen again: told as well.
    for (auto& [id, contact] : notes.contacts) contact.contact.arriving = false;
    Plan planned = plan(notes);
    brake(planned, notes);
    for (const auto& system : systems_) run_.calls_needed[system->spec.key.text] = system->calls;
    for (const Step& step : planned.steps) {
        add_step_record(notes, step, "planned");
        run_.calls_needed[step.system.text] += calls_of(step);
    }
    return {};
}

void Performer::sort_records() {
    // Systems write side by side: told one after the other.
    const auto is_here = [](const api::RunRecord& record) { return record.system == "app"; };
    std::stable_sort(run_.records.begin(),
                     run_.records.end(),
                     [&](const api::RunRecord& left, const api::RunRecord& right) {
                         return std::pair(!is_here(left), left.system) <
                                std::pair(!is_here(right), right.system);
                     });
}

}  // namespace crm::sync
