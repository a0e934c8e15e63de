// The worker threads of a SyncService: who is due, one run at a time for each customer, and what is
// told of it.
#include <malloc.h>

#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/sync_service_state.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

milliseconds stretched_interval(const SyncSettings& settings, const api::Run& run) {
    milliseconds interval = settings.interval;
    for (const SystemSpec& system : settings.systems) {
        const auto calls = run.calls.find(system.key.text);
        if (system.daily_calls_max <= 0 || calls == run.calls.end()) continue;
        const double day_ms = 86'400'000.0;
        const double needed = day_ms * static_cast<double>(calls->second) /
                              (kListingBudgetShare * system.daily_calls_max);
        interval = std::max(interval, milliseconds(static_cast<std::int64_t>(needed)));
    }
    return interval;
}

}  // namespace

api::Run SyncService::State::make_run(const std::string& trigger) const {
    api::Run run;
    run.id = RunId(make_uuid(doors.random));
    run.state = api::RunState::Queued;
    run.trigger = trigger;
    return run;
}

std::optional<CustomerId> SyncService::State::find_due(std::optional<TimePoint>& next) const {
    const TimePoint now = doors.clock.now();
    for (const auto& [id, customer] : customers) {
        if (customer.is_running) continue;
        if (customer.run || (customer.due && *customer.due <= now)) return id;
        if (customer.due && (!next || *customer.due < *next)) next = customer.due;
    }
    return std::nullopt;
}

void SyncService::State::publish_run(const CustomerId& id, const api::Run& run) {
    bool is_due = run.state != api::RunState::Running;
    {
        const std::lock_guard lock(mutex);
        Customer& customer = customers[id];
        const bool is_first = customer.run && customer.run->state != run.state;
        if (customer.run) customer.run = run;
        const TimePoint now = doors.clock.now();
        if (is_first || now - customer.last_report >= kRunReportEvery) is_due = true;
        if (is_due) customer.last_report = now;
    }
    changed.notify_all();
    if (is_due && listeners.run_changed) listeners.run_changed(id, run);
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
        return std::exchange(customers[id].goes_round_again, false);
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

void SyncService::State::plan_next(Customer& customer, const api::Run& run) const {
    if (settings.interval.count() == 0) return;
    const TimePoint next = doors.clock.now() + stretched_interval(settings, run);
    // A change that came during the run keeps its own, earlier time.
    if (!customer.due || *customer.due > next) customer.due = next;
}

void SyncService::State::perform(std::unique_lock<std::mutex>& lock, const CustomerId& id) {
    Customer& customer = customers[id];
    if (!customer.run) customer.run = make_run("timer");
    customer.is_running = true;
    customer.is_cancelled = false;
    customer.goes_round_again = false;
    customer.due.reset();
    api::Run run = *customer.run;
    const std::shared_ptr<QuietMemory> quiet = customer.quiet;
    lock.unlock();
    std::vector<std::unique_ptr<Connector>> opened = connectors(id);
    const RunControl control = make_control(id);
    lock.lock();
    do {
        customer.goes_round_again = false;
        lock.unlock();
        run = perform_run(
            {doors.database, doors.contacts, doors.clock, Concurrency::Parallel, quiet.get()},
            settings,
            id,
            opened,
            control,
            std::move(run));
        // A run over many contacts needs much memory for a short time; the allocator would keep it.
        ::malloc_trim(0);
        lock.lock();
    } while (customer.goes_round_again && !is_stopping && !customer.is_cancelled);
    customer.is_running = false;
    customer.run.reset();
    plan_next(customer, run);
    lock.unlock();
    changed.notify_all();
    if (listeners.run_changed) listeners.run_changed(id, run);
    const Result<api::SyncStatus> status = make_status(id);
    if (status.is_ok()) publish_systems(id, status.value());
    lock.lock();
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

Result<api::SyncStatus> SyncService::State::make_status(const CustomerId& id) {
    api::SyncStatus status;
    std::optional<Survey> known;
    {
        const std::lock_guard lock(mutex);
        const Customer& customer = customers[id];
        status.running = customer.is_running;
        status.run = customer.run;
        status.next_run_at = customer.due;
        known = customer.survey;
    }
    const store::Snapshot snapshot = CRM_TRY(doors.database.begin_read());
    if (!status.run) {
        std::vector<api::Run> last = CRM_TRY(store::load_runs(snapshot, id, 1));
        if (!last.empty()) status.run = std::move(last.front());
    }
    if (!known) {
        const CustomerNotes notes = CRM_TRY(store::load_customer_notes(snapshot, id));
        known =
            survey(notes, settings.systems, {settings.settle, settings.late}, doors.clock.now());
        const std::lock_guard lock(mutex);
        customers[id].survey = known;
    }
    const auto rows = CRM_TRY(store::load_systems(snapshot, id));
    for (const SystemSpec& spec : settings.systems) {
        api::SystemStatus system;
        system.key = spec.key.text;
        system.label = spec.label;
        system.state = "connected";
        if (const auto row = rows.find(spec.key); row != rows.end()) {
            system.state = row->second.state;
            system.reason = row->second.reason;
            system.last_run_at = row->second.last_run_at;
        }
        const SystemCounts& counts = known->systems[spec.key];
        system.in_sync = counts.in_sync;
        system.excluded = counts.excluded;
        system.failing = counts.failing;
        system.pending = counts.pending;
        status.systems.push_back(std::move(system));
    }
    return status;
}

}  // namespace crm::sync
