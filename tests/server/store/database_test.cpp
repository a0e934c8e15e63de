#include "server/store/database.h"

#include <atomic>
#include <thread>

#include "server/store/query.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

std::int64_t count_contacts(const Connection& connection) {
    Query query(connection, "SELECT count(*) FROM contacts");
    REQUIRE(query.step());
    return query.integer(0);
}

std::string pragma(const Connection& connection, const std::string& name) {
    Query query(connection, "PRAGMA " + name);
    REQUIRE(query.step());
    return query.text(0);
}

}  // namespace

TEST_CASE("database: the writer is durable and keeps foreign keys") {
    test::TempStore files;
    auto transaction = files.database().begin_write();
    REQUIRE(transaction.is_ok());
    CHECK(pragma(transaction.value(), "journal_mode") == "wal");
    CHECK(pragma(transaction.value(), "synchronous") == "2");
    CHECK(pragma(transaction.value(), "foreign_keys") == "1");
}

TEST_CASE("database: what is not committed is not there") {
    test::TempStore files;
    {
        auto transaction = files.database().begin_write();
        REQUIRE(insert_contact(transaction.value(), test::make_contact("1", "Ann")).is_ok());
    }
    auto snapshot = files.database().begin_read();
    CHECK(count_contacts(snapshot.value()) == 0);
}

TEST_CASE("database: what is committed is there after a restart") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann"));
    files.close();
    files.open();
    auto snapshot = files.database().begin_read();
    CHECK(count_contacts(snapshot.value()) == 1);
}

TEST_CASE("database: a death right before a commit leaves nothing, right after it leaves all") {
    struct Death {};
    test::TempStore files;
    for (const CommitEdge deadly : {CommitEdge::Before, CommitEdge::After}) {
        CAPTURE(deadly == CommitEdge::After);
        files.on_commit = [&](CommitEdge edge) {
            if (edge == deadly) throw Death{};
        };
        {
            auto transaction = files.database().begin_write();
            REQUIRE(insert_contact(transaction.value(), test::make_contact("1", "Ann")).is_ok());
            CHECK_THROWS_AS((void)transaction.value().commit(), Death);
        }
        files.on_commit = {};
        files.close();
        files.open();
        auto snapshot = files.database().begin_read();
        CHECK(count_contacts(snapshot.value()) == (deadly == CommitEdge::After ? 1 : 0));
    }
    // The writer's lock was given back both times, without a restart as well.
    test::insert(files.database(), test::make_contact("2", "Bob"));
}

TEST_CASE("database: every commit shows both its edges, a transaction given up shows none") {
    test::TempStore files;
    std::vector<CommitEdge> edges;
    files.on_commit = [&](CommitEdge edge) { edges.push_back(edge); };
    { auto given_up = files.database().begin_write(); }
    CHECK(edges.empty());
    test::insert(files.database(), test::make_contact("1", "Ann"));
    CHECK(edges == std::vector<CommitEdge>{CommitEdge::Before, CommitEdge::After});
}

TEST_CASE("database: a snapshot sees one state, however long it lasts") {
    test::TempStore files;
    auto before = files.database().begin_read();
    REQUIRE(before.is_ok());
    test::insert(files.database(), test::make_contact("1", "Ann"));
    CHECK(count_contacts(before.value()) == 0);
    auto after = files.database().begin_read();
    CHECK(count_contacts(after.value()) == 1);
    CHECK(count_contacts(before.value()) == 0);
}

TEST_CASE("database: a snapshot cannot write") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    CHECK_THROWS(Query(snapshot.value(), "DELETE FROM contacts").run());
}

TEST_CASE("database: after its commit a transaction lets the next writer in") {
    test::TempStore files;
    auto first = files.database().begin_write();
    REQUIRE(insert_contact(first.value(), test::make_contact("1", "Ann")).is_ok());
    REQUIRE(first.value().commit().is_ok());
    auto second = files.database().begin_write();
    REQUIRE(second.is_ok());
    CHECK(count_contacts(second.value()) == 1);
}

TEST_CASE("database: a moved transaction commits as the one it was") {
    test::TempStore files;
    auto begun = files.database().begin_write();
    Transaction transaction = begun.take();
    REQUIRE(insert_contact(transaction, test::make_contact("1", "Ann")).is_ok());
    REQUIRE(transaction.commit().is_ok());
    auto snapshot = files.database().begin_read();
    CHECK(count_contacts(snapshot.value()) == 1);
}

