// The copy is built and checked under another name. The old database is moved first its log, then
// by a second name, so that at no moment there is no database, or one with another one's log.
#include "server/store/restore.h"

#include <string>
#include <system_error>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "server/store/backup.h"
#include "server/store/database_files.h"
#include "server/store/file_check.h"
#include "server/store/invariants.h"
#include "server/store/process_lock.h"
#include "server/store/sql_guard.h"
#include "shared/time_text.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

Error not_restored(std::string why) {
    return Error{ErrorCode::Unavailable, "Nothing was restored, because " + std::move(why)};
}

Status check_backup(const fs::path& backup) {
    const FileState state = CRM_TRY(check_database_file(backup));
    if (state == FileState::Missing) return not_restored("there is no file " + backup.string());
    const std::vector<std::string> findings = CRM_TRY(check_references(backup));
    if (findings.empty()) return {};
    return not_restored(backup.string() + " is damaged: " + findings.front());
}

/// "contacts.db.before-2026-11-25T17-30-00Z", with a number behind it when that is taken.
fs::path kept_name(const fs::path& target, const Clock& clock) {
    std::string time = format_time(clock.now()).substr(0, 19);
    for (char& letter : time) {
        if (letter == ':') letter = '-';
    }
    const std::string first = target.string() + ".before-" + time + 'Z';
    fs::path name = first;
    std::error_code problem;
    for (int number = 2; fs::exists(fs::symlink_status(name, problem)); ++number) {
        name = first + '-' + std::to_string(number);
    }
    return name;
}

/// What the log holds goes into the file; a damaged database keeps its log.
void empty_log(const fs::path& database) {
    const Status ignored = sql_guard([&]() -> Status {
        SQLite::Database file(database.string(), SQLite::OPEN_READWRITE);
        SQLite::Statement checkpoint(file, "PRAGMA wal_checkpoint(TRUNCATE)");
        while (checkpoint.executeStep()) {
        }
        return {};
    });
    static_cast<void>(ignored);
}

Status keep_old(const fs::path& target, const fs::path& kept) {
    std::error_code problem;
    empty_log(target);
    for (const char* suffix : {"-wal", "-shm"}) {
        const fs::path log = target.string() + suffix;
        if (!fs::exists(log, problem)) continue;
        fs::rename(log, kept.string() + suffix, problem);
        if (problem) return not_restored("the old log cannot be moved (" + problem.message() + ")");
    }
    fs::create_hard_link(target, kept, problem);
    if (problem) fs::copy_file(target, kept, problem);  // a disk that knows no hard links
    if (problem) return not_restored("the old file cannot be kept (" + problem.message() + ")");
    return {};
}

}  // namespace

Result<fs::path> restore(const fs::path& backup, const fs::path& target, const Clock& clock) {
    std::error_code problem;
    if (!fs::is_directory(folder_of(target), problem)) {
        return not_restored("its folder " + folder_of(target).string() +
                            " is not there; see --data");
    }
    const ProcessLock lock = CRM_TRY(ProcessLock::acquire(target.string() + ".lock"));
    CRM_TRY(check_backup(backup));
    if (fs::equivalent(backup, target, problem)) {
        return not_restored(backup.string() + " is the database itself");
    }
    const fs::path draft = target.string() + ".restoring";
    remove_database(draft);
    const Status copied = back_up(backup, draft);
    if (!copied.is_ok()) return copied.error();

    fs::path kept;
    if (fs::exists(target, problem)) {
        kept = kept_name(target, clock);
        const Status done = keep_old(target, kept);
        if (!done.is_ok()) {
            remove_database(draft);
            return done.error();
        }
    }
    fs::rename(draft, target, problem);
    if (problem) return not_restored("the copy cannot take its name (" + problem.message() + ")");
    sync_to_disk(folder_of(target));
    return kept;
}

}  // namespace crm::store
