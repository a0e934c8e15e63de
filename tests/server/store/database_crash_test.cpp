// A writer that is killed at any moment leaves whole changes only, and every one it had promised.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <thread>

#include "server/store/query.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

constexpr int kRowsPerChange = 3;

/// Rows and history of one change are one commit.
bool write_change(Database& database, std::int64_t number) {
    auto transaction = database.begin_write();
    if (!transaction.is_ok()) return false;
    for (int row = 0; row < kRowsPerChange; ++row) {
        const std::string id = std::to_string(number) + "-" + std::to_string(row);
        const Contact contact = test::make_contact(id, std::string(500, 'n'));
        HistoryLine line;
        line.kind = "created";
        line.version = 1;
        line.changes = exact_changes({}, contact.fields);
        if (!insert_contact(transaction.value(), contact).is_ok()) return false;
        if (!append_history(transaction.value(), test::kAcme, contact.id, line).is_ok()) {
            return false;
        }
    }
    return transaction.value().commit().is_ok();
}

/// In the child: writes until it is killed, and says each number once it is committed.
[[noreturn]] void write_for_ever(const std::filesystem::path& file, std::int64_t first, int out) {
    auto database = Database::open(file);
    if (!database.is_ok()) ::_exit(1);
    for (std::int64_t number = first;; ++number) {
        if (!write_change(*database.value(), number)) ::_exit(2);
        if (::write(out, &number, sizeof number) != sizeof number) ::_exit(3);
    }
}

/// Runs a writer for a moment; the last number that it promised, or `first` - 1.
std::int64_t run_and_kill(const std::filesystem::path& file,
                          std::int64_t first,
                          std::chrono::microseconds life) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        write_for_ever(file, first, ends[1]);
    }
    ::close(ends[1]);
    std::int64_t promised = first - 1;
    std::int64_t number = 0;
    REQUIRE(::read(ends[0], &number, sizeof number) == sizeof number);  // it has begun
    promised = number;
    std::this_thread::sleep_for(life);  // any moment is good: this is what the test varies
    REQUIRE(::kill(child, SIGKILL) == 0);
    int how = 0;
    REQUIRE(::waitpid(child, &how, 0) == child);
    REQUIRE(WIFSIGNALED(how));
    while (::read(ends[0], &number, sizeof number) == sizeof number) promised = number;
    ::close(ends[0]);
    return promised;
}

std::int64_t ask(const Connection& connection, const char* sql) {
    Query query(connection, sql);
    REQUIRE(query.step());
    return query.integer(0);
}

}  // namespace

TEST_CASE("database: kill -9 leaves whole changes only, and all that were promised") {
    test::TempStore files;
    files.close();
    test::SeededRandom random(7);
    std::int64_t first = 1;
    for (int round = 0; round < 12; ++round) {
        CAPTURE(round);
        const std::chrono::microseconds life{random_below(random, 20'000)};
        const std::int64_t promised = run_and_kill(files.file(), first, life);
        files.open();
        {
            auto snapshot = files.database().begin_read();
            REQUIRE(snapshot.is_ok());
            const std::int64_t rows = ask(snapshot.value(), "SELECT count(*) FROM contacts");
            CHECK(rows % kRowsPerChange == 0);
            CHECK(rows / kRowsPerChange >= promised);
            CHECK(rows / kRowsPerChange <= promised + 1);  // one may be kept but not yet promised
            CHECK(ask(snapshot.value(), "SELECT count(*) FROM history") == rows);
            CHECK(ask(snapshot.value(), "SELECT count(*) FROM history_change") == rows);
            Query check(snapshot.value(), "PRAGMA integrity_check");
            REQUIRE(check.step());
            CHECK(check.text(0) == "ok");
            first = rows / kRowsPerChange + 1;
        }
        files.close();
    }
}

TEST_CASE("database: kill -9 while it is made leaves no half of a file") {
    test::TempFolder folder;
    test::SeededRandom random(3);
    for (int round = 0; round < 12; ++round) {
        CAPTURE(round);
        const auto file = folder.path() / (std::to_string(round) + ".db");
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const auto opened = Database::open(file);
            for (;;) ::pause();
        }
        std::this_thread::sleep_for(std::chrono::microseconds{random_below(random, 8000)});
        REQUIRE(::kill(child, SIGKILL) == 0);
        REQUIRE(::waitpid(child, nullptr, 0) == child);
        auto opened = Database::open(file);
        REQUIRE_MESSAGE(opened.is_ok(), (opened.is_ok() ? "" : opened.error().message));
        test::insert(*opened.value(), test::make_contact("1", "Ann"));
    }
}

}  // namespace crm::store
