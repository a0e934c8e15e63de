#include "server/store/backup_schedule.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "server/limits.h"
#include "server/store/backup.h"
#include "server/store/backup_names.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code problem;
    for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        names.push_back(entry->path().filename().string());
    }
    return names;
}

}  // namespace

Status make_backup(const BackupPlan& plan, TimePoint now) {
    std::error_code problem;
    fs::create_directories(plan.folder, problem);
    if (problem) {
        return Error{ErrorCode::Unavailable,
                     "No backup was written, because the folder " + plan.folder.string() +
                         " cannot be made: " + problem.message()};
    }
    CRM_TRY(back_up_own(plan.database, plan.folder / backup_name(now)));
    for (const std::string& name : superfluous_backups(names_in(plan.folder), plan.keep)) {
        fs::remove(plan.folder / name, problem);  // tried again after the next one
    }
    return {};
}

BackupSchedule::BackupSchedule(BackupPlan plan,
                               const Clock& clock,
                               Log& log,
                               std::function<void(bool)> heard)
    : plan_(std::move(plan)), clock_(clock), log_(log), heard_(std::move(heard)) {
    if (plan_.interval.count() > 0) thread_ = std::thread([this] { work(); });
}

BackupSchedule::~BackupSchedule() {
    is_over_ = true;
    pause_.end();
    if (thread_.joinable()) thread_.join();
}

void BackupSchedule::work() {
    while (!is_over_) {
        const auto left = until_backup(names_in(plan_.folder), plan_.interval, clock_.now());
        if (left.count() > 0) {
            // In parts, so that a clock that is set is noticed.
            pause_.wait(std::min<std::chrono::milliseconds>(left, kBackupLookEvery));
            continue;
        }
        const Status done = make_backup(plan_, clock_.now());
        if (done.is_ok()) {
            log_.write(LogLevel::Info, "backup");
        } else {
            log_.write(LogLevel::Error, "backup_failed", {{"reason", done.error().message}});
        }
        if (heard_) heard_(done.is_ok());
        if (!done.is_ok()) pause_.wait(kBackupRetryAfter);
    }
}

}  // namespace crm::store
