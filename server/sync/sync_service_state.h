// What a SyncService keeps between calls, and its workers: for sync_service*.cpp only.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "server/sync/governor.h"
#include "server/sync/run_queue.h"
#include "server/sync/survey.h"
#include "server/sync/sync_run.h"
#include "server/sync/sync_service.h"

namespace crm::sync {

using std::chrono::milliseconds;

using SystemRows = std::map<SystemKey, SystemRow>;

/// What the pace of a customer's runs depends on.
struct Pace {
    bool is_loaded = false;                     // the counts, from the database
    std::map<SystemKey, CallCount> counts;      // of today
    std::map<SystemKey, std::int64_t> unsaved;  // of these, not written down yet
    Activity activity;
    std::map<SystemKey, TimePoint> seen_at;  // when a run last listed the system
    std::optional<api::Run> last_run;        // also one that the log does not know
};

enum class Saving { WhenMany, All };

/// What is going on for one customer. Guarded by State::mutex.
struct Customer {
    RunQueue queue;
    TimePoint asked_at{};  // when the first of the waiting runs was asked for
    bool is_cancelled = false;
    std::optional<TimePoint> due;  // of the timer; none: only on request
    bool is_woken = false;         // ... brought forward by a change or a hint
    TimePoint last_report{};
    std::optional<std::int64_t> told_conflict;  // the newest one that listeners know of
    std::optional<Survey> survey;               // as of the last look; dropped by every change
    Pace pace;
    std::shared_ptr<QuietMemory> quiet = std::make_shared<QuietMemory>();

    /// The next run is due then, if not sooner.
    void bring_forward(TimePoint soon) {
        if (due && *due <= soon) return;
        due = soon;
        is_woken = true;
    }
};

/// What is said of a contact that has a conflict with a system which waits for a person.
[[nodiscard]] std::string dispute_sentence(const SystemSpec& system);

/// Who decided something, and how firmly.
struct Decision {
    std::string user;
    bool is_forced = false;
};

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
    std::size_t background_runs = 0;  // under way, that nobody asked for
    bool is_stopping = false;
    std::vector<std::thread> workers;

    /// Something was, or is about to be, changed outside a run.
    void touch(const CustomerId& id) {
        const std::lock_guard lock(mutex);
        customers[id].quiet->touch();
    }
    void work();
    void perform(std::unique_lock<std::mutex>& lock, const CustomerId& id);
    [[nodiscard]] std::optional<CustomerId> find_due(std::optional<TimePoint>& next) const;
    [[nodiscard]] api::Run make_run(const std::string& trigger) const;
    [[nodiscard]] api::Run begin_run(Customer& customer);
    /// A run that was cancelled before it began: the log knows it all the same.
    Status log_dropped(const CustomerId& id, api::Run run);
    /// A person named a system; "" is all of them.
    [[nodiscard]] Status check_system(const std::string& system) const;
    Result<api::SyncStatus> set_paused(const CustomerId& id,
                                       const std::string& system,
                                       bool is_paused);
    void publish_run(const CustomerId& id, const api::Run& run);
    void tell_run(const CustomerId& id, api::Run run) const;
    void publish_systems(const CustomerId& id, const api::SyncStatus& status) const;
    [[nodiscard]] RunControl make_control(const CustomerId& id);
    Result<api::SyncStatus> make_status(const CustomerId& id);
    [[nodiscard]] std::string label_of(const SystemKey& system) const;

    [[nodiscard]] const SystemSpec* find_spec(const SystemKey& system) const;

    Result<api::HeldRecord> describe_hold(const store::Connection& connection,
                                          const CustomerId& customer,
                                          const RemoteKey& key,
                                          const Hold& hold) const;

    // Conflicts.
    /// "" when the contact is no more.
    Result<std::string> name_of(const store::Connection& connection,
                                const CustomerId& customer,
                                const ContactId& contact) const;
    /// The contact gets the value, and whatever kept the field from being written is taken away.
    Status settle_field(store::Transaction& transaction,
                        const Contact& before,
                        const ConflictRow& row,
                        const std::string& value,
                        const Decision& decision);
    /// The row, and all others of the field that wait: as they are now.
    Result<std::vector<ConflictRow>> close_conflicts(store::Transaction& transaction,
                                                     const CustomerId& customer,
                                                     const ConflictRow& row,
                                                     const std::string& value,
                                                     const Decision& decision);
    /// Before the first run: what there is by then is no news.
    Status note_known_conflicts(const CustomerId& id);
    Status tell_new_conflicts(const CustomerId& id);

    // The pace.
    [[nodiscard]] SystemRows load_rows(const CustomerId& id) const;
    Status load_pace(const CustomerId& id);
    [[nodiscard]] Gate gate_of(const Customer& customer,
                               const SystemSpec& system,
                               const SystemRow& row,
                               const GateQuestion& question) const;
    /// What the run that is about to begin may use. A person who asks meanwhile joins it only if
    /// that is all.
    std::map<SystemKey, Gate> open_gates(const CustomerId& id, const api::Run& run);
    Result<std::map<SystemKey, Gate>> find_gates(const CustomerId& id, bool is_asked);
    /// As a background run would find them.
    std::map<SystemKey, Gate> gates_for_show(const CustomerId& id, const SystemRows& rows);
    /// When a background run can use any system; none: all are paused.
    [[nodiscard]] std::optional<TimePoint> find_opening(const Customer& customer,
                                                        const SystemRows& rows) const;
    void count_run(Pace& pace, const api::Run& run) const;
    Status save_counts(const CustomerId& id, Saving saving);
    void note_activity(Pace& pace, const api::Run& run) const;
    /// The shortest interval that the day's calls allow, for runs like this one.
    [[nodiscard]] milliseconds affordable_for(const Customer& customer, const api::Run& run) const;
    [[nodiscard]] TimePoint soonest_after_hint(const Customer& customer) const;
    void plan_next(Customer& customer, const api::Run& run, const SystemRows& rows) const;
};

}  // namespace crm::sync
