#include "server/sync/sync_service.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "server/store/sync_store.h"
#include "server/sync/survey.h"
#include "server/sync/sync_run.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

/// What is going on for one customer. Guarded by State::mutex.
struct Customer {
    std::optional<api::Run> run;  // queued or running
    bool is_running = false;
    bool goes_round_again = false;
    bool is_cancelled = false;
    std::optional<TimePoint> due;  // of the timer; none: only on request
    TimePoint last_report{};
    std::optional<Survey> survey;  // as of the last look; dropped by every change
};

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

Error not_held() {
    return {ErrorCode::Conflict, "This run is not waiting for an approval."};
}

Error stopping() {
    return {ErrorCode::Unavailable, "The server is stopping. Nothing was started; try again soon."};
}

}  // namespace

struct SyncService::State {
    State(Doors doors_in,
          SyncSettings settings_in,
          ConnectorFactory connectors_in,
          SyncListeners listeners_in)
        : doors(doors_in),
          settings(std::move(settings_in)),
          connectors(std::move(connectors_in)),
          listeners(std::move(listeners_in)) {}

    Doors doors;
    SyncSettings settings;
    ConnectorFactory connectors;
    SyncListeners listeners;

    std::mutex mutex;
    std::condition_variable changed;
    std::map<CustomerId, Customer> customers;
    bool is_stopping = false;
    std::vector<std::thread> workers;

    void work();
    void perform(std::unique_lock<std::mutex>& lock, const CustomerId& id);
    [[nodiscard]] std::optional<CustomerId> find_due(std::optional<TimePoint>& next) const;
    [[nodiscard]] api::Run make_run(const std::string& trigger) const;
    void publish_run(const CustomerId& id, const api::Run& run);
    void publish_systems(const CustomerId& id, const api::SyncStatus& status) const;
    [[nodiscard]] RunControl make_control(const CustomerId& id);
    Result<api::SyncStatus> make_status(const CustomerId& id);
    void plan_next(Customer& customer, const api::Run& run) const;
};

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
    lock.unlock();
    std::vector<std::unique_ptr<Connector>> opened = connectors(id);
    const RunControl control = make_control(id);
    lock.lock();
    do {
        customer.goes_round_again = false;
        lock.unlock();
        run = perform_run({doors.database, doors.contacts, doors.clock},
                          settings,
                          id,
                          opened,
                          control,
                          std::move(run));
        lock.lock();
    } while (customer.goes_round_again && !is_stopping && !customer.is_cancelled);
    customer.is_running = false;
    customer.run.reset();
    customer.survey.reset();
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

SyncService::SyncService(Doors doors,
                         SyncSettings settings,
                         ConnectorFactory connectors,
                         SyncListeners listeners)
    : state_(std::make_unique<State>(
          doors, std::move(settings), std::move(connectors), std::move(listeners))) {}

SyncService::~SyncService() {
    stop();
}

Status SyncService::start() {
    std::vector<CustomerId> known;
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        CRM_TRY(store::fail_open_runs(transaction, state_->doors.clock.now()));
        known = CRM_TRY(store::load_customers(transaction));
        CRM_TRY(transaction.commit());
    }
    for (const CustomerId& customer : known) use(customer);
    for (std::size_t i = 0; i < kSyncWorkers; ++i) {
        state_->workers.emplace_back([state = state_.get()] { state->work(); });
    }
    return {};
}

void SyncService::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->changed.notify_all();
    for (std::thread& worker : state_->workers) worker.join();
    state_->workers.clear();
}

void SyncService::use(const CustomerId& customer) {
    {
        const std::lock_guard lock(state_->mutex);
        const auto [entry, is_new] = state_->customers.try_emplace(customer);
        if (!is_new || state_->settings.interval.count() == 0) return;
        entry->second.due = state_->doors.clock.now();
    }
    state_->changed.notify_all();
}

Result<api::Run> SyncService::run(const CustomerId& customer) {
    api::Run run;
    bool is_new = false;
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->is_stopping) return stopping();
        Customer& entry = state_->customers[customer];
        if (entry.is_running) {
            entry.goes_round_again = true;
        } else if (!entry.run) {
            entry.run = state_->make_run("person");
            is_new = true;
        }
        run = *entry.run;
    }
    if (is_new) {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        CRM_TRY(store::prune_runs(transaction, customer, kRunsStored));
        CRM_TRY(transaction.commit());
    }
    state_->changed.notify_all();
    return run;
}

Result<api::Run> SyncService::wait(const CustomerId& customer,
                                   const RunId& run,
                                   milliseconds most) {
    {
        std::unique_lock lock(state_->mutex);
        const auto is_over = [&] {
            const Customer& entry = state_->customers[customer];
            return state_->is_stopping || !entry.run || !(entry.run->id == run);
        };
        if (!state_->changed.wait_for(lock, most, is_over)) return *state_->customers[customer].run;
    }
    return find_run(customer, run);
}

Result<api::SyncStatus> SyncService::status(const CustomerId& customer) {
    return state_->make_status(customer);
}

