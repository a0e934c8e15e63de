// Tombstones that are removed for good: only what no system can bring back, and what is left of
// them keeps it so.
#include <SQLiteCpp/Database.h>
#include <doctest/doctest.h>

#include "server/store/invariants.h"
#include "server/store/suppression.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using std::chrono::days;

std::int64_t number_of(SyncBench& bench, const std::string& sql) {
    auto snapshot = bench.store.database().begin_read();
    REQUIRE(snapshot.is_ok());
    return snapshot.value().sqlite().execAndGet(sql).getInt64();
}

/// "removed waiting".
std::string purge(SyncBench& bench, days older_than = days(30)) {
    const auto purged = bench.contacts->purge(bench.customer, older_than);
    REQUIRE_MESSAGE(purged.is_ok(), purged.error().message);
    return std::to_string(purged.value().removed) + ' ' + std::to_string(purged.value().waiting);
}

/// Ada, synced everywhere and then deleted here and there.
struct Scene {
    SyncBench bench;
    Contact ada = bench.create("Ada", "ada@example.org");

    Scene() {
        bench.create("Bob", "bob@example.org");
        settle();
        REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    }
    void settle() {
        for (int round = 0; round < 4; ++round) {
            bench.run();
            bench.clock.advance(std::chrono::minutes(5));
        }
    }
    void check_sound() {
        const auto findings = store::check_all(bench.store.file());
        REQUIRE(findings.is_ok());
        CHECK_MESSAGE(findings.value().empty(), findings.value().front());
    }
};

TEST_CASE("purge: a tombstone goes when it is old and gone everywhere, with all that was said") {
    Scene scene;
    SyncBench& bench = scene.bench;
    scene.settle();
    CHECK(purge(bench) == "0 0");  // too young
    bench.clock.advance(days(31));
    CHECK(purge(bench) == "1 0");
    CHECK(purge(bench) == "0 0");
    CHECK(bench.contacts->find(bench.customer, scene.ada.id).error().code == ErrorCode::NotFound);
    CHECK(number_of(bench, "SELECT count(*) FROM contact_terms WHERE term = 'ada'") == 0);
    // Not even in a part of the index that is to be merged later.
    const std::string word =
        "SELECT count(*) FROM contact_words_data WHERE instr(block, 'ada') > 0";
    CHECK(number_of(bench, word) == 0);
    CHECK(number_of(bench, "SELECT count(*) FROM contact_terms WHERE term = 'bob'") == 1);
    for (const char* table : {"history WHERE contact",
                              "sync_link WHERE contact_id",
                              "sync_alias WHERE contact_id",
                              "sync_suppressed WHERE contact_id"}) {
        CHECK(number_of(bench,
                        "SELECT count(*) FROM " + std::string(table) + " = '" + scene.ada.id.text +
                            "'") == 0);
    }
    CHECK(number_of(bench, "SELECT count(*) FROM sync_suppressed WHERE email_key LIKE '%ada%'") ==
          0);
    CHECK(bench.live().size() == 1);
    scene.check_sound();
}

TEST_CASE("purge: what is gone stays gone, in whatever way a system brings it back") {
    Scene scene;
    SyncBench& bench = scene.bench;
    const std::string dead = bench.hubspot.ids_with_email("ada@example.org").front();
    scene.settle();
    bench.clock.advance(days(31));
    REQUIRE(purge(bench) == "1 0");
    bench.hubspot.person_creates({{"name", "Ada"}, {"email", "ADA@example.org"}});
    bench.pipedrive.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}});
    scene.settle();
    CHECK(bench.only().fields.name == "Bob");
    CHECK(bench.notes().holds.size() == 2);
    bench.restart();
    scene.settle();
    CHECK(bench.only().fields.name == "Bob");
    CHECK(bench.notes().dead.contains({SystemKey("hubspot"), RemoteId(dead)}));
}

TEST_CASE("purge: a person here may use the e-mail again") {
    Scene scene;
    SyncBench& bench = scene.bench;
    scene.settle();
    bench.clock.advance(days(31));
    REQUIRE(purge(bench) == "1 0");
    const Contact again = bench.create("Ada again", "ada@example.org");
    CHECK(number_of(bench, "SELECT count(*) FROM sync_suppressed") == 0);
    scene.settle();
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada again");
    CHECK(bench.live().size() == 2);
    CHECK_FALSE(bench.contacts->find(bench.customer, again.id).value().deleted);
    scene.check_sound();
}

TEST_CASE("purge: what a system may still have, or what is open, waits") {
    Scene scene;
    SyncBench& bench = scene.bench;
    bench.clock.advance(days(31));
    CHECK(purge(bench) == "0 1");  // its deletion was not even sent
    scene.settle();
    // Somebody makes the record anew: it is held, and belongs to the tombstone.
    bench.hubspot.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}});
    scene.settle();
    CHECK(purge(bench) == "0 1");
    CHECK_FALSE(bench.contacts->find(bench.customer, scene.ada.id).value().fields.name.empty());
}

TEST_CASE("purge: live contacts and other customers are left alone") {
    Scene scene;
    SyncBench& bench = scene.bench;
    scene.settle();
    bench.clock.advance(days(31));
    const auto other = bench.contacts->purge(CustomerId("other"), days(0));
    REQUIRE(other.is_ok());
    CHECK(other.value().removed == 0);
    CHECK(other.value().waiting == 0);
    // The triggers still keep everybody else.
    auto transaction = bench.store.database().begin_write();
    REQUIRE(transaction.is_ok());
    CHECK_THROWS(transaction.value().sqlite().exec("DELETE FROM contacts"));
    CHECK_THROWS(transaction.value().sqlite().exec("DELETE FROM history"));
}

TEST_CASE("purge: the hash is that of the key, the same on every machine") {
    CHECK(store::hashed_key("ada@example.org") ==
          "sha256:cfe00dde46ef942601ffafb9e2825e802858b460e586b8305b344c1eb826357d");
}

}  // namespace
}  // namespace crm::test