TEST_CASE("database: many snapshots at once, more than are kept idle") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann"));
    for (int round = 0; round < 2; ++round) {
        std::vector<Snapshot> snapshots;
        for (int number = 0; number < 20; ++number) {
            auto snapshot = files.database().begin_read();
            REQUIRE(snapshot.is_ok());
            snapshots.push_back(snapshot.take());
        }
        for (const Snapshot& snapshot : snapshots) CHECK(count_contacts(snapshot) == 1);
    }
}

TEST_CASE("database: a second one on the same file is told that the file is taken") {
    test::TempStore files;
    const auto second = Database::open(files.file());
    REQUIRE_FALSE(second.is_ok());
    CHECK(second.error().message.find("Another server has this database open") == 0);
    files.close();
    CHECK(Database::open(files.file()).is_ok());
}

TEST_CASE("database: short work joins the process that has it, and both see each other's writes") {
    test::TempStore files;
    auto joined = Database::open_or_join(files.file());
    REQUIRE(joined.is_ok());
    test::insert(*joined.value(), test::make_contact("1", "Ann"));
    test::insert(files.database(), test::make_contact("2", "Bob"));
    for (Database* database : {joined.value().get(), &files.database()}) {
        auto snapshot = database->begin_read();
        CHECK(find_contact(snapshot.value(), test::kAcme, ContactId("1")).value().has_value());
        CHECK(find_contact(snapshot.value(), test::kAcme, ContactId("2")).value().has_value());
    }
    // Whoever joined holds nobody out.
    joined.value().reset();
    files.close();
    files.open();
}

TEST_CASE("database: nobody has it open, so joining opens it, and holds others out") {
    test::TempStore files;
    files.close();
    auto joined = Database::open_or_join(files.file());
    REQUIRE(joined.is_ok());
    CHECK_FALSE(Database::open(files.file()).is_ok());
    joined.value().reset();
    files.open();
}

TEST_CASE("database: its folder must exist") {
    test::TempFolder folder;
    const auto opened = Database::open(folder.path() / "nowhere" / "contacts.db");
    REQUIRE_FALSE(opened.is_ok());
    CHECK(opened.error().code == ErrorCode::Unavailable);
    CHECK(opened.error().message.find("nowhere") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "nowhere"));
}

TEST_CASE("database: what a creation that was cut short left behind is in nobody's way") {
    test::TempFolder folder;
    const auto file = folder.path() / "contacts.db";
    for (const char* suffix : {".new", ".new-wal", ".new-journal"}) {
        std::FILE* left = std::fopen((file.string() + suffix).c_str(), "w");
        REQUIRE(left != nullptr);
        std::fputs("half of a page", left);
        std::fclose(left);
    }
    auto opened = Database::open(file);
    REQUIRE(opened.is_ok());
    CHECK_FALSE(std::filesystem::exists(file.string() + ".new"));
}

TEST_CASE("database: closing leaves one whole file") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann"));
    { auto snapshot = files.database().begin_read(); }
    files.close();
    CHECK_FALSE(std::filesystem::exists(files.file().string() + "-wal"));
}

TEST_CASE("database: threads write one after the other, and readers see whole transactions") {
    test::TempStore files;
    constexpr int kWriters = 4;
    constexpr int kRounds = 25;
    std::atomic<int> uneven{0};
    std::atomic<int> failed{0};
    std::atomic<bool> is_over{false};
    const auto write_pairs = [&](int writer) {
        for (int round = 0; round < kRounds; ++round) {
            auto transaction = files.database().begin_write();
            const std::string id = std::to_string(writer) + "-" + std::to_string(round);
            if (!transaction.is_ok() ||
                !insert_contact(transaction.value(), test::make_contact(id + "a", "A")).is_ok() ||
                !insert_contact(transaction.value(), test::make_contact(id + "b", "B")).is_ok() ||
                !transaction.value().commit().is_ok()) {
                ++failed;
            }
        }
    };
    const auto read_pairs = [&] {
        while (!is_over) {
            auto snapshot = files.database().begin_read();
            if (!snapshot.is_ok()) {
                ++failed;
                continue;
            }
            Query query(snapshot.value(), "SELECT count(*) FROM contacts");
            if (!query.step() || query.integer(0) % 2 != 0) ++uneven;
        }
    };
    std::vector<std::thread> readers;
    for (int number = 0; number < 2; ++number) readers.emplace_back(read_pairs);
    std::vector<std::thread> writers;
    for (int number = 0; number < kWriters; ++number) writers.emplace_back(write_pairs, number);
    for (std::thread& writer : writers) writer.join();
    is_over = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(failed == 0);
    CHECK(uneven == 0);
    auto snapshot = files.database().begin_read();
    CHECK(count_contacts(snapshot.value()) == 2 * kWriters * kRounds);
}

}  // namespace crm::store
