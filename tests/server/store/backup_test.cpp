// A backup is a database that opens, holds one snapshot, and never replaces a file.
#include "server/store/backup.h"

#include <atomic>
#include <fstream>
#include <thread>

#include <SQLiteCpp/Database.h>

#include "tests/server/store/samples.h"
#include "tests/support/temp_store.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

void execute(Database& database, const std::string& sql) {
    Result<Transaction> transaction = database.begin_write();
    REQUIRE(transaction.is_ok());
    transaction.value().sqlite().exec(sql);
    REQUIRE(transaction.value().commit().is_ok());
}

std::int64_t read_number(const fs::path& file, const std::string& sql) {
    const auto opened = Database::open(file);
    REQUIRE(opened.is_ok());
    const Result<Snapshot> snapshot = opened.value()->begin_read();
    REQUIRE(snapshot.is_ok());
    return snapshot.value().sqlite().execAndGet(sql).getInt64();
}

std::size_t count_files(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) count += entry.is_regular_file();
    return count;
}

}  // namespace

TEST_CASE("backup: one snapshot, while somebody writes") {
    test::TempStore store;
    execute(store.database(), "CREATE TABLE pair (half INTEGER)");
    const test::TempFolder folder;
    std::atomic<bool> is_over{false};
    std::thread writer([&] {
        while (!is_over) execute(store.database(), "INSERT INTO pair VALUES (1), (2)");
    });
    for (int round = 0; round < 5; ++round) {
        const fs::path target = folder.path() / ("copy" + std::to_string(round) + ".db");
        const Status done = back_up(store.file(), target);
        CHECK_MESSAGE(done.is_ok(), (done.is_ok() ? "" : done.error().message));
    }
    is_over = true;
    writer.join();
    CHECK(count_files(folder.path()) == 5);
    for (int round = 0; round < 5; ++round) {
        const fs::path target = folder.path() / ("copy" + std::to_string(round) + ".db");
        CHECK(read_number(target, "SELECT count(*) % 2 FROM pair") == 0);
    }
}

TEST_CASE("backup: what is not there, is not sound or stands in the way is said") {
    test::TempStore store;
    const test::TempFolder folder;
    const fs::path target = folder.path() / "copy.db";
    CHECK_FALSE(back_up(folder.path() / "missing.db", target).is_ok());
    const fs::path diary = folder.path() / "diary";
    std::ofstream(diary) << "this is no database";
    CHECK_FALSE(back_up(diary, target).is_ok());
    CHECK_FALSE(back_up(store.file(), diary).is_ok());
    CHECK(fs::file_size(diary) == 19);
    CHECK_FALSE(back_up(store.file(), store.file()).is_ok());
    const Status nowhere = back_up(store.file(), folder.path() / "no" / "such" / "folder.db");
    REQUIRE_FALSE(nowhere.is_ok());
    CHECK(nowhere.error().message.find("folder is not there") != std::string::npos);
    CHECK(count_files(folder.path()) == 1);
}

}  // namespace crm::store
