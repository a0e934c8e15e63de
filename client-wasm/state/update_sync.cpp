// Sync as the person sees it: runs and their end, the state of the systems, held runs.
#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/update_parts.h"

namespace crm::client {
namespace {

std::string written_text(const AppState& state, const api::Run& run) {
    std::string text;
    const auto add = [&text](std::int64_t count, const std::string& where) {
        if (count == 0) return;
        text += (text.empty() ? "" : ", ") + count_text(count) + " " + where;
    };
    const auto here = run.writes.find("app");
    if (here != run.writes.end()) add(here->second, "here");
    if (!state.sync.status) return text;
    for (const api::SystemStatus& system : state.sync.status->systems) {
        const auto there = run.writes.find(system.key);
        if (there != run.writes.end()) add(there->second, "in " + system.label);
    }
    return text;
}

std::string ending_text(const AppState& state, const api::Run& run) {
    const std::string written = written_text(state, run);
    const std::string changes = written.empty() ? "nothing had changed" : "changed " + written;
    switch (run.state) {
        case api::RunState::Done:
            return "Sync finished: " + changes;
        case api::RunState::DoneWithProblems:
            return "Sync finished with " +
                   count_text(static_cast<std::int64_t>(run.problems.size())) +
                   (run.problems.size() == 1 ? " problem: " : " problems: ") + changes;
        case api::RunState::Held:
            return "Sync waits for your approval";
        case api::RunState::Failed:
            return "Sync failed. Nothing was lost; it is tried again";
        case api::RunState::Cancelled:
            return "Sync was stopped";
        case api::RunState::Superseded:
            return "A newer sync took over";
        case api::RunState::Queued:
        case api::RunState::Running:
            return "Sync is running";
    }
    return "";
}

std::int64_t writes_of(const api::Run& run) {
    std::int64_t sum = 0;
    for (const auto& [where, count] : run.writes) sum += count;
    return sum;
}

/// What is shown of the rows and of the open contact may have changed by the run.
void look_again(Step& step) {
    refresh_soon(step);
    const ContactId& open = step.state.route.contact;
    if (has_panel(step.state.route) && open.is_set() && !is_dirty(step.state)) {
        send(step, FetchContact{open});
        send(step, FetchHistory{open});
    }
}

void keep_in_log(SyncState& sync, const api::Run& run) {
    const auto known = std::find_if(sync.runs.begin(),
                                    sync.runs.end(),
                                    [&run](const api::Run& other) { return other.id == run.id; });
    if (known != sync.runs.end()) {
        *known = run;
    } else {
        sync.runs.insert(sync.runs.begin(), run);
    }
    if (sync.runs.size() > kRunsKept) sync.runs.resize(kRunsKept);
}

/// Should the event of its end get lost, the awaited run is asked for.
void poll_later(Step& step) {
    cancel_timers(step, TimerKind::Poll);
    schedule(step, TimerKind::Poll, kRunPollPeriod);
}

void end_awaited(Step& step, const api::Run& run) {
    SyncState& sync = step.state.sync;
    if (sync.awaited_run != run.id || !is_ended(run)) return;
    sync.awaited_run = RunId();
    cancel_timers(step, TimerKind::Poll);
    if (run.is_preview) return;  // its page says it all
    add_toast(step, ending_text(step.state, run), {});
    send(step, FetchSync{});
}

}  // namespace

bool handle_poll_failure(Step& step, const Request& request, const RequestFailed& reply) {
    SyncState& sync = step.state.sync;
    const auto* fetch = std::get_if<FetchRun>(&request);
    const bool is_poll =
        fetch != nullptr && fetch->id == sync.awaited_run && sync.awaited_run.is_set();
    if (!is_poll) return false;
    if (reply.failure == Failure::Refused && reply.answer.error.code == ErrorCode::NotFound) {
        sync.awaited_run = RunId();
    } else {
        poll_later(step);
    }
    return true;
}

void take_run(Step& step, const api::Run& run) {
    SyncState& sync = step.state.sync;
    const auto known = std::find_if(sync.runs.begin(),
                                    sync.runs.end(),
                                    [&run](const api::Run& other) { return other.id == run.id; });
    const bool was_ended = known != sync.runs.end() && is_ended(*known);
    // Events and answers overtake each other: an end is not taken back, but a held run may be
    // decided.
    if (was_ended && !is_ended(run)) {
        end_awaited(step, *known);
        return;
    }
    keep_in_log(sync, run);
    if (sync.opened_run && sync.opened_run->id == run.id) {
        // An event tells how a run goes, not what it wrote: that is asked for when it has ended.
        if (is_ended(run) && !was_ended) send(step, FetchRun{run.id});
        if (run.records.size() >= sync.opened_run->records.size()) sync.opened_run = run;
    }
    if (!sync.status) sync.status = api::SyncStatus{};
    // A preview changes nothing, and hides nothing that waits for a decision.
    const bool is_current =
        !run.is_preview && (!sync.status->run || sync.status->run->id == run.id || !is_ended(run) ||
                            sync.status->run->started_at <= run.started_at);
    if (is_current) {
        sync.status->run = run;
        sync.status->running = !is_ended(run);
    }
    const bool has_ended = is_ended(run) && !was_ended;
    if (has_ended && writes_of(run) > 0) look_again(step);
    // A timer's run that changed nothing holds nothing back that was not held before.
    if (has_ended && (writes_of(run) > 0 || run.trigger != "timer" || !run.problems.empty())) {
        refresh_review(step);
        fetch_tab(step);
    }
    end_awaited(step, run);
}

void handle(Step& step, const RunChanged& action) {
    take_run(step, action.run);
}

void handle(Step& step, const SystemChanged& action) {
    SyncState& sync = step.state.sync;
    if (!sync.status) sync.status = api::SyncStatus{};
    for (api::SystemStatus& system : sync.status->systems) {
        if (system.key != action.system.key) continue;
        system = action.system;
        return;
    }
    sync.status->systems.push_back(action.system);
}

void handle(Step& step, const SyncLoaded& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    if (step.state.connection == Connection::Lost)
        handle(step, ConnectionChanged{Connection::Live});
    SyncState& sync = step.state.sync;
    sync.status = action.status;
    if (action.status.run) take_run(step, *action.status.run);
}

void handle(Step& step, const RunAnswered& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const Request request = std::move(found->second);
    step.state.pending.erase(found);
    SyncState& sync = step.state.sync;
    if (const auto* start = std::get_if<StartSync>(&request)) {
        sync.awaited_run = action.run.id;
        announce(step,
                 start->is_preview ? "Looking at what a sync would do" : "Sync started",
                 Politeness::Polite);
        if (start->is_preview) {
            Route target;
            target.screen = Screen::Sync;
            target.run = action.run.id;
            go_or_ask(step, target);
        }
    }
    if (step.state.route.run == action.run.id) sync.opened_run = action.run;
    if (const auto* decided = std::get_if<DecideRun>(&request)) {
        const bool is_approved = decided->decision == RunDecision::Approve;
        add_toast(
            step, is_approved ? "Approved: the next sync does it now" : run_text(action.run), {});
    }
    take_run(step, action.run);
    if (sync.awaited_run == action.run.id && action.run.id.is_set()) poll_later(step);
}

void handle(Step& step, const RunsLoaded& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    step.state.sync.runs = action.runs;
}

void handle(Step& step, const SyncNowClicked& action) {
    for (const auto& [id, request] : step.state.pending) {
        if (std::holds_alternative<StartSync>(request)) return;
    }
    send(step, StartSync{.system = action.system, .contact = action.contact});
}

void handle(Step& step, const PreviewClicked& /*action*/) {
    for (const auto& [id, request] : step.state.pending) {
        if (std::holds_alternative<StartSync>(request)) return;
    }
    send(step, StartSync{.is_preview = true});
}

void handle(Step& step, const PauseClicked& action) {
    for (const auto& [id, request] : step.state.pending) {
        if (std::holds_alternative<PauseSystem>(request)) return;
    }
    send(step, PauseSystem{action.system, action.is_paused});
}

void handle(Step& step, const RunDecided& action) {
    for (const auto& [id, request] : step.state.pending) {
        if (std::holds_alternative<DecideRun>(request)) return;
    }
    send(step, DecideRun{action.id, action.decision});
}

}  // namespace crm::client
