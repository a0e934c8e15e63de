// The worker threads of a SyncService: who is due, one run at a time for each customer, and what is
// told of it.
#include <malloc.h>

#include <algorithm>

#include "server/limits.h"
#include "server/store/sync_store.h"
#include "server/sync/sync_service_state.h"

namespace crm::sync {
api::Run SyncService::State::make_run(const std::string& trigger) const {
    api::Run run;
    run.id = RunId(make_uuid(doors.random));
    run.state = api::RunState::Queued;
    run.trigger = trigger;
    return run;
}

std::optional<CustomerId> SyncService::State::find_due(std::optional<TimePoint>& next) const {
    // Who asked first, before anybody whom only the timer visits; there, who has been due longest.
    const TimePoint now = doors.clock.now();
    std::optional<std::pair<TimePoint, CustomerId>> asked;
    std::optional<std::pair<TimePoint, CustomerId>> due;
    for (const auto& [id, customer] : customers) {
        if (customer.queue.running) continue;
        if (!customer.queue.waiting.empty()) {
            const std::pair candidate(customer.asked_at, id);
            if (!asked || candidate < *asked) asked = candidate;
        } else if (customer.due && *customer.due <= now) {
            const std::pair candidate(*customer.due, id);
            if (!due || candidate < *due) due = candidate;
        } else if (customer.due && (!next || *customer.due < *next)) {
            next = customer.due;
        }
    }
    if (asked) return asked->second;
    if (due && background_runs < kBackgroundWorkers) return due->second;
    return std::nullopt;
}

void SyncService::State::publish_run(const CustomerId& id, const api::Run& run) {
    bool is_due = run.state != api::RunState::Running;
    {
        const std::lock_guard lock(mutex);
        Customer& customer = customers[id];
        std::optional<api::Run>& running = customer.queue.running;
        const bool is_first = running && running->state != run.state;
        if (running) running = run;
        const TimePoint now = doors.clock.now();
        if (is_first || now - customer.last_report >= kRunReportEvery) is_due = true;
        if (is_due) customer.last_report = now;
    }
    changed.notify_all();
    if (is_due) tell_run(id, run);
}

void SyncService::State::tell_run(const CustomerId& id, api::Run run) const {
    if (!listeners.run_changed) return;
    run.records.clear();  // who wants to read them asks for the run
    listeners.run_changed(id, run);
}

void SyncService::State::publish_systems(const CustomerId& id,
                                         const api::SyncStatus& status) const {
    if (!listeners.system_changed) return;
    for (const api::SystemStatus& system : status.systems) listeners.system_changed(id, system);
}

RunControl SyncService::State::make_control(const CustomerId& id) {
    RunControl control;
    control.is_stopping = [this, id] {
        const std::lock_guard lock(mutex);
        return is_stopping || customers[id].is_cancelled;
    };
    control.take_round_again = [this, id] {
        const std::lock_guard lock(mutex);
        return std::exchange(customers[id].queue.goes_round_again, false);
    };
    control.pause_until = [this, id](TimePoint until) {
        std::unique_lock lock(mutex);
        while (doors.clock.now() < until) {
            if (is_stopping || customers[id].is_cancelled) return false;
            changed.wait_for(lock,
                             std::min<milliseconds>(until - doors.clock.now(), milliseconds(1000)));
        }
        return true;
    };
    control.surveyed = [this, id](const Survey& survey) {
        const std::lock_guard lock(mutex);
        customers[id].survey = survey;
    };
    control.report = [this, id](const api::Run& run) {
        // The end is told once the customer is free again: see perform().
        if (run.state == api::RunState::Running) publish_run(id, run);
    };
    return control;
}

api::Run SyncService::State::begin_run(Customer& customer) {
    const std::string trigger = std::exchange(customer.is_woken, false) ? "change" : "timer";
    const api::Run& run = begin_next(customer.queue, make_run(trigger));
    customer.is_cancelled = false;
    // What still waits was asked for later; who waits longest goes first.
    customer.asked_at = doors.clock.now();
    // A run of one system, or of one contact, does not stand in for the whole round that is due.
    if (is_full(run)) {
        customer.due.reset();
    } else {
        customer.is_woken = trigger == "change";
    }
    return run;
}

Status SyncService::State::log_dropped(const CustomerId& id, api::Run run) {
    run.state = api::RunState::Cancelled;
    run.reason = "Cancelled before it began. Nothing was done.";
    run.ended_at = doors.clock.now();
    store::Transaction transaction = CRM_TRY(doors.database.begin_write());
    CRM_TRY(store::save_run(transaction, id, run));
    CRM_TRY(transaction.commit());
    tell_run(id, run);
    return {};
}

void SyncService::State::perform(std::unique_lock<std::mutex>& lock, const CustomerId& id) {
    Customer& customer = customers[id];
    const bool is_background = customer.queue.waiting.empty();
    if (is_background) ++background_runs;
    api::Run run = begin_run(customer);
    const std::shared_ptr<QuietMemory> quiet = customer.quiet;
    lock.unlock();
    std::vector<std::unique_ptr<Connector>> opened = connectors(id);
    const RunControl control = make_control(id);
    (void)note_known_conflicts(id).is_ok();
    // A count that cannot be read now is read before the next run; a run never fails for it.
    (void)load_pace(id).is_ok();
    const std::map<SystemKey, Gate> gates = open_gates(id, run);
    SystemRows rows;
    lock.lock();
    do {
        customer.queue.goes_round_again = false;
        lock.unlock();
        run = perform_run({doors.database,
                           doors.contacts,
                           doors.clock,
                           Concurrency::Parallel,
                           quiet.get(),
                           doors.mark,
                           gates},
                          settings,
                          id,
                          opened,
                          control,
                          std::move(run));
        // A run over many contacts needs much memory for a short time; the allocator would keep it.
        ::malloc_trim(0);
        rows = load_rows(id);
        lock.lock();
    } while (customer.queue.goes_round_again && !is_stopping && !customer.is_cancelled);
    customer.queue.running.reset();
    if (is_background) --background_runs;
    count_run(customer.pace, run);
    if (is_full(run)) {
        note_activity(customer.pace, run);
        plan_next(customer, run, rows);
    }
    lock.unlock();
    changed.notify_all();
    (void)save_counts(id, Saving::WhenMany).is_ok();
    tell_run(id, run);
    // Whoever misses it sees it in the list: an event is only the faster way.
    (void)tell_new_conflicts(id).is_ok();
    const Result<api::SyncStatus> status = make_status(id);
    if (status.is_ok()) publish_systems(id, status.value());
    lock.lock();
}

SystemRows SyncService::State::load_rows(const CustomerId& id) const {
    const Result<store::Snapshot> snapshot = doors.database.begin_read();
    if (!snapshot.is_ok()) return {};
    Result<SystemRows> rows = store::load_systems(snapshot.value(), id);
    return rows.is_ok() ? rows.take() : SystemRows();
}

void SyncService::State::work() {
    std::unique_lock lock(mutex);
    while (!is_stopping) {
        std::optional<TimePoint> next;
        const std::optional<CustomerId> due = find_due(next);
        if (due) {
            perform(lock, *due);
        } else if (next) {
            changed.wait_for(
                lock,
                std::max(milliseconds(1),
                         std::min<milliseconds>(*next - doors.clock.now(), milliseconds(60'000))));
        } else {
            changed.wait(lock);
        }
    }
}

}  // namespace crm::sync
