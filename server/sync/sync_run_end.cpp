// The part of a run that holds back what a brake stops, and the part that ends it: problems,
// counters, state.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/brakes.h"
#include "server/sync/observe.h"
#include "server/sync/rule.h"
#include "server/sync/run_performer.h"
#include "shared/text.h"

namespace crm::sync {

void Performer::preview_first_sync(SystemRun& system, CustomerNotes notes) {
    const std::size_t linked_before = count_linked(notes, system.spec.key);
    const Observed would = observe(notes,
                                   {.system = system.spec,
                                    .listing = system.listing,
                                    .window = system.window,
                                    .rules = rules_});
    const std::size_t arriving = would.arrived.size();
    const std::size_t matched = count_linked(notes, system.spec.key) - linked_before - arriving;
    std::size_t missing = 0;
    for (const auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system.spec.key);
        const bool is_linked = found != contact.systems.end() && found->second.link;
        if (!contact.contact.deleted && !is_linked && email_key(contact.contact.fields.email))
            ++missing;
    }
    const std::string& name = system.spec.label;
    api::RunProblem problem;
    problem.system = system.spec.key.text;
    problem.code = "first_sync";
    problem.message = "The first sync with " + name + " would match " + std::to_string(matched) +
                      " of its " + std::to_string(system.listing.records.size()) +
                      " records with contacts here, add " + std::to_string(arriving) +
                      " new contacts here and create " + std::to_string(missing) +
                      " records there. None of it was done.";
    problem.action = "Approve the run to go ahead.";
    brake_problems_.push_back(std::move(problem));
}

Result<bool> Performer::hold_back(SystemRun& system, CustomerNotes& notes) {
    const SystemKey& key = system.spec.key;
    const auto row = notes.systems.find(key);
    const bool is_first = row == notes.systems.end() || !row->second.is_first_sync_done;
    const bool is_first_allowed = !is_on(Rule::FirstSyncPreview) ||
                                  settings_.is_first_sync_automatic ||
                                  grants_.contains(first_sync_work(key));
    if (is_first && !is_first_allowed) {
        if (!system.is_held && system.listing.is_complete) {
            preview_first_sync(system, notes);
            held_.insert(first_sync_work(key));
            system.is_held = true;
        }
        return true;
    }
    if (is_empty_listing_implausible(notes, system.spec, system.listing, grants_)) {
        if (!system.is_held) {
            brake_problems_.push_back(empty_listing_problem(system.spec, count_linked(notes, key)));
            held_.insert(empty_listing_work(key));
            system.is_held = true;
        }
        return true;
    }
    if (system.listing.is_complete) {
        if (is_first) used_grants_.insert(first_sync_work(key));
        if (!system.listing.records.empty()) used_grants_.insert(empty_listing_work(key));
    }
    return false;
}

void Performer::add_failures() {
    for (auto& system : systems_) {
        run_.calls[system->spec.key.text] += system->calls;
        if (!system->failure) continue;
        api::RunProblem problem;
        problem.system = system->spec.key.text;
        problem.code = system->failure->code.empty() ? "unreachable" : system->failure->code;
        problem.message = system->spec.label + ": " + as_sentence(system->failure->message) +
                          " Nothing was lost; what was not sent waits.";
        problem.next_try_at = system->pause_until;
        problem.action =
            system->failure_end == CallEnd::Disconnected
                ? "Reconnect " + system->spec.label + "; syncing goes on by itself after that."
                : "Nothing to do: the next run tries again.";
        run_.problems.push_back(std::move(problem));
    }
}

SystemRow Performer::make_row(const SystemRun& system,
                              const SystemCounts& counts,
                              const SystemRow& before) const {
    SystemRow row = before;
    row.in_sync = counts.in_sync;
    row.excluded = counts.excluded;
    row.failing = counts.failing;
    row.pending = counts.pending;
    if (system.is_left_out) return row;
    row.state = "connected";
    row.reason.clear();
    if (system.failure) row.reason = system.failure->message;
    if (system.failure_end == CallEnd::Later) row.state = "rate_limited";
    if (system.failure_end == CallEnd::Disconnected) row.state = "reconnect";
    if (system.is_held) row.state = "held";
    row.last_run_at = run_.ended_at;
    row.pause_until = system.pause_until;
    const bool is_used = !system.is_held && system.listing.is_complete;
    row.is_first_sync_done = before.is_first_sync_done || is_used;
    return row;
}

void Performer::choose_state(const Status& outcome) {
    const auto is_left_out = [](const auto& system) { return system->is_left_out; };
    const bool has_systems = !systems_.empty();
    const bool are_all_left_out =
        has_systems && std::all_of(systems_.begin(), systems_.end(), is_left_out);
    const bool are_all_failed =
        has_systems && !are_all_left_out &&
        std::all_of(systems_.begin(), systems_.end(), [](const auto& system) {
            return system->is_left_out || (system->failure && !system->listing.is_complete);
        });
    run_.reason.clear();
    if (!outcome.is_ok()) {
        run_.state = api::RunState::Failed;
        run_.reason = outcome.error().message;
    } else if (control_.is_stopping()) {
        run_.state = api::RunState::Cancelled;
        run_.reason = "Stopped on request. What was not done is done by the next run.";
    } else if (!held_.empty()) {
        run_.state = api::RunState::Held;
        run_.reason = brake_problems_.empty() ? std::string() : brake_problems_.front().message;
    } else if (are_all_failed) {
        run_.state = api::RunState::Failed;
        run_.reason = "No system could be reached.";
    } else if (!run_.problems.empty()) {
        run_.state = api::RunState::DoneWithProblems;
    } else {
        run_.state = api::RunState::Done;
        if (!has_systems) run_.reason = "Nothing is connected.";
        if (are_all_left_out) run_.reason = "All systems are paused. What waits for them is kept.";
    }
}

Status Performer::finish(const Status& outcome) {
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    const CustomerNotes& notes = CRM_TRY(notes_.locked(transaction)).notes;
    const Survey state = survey(notes, settings_.systems, rules_, now());
    run_.ended_at = now();
    run_.problems = brake_problems_;
    add_failures();
    const std::size_t room = kRunProblemsMax - std::min(kRunProblemsMax, run_.problems.size());
    run_.problems.insert(run_.problems.end(),
                         state.problems.begin(),
                         state.problems.begin() +
                             static_cast<std::ptrdiff_t>(std::min(room, state.problems.size())));
    run_.pending = state.pending;
    for (auto& system : systems_) {
        run_.pending += system->doubtful;
        SystemCounts counts = state.systems.at(system->spec.key);
        counts.pending += system->doubtful;
        const auto before = notes.systems.find(system->spec.key);
        CRM_TRY(store::save_system(
            transaction,
            customer_,
            system->spec.key,
            make_row(
                *system, counts, before == notes.systems.end() ? SystemRow{} : before->second)));
    }
    choose_state(outcome);
    CRM_TRY(store::use_grants(transaction, customer_, used_grants_));
    CRM_TRY(store::save_run(transaction, customer_, run_));
    CRM_TRY(store::save_held(transaction, customer_, run_.id, held_));
    CRM_TRY(store::prune_runs(transaction, customer_, kRunsStored));
    CRM_TRY(store::supersede_held_runs(transaction, customer_, run_.id, now()));
    CRM_TRY(transaction.commit());
    if (control_.surveyed) control_.surveyed(state);
    return {};
}

}  // namespace crm::sync