Result<std::vector<api::Run>> SyncService::runs(const CustomerId& customer) {
    std::optional<api::Run> current;
    {
        const std::lock_guard lock(state_->mutex);
        current = state_->customers[customer].run;
    }
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    std::vector<api::Run> runs = CRM_TRY(store::load_runs(snapshot, customer, kRunsListed));
    if (current) {
        std::erase_if(runs, [&](const api::Run& run) { return run.id == current->id; });
        runs.insert(runs.begin(), *current);
    }
    return runs;
}

Result<api::Run> SyncService::find_run(const CustomerId& customer, const RunId& run) {
    {
        const std::lock_guard lock(state_->mutex);
        const Customer& entry = state_->customers[customer];
        if (entry.run && entry.run->id == run) return *entry.run;
    }
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    return store::load_run(snapshot, customer, run);
}

Result<api::Run> SyncService::approve(const CustomerId& customer, const RunId& id) {
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        api::Run held = CRM_TRY(store::load_run(transaction, customer, id));
        if (held.state != api::RunState::Held) return not_held();
        held.state = api::RunState::Superseded;
        held.reason = "Approved. The next run does what this one held back.";
        CRM_TRY(store::grant_held(transaction, customer, id));
        CRM_TRY(store::drop_held(transaction, customer, id));
        CRM_TRY(store::save_run(transaction, customer, held));
        CRM_TRY(transaction.commit());
    }
    return run(customer);
}

Result<api::Run> SyncService::discard(const CustomerId& customer, const RunId& id) {
    store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
    api::Run held = CRM_TRY(store::load_run(transaction, customer, id));
    if (held.state != api::RunState::Held) return not_held();
    held.state = api::RunState::Cancelled;
    held.reason = "Discarded. Nothing that it held back was done.";
    CRM_TRY(store::drop_held(transaction, customer, id));
    CRM_TRY(store::save_run(transaction, customer, held));
    CRM_TRY(transaction.commit());
    return held;
}

Result<api::Run> SyncService::cancel(const CustomerId& customer, const RunId& id) {
    {
        const std::lock_guard lock(state_->mutex);
        Customer& entry = state_->customers[customer];
        if (entry.run && entry.run->id == id && entry.is_running) {
            entry.is_cancelled = true;
        }
    }
    state_->changed.notify_all();
    return find_run(customer, id);
}

Status SyncService::contact_changed(store::Transaction& transaction,
                                    const Contact* before,
                                    const Contact& after) {
    const TimePoint now = state_->doors.clock.now();
    if (const auto key = email_key(after.fields.email))
        CRM_TRY(store::add_alias(transaction, after, *key));
    const bool was_deleted = before != nullptr && before->deleted;
    if (!after.deleted) CRM_TRY(store::lift_suppression(transaction, after));
    if (after.deleted == was_deleted) return {};
    ContactNotes notes;
    notes.contact = after;
    CRM_TRY(store::complete_notes(transaction, notes));
    for (auto& [system, standing] : notes.systems) {
        if (!standing.link) continue;
        const RemoteKey record{system, standing.link->id};
        if (after.deleted) {
            CRM_TRY(store::add_dead(transaction, after.customer_id, record, after.id, now));
            continue;
        }
        // Restored. A delete that never left is taken back; one that did is finished first, and the
        // dead record stays dead.
        const bool is_sent = standing.link->delete_acked ||
                             (standing.intent && standing.intent->kind == IntentKind::Delete);
        if (standing.link->confirmed_gone) {
            standing = Standing{};
        } else if (is_sent) {
            standing.link->is_dying = true;
        } else {
            CRM_TRY(store::remove_dead(transaction, after.customer_id, record));
        }
        CRM_TRY(store::save_standing(transaction, after, system, standing));
    }
    return after.deleted ? store::suppress(transaction, after, now) : Status();
}

Status SyncService::fill_links(const store::Connection& connection,
                               const CustomerId&,
                               std::vector<Contact*>& contacts) {
    for (Contact* contact : contacts) {
        ContactNotes notes;
        notes.contact = *contact;
        CRM_TRY(store::complete_notes(connection, notes));
        for (const SystemSpec& system : state_->settings.systems) {
            ContactLink link = describe_link(notes, system);
            if (link.id.is_set()) contact->sources.push_back(system.key.text);
            contact->links[system.key] = std::move(link);
        }
        std::sort(contact->sources.begin(),
                  contact->sources.end(),
                  [](const std::string& left, const std::string& right) {
                      return std::pair(left != "local", left) < std::pair(right != "local", right);
                  });
        contact->sources.erase(std::unique(contact->sources.begin(), contact->sources.end()),
                               contact->sources.end());
    }
    return {};
}

void SyncService::wake(const CustomerId& customer) {
    {
        const std::lock_guard lock(state_->mutex);
        Customer& entry = state_->customers[customer];
        entry.survey.reset();
        if (state_->settings.interval.count() == 0) return;
        const TimePoint soon = state_->doors.clock.now() + kChangeWakeDelay;
        if (!entry.due || soon < *entry.due) entry.due = soon;
    }
    state_->changed.notify_all();
}

}  // namespace crm::sync
