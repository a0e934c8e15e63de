// How often a customer is visited, and what its runs may spend: the facts behind the governor's
// decisions. Calls are counted in memory and written down now and then, so that a run in which
// nothing happened writes nothing; a crash forgets at most kUnsavedCallsPercent of a day.
#include <algorithm>

#include "server/limits.h"
#include "server/store/sync_store.h"
#include "server/sync/sync_service_state.h"

namespace crm::sync {
namespace {

/// What the run spent on reading: writes come once, listings come again every time.
std::int64_t listing_calls(const api::Run& run, const SystemSpec& system) {
    const auto calls = run.calls.find(system.key.text);
    if (calls == run.calls.end()) return 0;
    const auto writes = run.writes.find(system.key.text);
    const std::int64_t written = writes == run.writes.end() ? 0 : writes->second;
    const std::int64_t per_write = system.has_get ? 2 : 1;
    return std::max<std::int64_t>(std::min<std::int64_t>(calls->second, 1),
                                  calls->second - written * per_write);
}

bool has_written(const api::Run& run) {
    return std::any_of(
        run.writes.begin(), run.writes.end(), [](const auto& entry) { return entry.second > 0; });
}

std::int64_t unsaved_calls_max(const SystemSpec& system) {
    const double share = system.daily_calls_max * kUnsavedCallsPercent / 100;
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(share));
}

SystemRow row_of(const SystemRows& rows, const SystemKey& system) {
    const auto row = rows.find(system);
    return row == rows.end() ? SystemRow{} : row->second;
}

}  // namespace

Gate SyncService::State::gate_of(const Customer& customer,
                                 const SystemSpec& system,
                                 const SystemRow& row,
                                 const GateQuestion& question) const {
    const auto known = customer.pace.counts.find(system.key);
    // Before the first run since the start the last count is the one that was written down.
    const CallCount count = known == customer.pace.counts.end()
                                ? CallCount{row.budget_day, row.calls_today}
                                : known->second;
    return find_gate(system, row, count, question);
}

Result<std::map<SystemKey, Gate>> SyncService::State::find_gates(const CustomerId& id,
                                                                 bool is_asked) {
    SystemRows rows;
    std::set<SystemKey> unanswered;
    {
        const store::Snapshot snapshot = CRM_TRY(doors.database.begin_read());
        rows = CRM_TRY(store::load_systems(snapshot, id));
        unanswered = CRM_TRY(store::load_unanswered(snapshot, id));
    }
    const std::lock_guard lock(mutex);
    const Customer& customer = customers[id];
    std::map<SystemKey, Gate> gates;
    for (const SystemSpec& system : settings.systems) {
        Purpose purpose = is_asked ? Purpose::Person : Purpose::Background;
        if (unanswered.contains(system.key)) purpose = Purpose::Recovery;
        gates[system.key] = gate_of(customer,
                                    system,
                                    row_of(rows, system.key),
                                    {purpose, is_asked, doors.clock.now(), settings.interval});
    }
    return gates;
}

std::map<SystemKey, Gate> SyncService::State::open_gates(const CustomerId& id,
                                                         const api::Run& run) {
    const bool is_asked = run.trigger == "person";
    Result<std::map<SystemKey, Gate>> gates = find_gates(id, is_asked);
    // A count that cannot be read stops nobody.
    if (!gates.is_ok()) return {};
    const bool is_any_closed = std::any_of(gates.value().begin(),
                                           gates.value().end(),
                                           [](const auto& gate) { return !gate.second.is_open; });
    if (is_asked || !is_any_closed) return gates.take();
    {
        const std::lock_guard lock(mutex);
        RunQueue& queue = customers[id].queue;
        queue.is_restricted = !queue.goes_round_again;
        if (queue.is_restricted) return gates.take();
    }
    // Somebody asked in between.
    gates = find_gates(id, true);
    return gates.is_ok() ? gates.take() : std::map<SystemKey, Gate>();
}

std::map<SystemKey, Gate> SyncService::State::gates_for_show(const CustomerId& id,
                                                             const SystemRows& rows) {
    const std::lock_guard lock(mutex);
    const Customer& customer = customers[id];
    std::map<SystemKey, Gate> gates;
    for (const SystemSpec& system : settings.systems) {
        gates[system.key] =
            gate_of(customer,
                    system,
                    row_of(rows, system.key),
                    {Purpose::Background, false, doors.clock.now(), settings.interval});
    }
    return gates;
}

