// Backups by the clock, in a thread of its own: DATA/backups/contacts-<time>.db, the oldest give
// way. One that fails is told in the log and tried again soon; nothing older is removed before a
// new one stands.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "server/clock.h"
#include "server/log.h"
#include "server/pause.h"
#include "shared/result.h"

namespace crm::store {

struct BackupPlan {
    std::filesystem::path database;
    std::filesystem::path folder;        // made when it is missing
    std::chrono::milliseconds interval;  // 0: no backups
    std::size_t keep = 7;                // at least 1
};

/// Makes one now and removes the superfluous ones.
Status make_backup(const BackupPlan& plan, TimePoint now);

class BackupSchedule {
   public:
    /// `heard` is told the outcome of each; it may be empty. `clock` and `log` outlive the
    /// schedule.
    BackupSchedule(BackupPlan plan, const Clock& clock, Log& log, std::function<void(bool)> heard);
    BackupSchedule(const BackupSchedule&) = delete;
    BackupSchedule& operator=(const BackupSchedule&) = delete;
    /// Waits for a backup that is being written.
    ~BackupSchedule();

   private:
    void work();

    const BackupPlan plan_;
    const Clock& clock_;
    Log& log_;
    const std::function<void(bool)> heard_;
    Pause pause_;
    std::atomic<bool> is_over_{false};
    std::thread thread_;  // last: it uses the others
};

}  // namespace crm::store
