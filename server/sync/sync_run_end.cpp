// The part of a run that ends it: problems, counters, state.
#include <algorithm>

#include "server/limits.h"
#include "server/store/sync_store.h"
#include "server/sync/brakes.h"
#include "server/sync/run_performer.h"
#include "shared/text.h"

namespace crm::sync {

void Performer::add_failures() {
    for (auto& system : systems_) {
        run_.calls[system->spec.key.text] += system->calls;
        if (const Gate& gate = gate_of(*system); !gate.is_open) {
            api::RunProblem problem;
            problem.system = system->spec.key.text;
            problem.code = gate.code;
            problem.message = gate.reason + ". Nothing was lost; what was not sent waits.";
            problem.action = gate.code == "reconnect" ? "Reconnect " + system->spec.label + "."
                                                      : "Nothing to do: it goes on by itself.";
            problem.next_try_at = gate.opens_at;
            run_.problems.push_back(std::move(problem));
        }
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
    if (system.is_held || system.is_asking) {
        row.state = "held";
        for (const api::RunProblem& problem : brake_problems_) {
            if (problem.system == system.spec.key.text) row.reason = problem.message;
        }
    }
    row.last_run_at = run_.ended_at;
    row.pause_until = system.pause_until;
    row.is_first_sync_done = before.is_first_sync_done || system.cycles > 0;
    row.cycle = before.cycle + system.cycles;
    if (system.listed) row.listed = *system.listed;
    if (!system.fingerprint.empty() &&
        (before.account_fingerprint.empty() || system.is_account_new))
        row.account_fingerprint = system.fingerprint;
    if (before.mapping_hash.empty() && system.cycles > 0)
        row.mapping_hash = system.spec.mapping_hash;
    if (used_grants_.contains(rollback_work(system.spec.key))) row.is_rolled_back = false;
    raise_settle(row, rules_, system.evidence, now());
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
        if (are_all_left_out) {
            run_.reason = "No system could be used now, or all are paused. What waits is kept.";
        }
    }
}

/// A preview leaves nothing but itself.
Status Performer::finish_preview(const Status& outcome) {
    run_.ended_at = now();
    run_.problems = brake_problems_;
    add_failures();
    choose_state(outcome);
    if (run_.state == api::RunState::Held || run_.state == api::RunState::DoneWithProblems)
        run_.state = api::RunState::Done;
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    CRM_TRY(store::save_run(transaction, customer_, run_));
    CRM_TRY(store::prune_runs(transaction, customer_, kRunsStored));
    return commit_end(transaction);
}

/// A run is stored: the mark grows, in the database first and then outside.
Status Performer::commit_end(store::Transaction& transaction) {
    const std::int64_t mark = CRM_TRY(store::raise_mark(transaction, 0));
    CRM_TRY(transaction.commit());
    // A copy that is behind misses an older database at worst; the next run writes it again.
    if (doors_.mark != nullptr) static_cast<void>(doors_.mark->raise(mark));
    return {};
}

Status Performer::finish(const Status& outcome) {
    sort_records();
    if (run_.is_preview) return finish_preview(outcome);
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
    const bool is_settled = is_first_sync_settled(notes, specs_);
    for (auto& system : systems_) {
        run_.pending += system->doubtful;
        SystemCounts counts = state.systems.at(system->spec.key);
        counts.pending += system->doubtful;
        const auto before = notes.systems.find(system->spec.key);
        SystemRow row =
            make_row(*system, counts, before == notes.systems.end() ? SystemRow{} : before->second);
        row.is_first_sync_over = row.is_first_sync_over || (row.is_first_sync_done && is_settled);
        CRM_TRY(store::save_system(transaction, customer_, system->spec.key, row));
    }
    choose_state(outcome);
    CRM_TRY(store::use_grants(transaction, customer_, used_grants_));
    CRM_TRY(store::save_run(transaction, customer_, run_));
    CRM_TRY(store::save_held(transaction, customer_, run_.id, held_));
    CRM_TRY(store::prune_runs(transaction, customer_, kRunsStored));
    CRM_TRY(store::supersede_held_runs(transaction, customer_, run_.id, now()));
    CRM_TRY(commit_end(transaction));
    if (control_.surveyed) control_.surveyed(state);
    return {};
}

}  // namespace crm::sync
