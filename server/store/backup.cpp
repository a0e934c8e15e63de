// SQLite copies page by page, in one step: in several, a writer beside it would make it begin anew
// for ever. The copy is built under another name and takes its own when it is whole.
#include "server/store/backup.h"

#include <unistd.h>

#include <string>
#include <string_view>
#include <system_error>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "server/store/database_files.h"
#include "server/store/file_check.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

constexpr int kBusyTimeoutMs = 5000;

Error no_copy(const fs::path& target, std::string_view why) {
    return Error{ErrorCode::Unavailable,
                 "No backup was written to " + target.string() + ", because " + std::string(why)};
}

struct Place {
    fs::path target;
    fs::path draft;  // beside it, so that renaming is enough
};

Status copy_pages(const fs::path& source, const Place& place) {
    return sql_guard([&]() -> Status {
        SQLite::Database from(source.string(), SQLite::OPEN_READONLY, kBusyTimeoutMs);
        SQLite::Database to(place.draft.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        SQLite::Backup backup(to, from);
        if (backup.executeStep(-1) != SQLITE_DONE) {
            return no_copy(place.target, "the database was busy for too long; try again");
        }
        return {};
    });
}

/// A hard link fails where a file is, unlike a renaming; so nothing is ever written over.
Status give_name(const Place& place) {
    const fs::path& target = place.target;
    std::error_code problem;
    fs::create_hard_link(place.draft, target, problem);
    if (problem == std::errc::file_exists) {
        return no_copy(target, "this file exists already; name a new one");
    }
    if (problem) fs::rename(place.draft, target, problem);  // a disk that knows no hard links
    if (problem) return no_copy(target, problem.message() + "; name a folder that can be written");
    sync_to_disk(folder_of(target));
    return {};
}

Status build(const fs::path& source, const Place& place) {
    CRM_TRY(copy_pages(source, place));
    (void)CRM_TRY(check_database_file(place.draft));
    if (!sync_to_disk(place.draft)) {
        return no_copy(place.target, "the disk did not take it; see if it is full");
    }
    return {};
}

}  // namespace

Status back_up(const fs::path& source, const fs::path& target) {
    if (CRM_TRY(check_database_file(source)) == FileState::Missing) {
        return no_copy(target, "there is no database at " + source.string() + "; see --data");
    }
    return back_up_own(source, target);
}

Status back_up_own(const fs::path& source, const fs::path& target) {
    std::error_code problem;
    if (fs::exists(fs::symlink_status(target, problem))) {
        return no_copy(target, "this file exists already; name a new one");
    }
    if (!fs::is_directory(folder_of(target), problem)) {
        return no_copy(target, "its folder is not there; create it first");
    }
    const Place place{target, target.string() + ".new-" + std::to_string(::getpid())};
    remove_database(place.draft);
    Status done = build(source, place);
    if (done.is_ok()) done = give_name(place);
    remove_database(place.draft);
    return done;
}

}  // namespace crm::store
