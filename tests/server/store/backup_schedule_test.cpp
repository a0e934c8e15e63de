// Backups by the clock: when one is due, which give way, and that nothing is removed for one that
// failed.
#include "server/store/backup_schedule.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <set>

#include "server/limits.h"
#include "server/store/backup_names.h"
#include "server/store/statistics.h"
#include "tests/server/store/samples.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_store.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

TimePoint at(std::string_view text) {
    return parse_time(text).value();
}

std::set<std::string> names_in(const fs::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
        names.insert(entry.path().filename().string());
    }
    return names;
}

/// Whether this process holds a lock that keeps others from taking the write-ahead log away. Only
/// another process can tell.
bool is_locked(const fs::path& file) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
        struct flock lock = {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = 0x40000002;  // SQLite's range of shared locks
        lock.l_len = 510;
        const bool is_known = descriptor >= 0 && ::fcntl(descriptor, F_GETLK, &lock) == 0;
        ::_exit(is_known && lock.l_type != F_UNLCK ? 1 : 0);
    }
    int code = 0;
    REQUIRE(::waitpid(child, &code, 0) == child);
    return WIFEXITED(code) && WEXITSTATUS(code) == 1;
}

/// Waits for outcomes of backups.
class Heard {
   public:
    void operator()(bool is_good) {
        const std::lock_guard lock(mutex_);
        outcomes_.push_back(is_good);
        changed_.notify_all();
    }
    std::vector<bool> wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(
            lock, std::chrono::seconds(20), [&] { return outcomes_.size() >= count; });
        return outcomes_;
    }

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> outcomes_;
};

}  // namespace

TEST_CASE("backups: making one leaves the locks of the open database alone") {
    test::TempStore store;
    const test::TempFolder folder;
    test::insert(store.database(), test::make_contact("1", "Ada"));
    REQUIRE(is_locked(store.file()));
    BackupPlan plan;
    plan.database = store.file();
    plan.folder = folder.path() / "backups";
    REQUIRE(make_backup(plan, at("2026-11-25T17:00:00Z")).is_ok());
    CHECK(is_locked(store.file()));
}

TEST_CASE("backup schedule: names tell the time, and only ours are ours") {
    const TimePoint time = at("2026-01-31T09:12:00.000Z");
    CHECK(backup_name(time) == "contacts-20260131T091200Z.db");
    CHECK(parse_backup_name("contacts-20260131T091200Z.db") == time);
    for (const char* name : {"contacts.db",
                             "contacts-before-schema-8.db",
                             "contacts-20260131T091200Z.db.new-1",
                             "contacts-20261331T091200Z.db",
                             "contacts-2026-131T09120Z.db",
                             "my-contacts-20260131T091200Z.db"}) {
        CHECK_MESSAGE(!parse_backup_name(name), name);
    }
}

TEST_CASE("backup schedule: one is due when the newest is old, missing, or from the future") {
    const TimePoint now = at("2026-01-31T12:00:00.000Z");
    const auto left = [&](const std::vector<std::string>& names) {
        return until_backup(names, hours(24), now);
    };
    CHECK(left({}).count() == 0);
    CHECK(left({"contacts-20260130T120000Z.db"}).count() == 0);
    CHECK(left({"contacts-20260101T000000Z.db", "contacts-20260131T000000Z.db"}) == hours(12));
    CHECK(left({"contacts-20360101T000000Z.db"}).count() == 0);
    CHECK(left({"notes.txt"}).count() == 0);
}

TEST_CASE("backup schedule: the oldest give way, and nothing that is not ours") {
    CHECK(superfluous_backups({"contacts-20260103T000000Z.db",
                               "contacts-20260101T000000Z.db",
                               "contacts-before-schema-8.db",
                               "a.txt",
                               "contacts-20260102T000000Z.db"},
                              2) == std::vector<std::string>{"contacts-20260101T000000Z.db"});
    CHECK(superfluous_backups({"contacts-20260103T000000Z.db"}, 2).empty());
}

TEST_CASE("backup schedule: copies are made by the clock, hold what was there, and rotate") {
    test::TempStore store;
    test::insert(store.database(), test::make_contact("1", "Ann"));
    const test::TempFolder folder;
    test::FakeClock clock(at("2026-01-01T00:00:00.000Z"));
    const BackupPlan plan{store.file(), folder.path() / "backups", hours(24), 2};
    for (int day = 0; day < 4; ++day) {
        REQUIRE(make_backup(plan, clock.now()).is_ok());
        clock.advance(hours(24));
    }
    CHECK(names_in(plan.folder) ==
          std::set<std::string>{"contacts-20260103T000000Z.db", "contacts-20260104T000000Z.db"});
    const auto copy = Database::open(plan.folder / "contacts-20260104T000000Z.db");
    REQUIRE(copy.is_ok());
    const auto snapshot = copy.value()->begin_read();
    CHECK(count_all(snapshot.value()).value().contacts == 1);
}

TEST_CASE("backup schedule: the thread makes one at once, tells, and ends while it waits") {
    test::TempStore store;
    const test::TempFolder folder;
    const test::FakeClock clock;
    Log log(clock, LogLevel::Error, 2);
    Heard heard;
    {
        const BackupSchedule schedule({store.file(), folder.path() / "backups", hours(24), 2},
                                      clock,
                                      log,
                                      [&heard](bool is_good) { heard(is_good); });
        CHECK(heard.wait_for(1) == std::vector<bool>{true});
    }
    CHECK(heard.wait_for(1).size() == 1);
    CHECK(names_in(folder.path() / "backups").size() == 1);
}

TEST_CASE("backup schedule: one that fails is told, and older ones stay") {
    test::TempStore store;
    const test::TempFolder folder;
    const test::FakeClock clock;
    const int file = open((folder.path() / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    Log log(clock, LogLevel::Info, file);
    const fs::path backups = folder.path() / "backups";
    fs::create_directories(backups);
    std::ofstream(backups / "contacts-20200101T000000Z.db") << "old";
    std::ofstream(folder.path() / "no.db") << "this is no database";
    Heard heard;
    {
        const BackupSchedule schedule(
            {folder.path() / "no.db", backups, hours(24), 1}, clock, log, [&heard](bool is_good) {
                heard(is_good);
            });
        CHECK(heard.wait_for(1) == std::vector<bool>{false});
    }
    close(file);
    CHECK(names_in(backups) == std::set<std::string>{"contacts-20200101T000000Z.db"});
    std::string logged;
    std::getline(std::ifstream(folder.path() / "log"), logged);
    CHECK(logged.find("backup_failed reason=") != std::string::npos);
}

TEST_CASE("statistics: contacts, tombstones, customers, bytes and room") {
    test::TempStore store;
    test::insert(store.database(), test::make_contact("1", "Ann"));
    test::insert(store.database(), test::make_contact("2", "Bob"));
    const auto snapshot = store.database().begin_read();
    const Statistics found = count_all(snapshot.value()).value();
    CHECK(found.contacts == 2);
    CHECK(found.tombstones == 0);
    CHECK(found.customers == 1);
    CHECK(database_bytes(store.file()) > 4096);
    CHECK(database_bytes("/nowhere/contacts.db") == 0);
    CHECK_FALSE(check_room("/nowhere/contacts.db").is_ok());
}

}  // namespace crm::store