std::optional<TimePoint> SyncService::State::find_opening(const Customer& customer,
                                                          const SystemRows& rows) const {
    const TimePoint now = doors.clock.now();
    std::optional<TimePoint> first;
    for (const SystemSpec& system : settings.systems) {
        const SystemRow row = row_of(rows, system.key);
        if (row.is_paused) continue;
        const Gate gate =
            gate_of(customer, system, row, {Purpose::Background, false, now, settings.interval});
        TimePoint opens = now;
        if (row.pause_until) opens = std::max(opens, *row.pause_until);
        if (gate.opens_at) opens = std::max(opens, *gate.opens_at);
        if (!first || opens < *first) first = opens;
    }
    return first;
}

void SyncService::State::note_activity(Pace& pace, const api::Run& run) const {
    const TimePoint now = doors.clock.now();
    if (has_written(run)) pace.activity.changed_at = now;
    pace.activity.pending = run.pending;
    pace.activity.idle_runs = is_busy(pace.activity, now) ? 0 : pace.activity.idle_runs + 1;
    for (const auto& [system, calls] : run.calls) {
        if (calls > 0 && run.ended_at) pace.seen_at[SystemKey(system)] = *run.ended_at;
    }
    pace.last_run = run;
    pace.last_run->records.clear();
}

milliseconds SyncService::State::affordable_for(const Customer& customer,
                                                const api::Run& run) const {
    milliseconds interval{0};
    for (const SystemSpec& system : settings.systems) {
        const auto count = customer.pace.counts.find(system.key);
        interval = std::max(
            interval,
            affordable_interval(system,
                                listing_calls(run, system),
                                count == customer.pace.counts.end() ? CallCount{} : count->second,
                                doors.clock.now()));
    }
    return interval;
}

TimePoint SyncService::State::soonest_after_hint(const Customer& customer) const {
    const TimePoint soon = doors.clock.now() + kChangeWakeDelay;
    const auto& last = customer.pace.last_run;
    if (!last || !last->ended_at) return soon;
    const milliseconds gap =
        std::max(std::min(settings.interval, kHintGapLeast), affordable_for(customer, *last));
    return std::max(soon, *last->ended_at + gap);
}

void SyncService::State::plan_next(Customer& customer,
                                   const api::Run& run,
                                   const SystemRows& rows) const {
    if (settings.interval.count() == 0) return;
    const TimePoint now = doors.clock.now();
    const milliseconds interval =
        std::max(choose_interval(customer.pace.activity, now, settings.interval),
                 affordable_for(customer, run));
    TimePoint next = now + interval;
    if (!settings.systems.empty()) {
        const std::optional<TimePoint> opens = find_opening(customer, rows);
        if (!opens) return;  // all are paused; Resume wakes a run
        next = std::max(next, *opens);
    }
    // A change that came during the run keeps its own, earlier time.
    if (!customer.due || *customer.due > next) customer.due = next;
}

void SyncService::State::count_run(Pace& pace, const api::Run& run) const {
    for (const SystemSpec& system : settings.systems) {
        const auto calls = run.calls.find(system.key.text);
        if (system.daily_calls_max <= 0 || calls == run.calls.end()) continue;
        count_calls(pace.counts[system.key], calls->second, doors.clock.now());
        pace.unsaved[system.key] += calls->second;
    }
}

Status SyncService::State::save_counts(const CustomerId& id, Saving saving) {
    std::map<SystemKey, CallCount> unsaved;
    {
        const std::lock_guard lock(mutex);
        Pace& pace = customers[id].pace;
        for (const SystemSpec& system : settings.systems) {
            const std::int64_t most = saving == Saving::All ? 1 : unsaved_calls_max(system);
            if (pace.unsaved[system.key] < most) continue;
            pace.unsaved[system.key] = 0;
            unsaved[system.key] = pace.counts[system.key];
        }
    }
    if (unsaved.empty()) return {};
    store::Transaction transaction = CRM_TRY(doors.database.begin_write());
    SystemRows rows = CRM_TRY(store::load_systems(transaction, id));
    for (const auto& [system, count] : unsaved) {
        SystemRow& row = rows[system];
        row.budget_day = count.day;
        row.calls_today = count.calls;
        CRM_TRY(store::save_system(transaction, id, system, row));
    }
    return transaction.commit();
}

Status SyncService::State::load_pace(const CustomerId& id) {
    {
        const std::lock_guard lock(mutex);
        if (customers[id].pace.is_loaded) return {};
    }
    const store::Snapshot snapshot = CRM_TRY(doors.database.begin_read());
    const SystemRows rows = CRM_TRY(store::load_systems(snapshot, id));
    const std::lock_guard lock(mutex);
    Pace& pace = customers[id].pace;
    for (const auto& [system, row] : rows) {
        pace.counts[system] = {row.budget_day, row.calls_today};
    }
    pace.is_loaded = true;
    return {};
}

}  // namespace crm::sync
