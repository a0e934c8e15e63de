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

#include "server/sync/survey.h"
#include "server/sync/sync_run.h"
#include "server/sync/sync_service.h"

namespace crm::sync {

/// What is going on for one customer. Guarded by State::mutex.
struct Customer {
    std::optional<api::Run> run;  // queued or running
    bool is_running = false;
    bool goes_round_again = false;
    bool is_cancelled = false;
    std::optional<TimePoint> due;  // of the timer; none: only on request
    TimePoint last_report{};
    std::optional<Survey> survey;  // as of the last look; dropped by every change
    std::shared_ptr<QuietMemory> quiet = std::make_shared<QuietMemory>();
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
    void publish_run(const CustomerId& id, const api::Run& run);
    void publish_systems(const CustomerId& id, const api::SyncStatus& status) const;
    [[nodiscard]] RunControl make_control(const CustomerId& id);
    Result<api::SyncStatus> make_status(const CustomerId& id);
    void plan_next(Customer& customer, const api::Run& run) const;
};

}  // namespace crm::sync
