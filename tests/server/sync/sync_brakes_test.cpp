// Runs that are held: what trips a brake, what it holds back, and how a person lets it go.
#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunState;

TEST_CASE(
    "brake: an empty listing of a system with linked records holds the run and changes nothing") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.create("Bob", "bob@example.org");
    bench.run();
    for (const std::string& id : bench.hubspot.live_ids()) bench.hubspot.person_deletes(id);
    for (int i = 0; i < 5; ++i) {
        const api::Run run = bench.run();
        CHECK(run.state == RunState::Held);
        CHECK(run.problems.front().code == "brake_empty");
    }
    CHECK(bench.hubspot.live_ids().empty());
    // Approved, it believes the listing: the records are created anew.
    auto held = bench.service->runs(bench.customer);
    REQUIRE(held.is_ok());
    REQUIRE(bench.service->approve(bench.customer, held.value().front().id).is_ok());
    for (int i = 0; i < 4; ++i) bench.run();
    CHECK(bench.hubspot.live_ids().size() == 2);
}

TEST_CASE("brake: more deletions than the limit are held until a person approves exactly them") {
    SyncBench bench;
    bench.settings.delete_limit = 3;
    std::vector<Contact> made;
    for (int i = 0; i < 6; ++i)
        made.push_back(
            bench.create("C" + std::to_string(i), "c" + std::to_string(i) + "@example.org"));
    bench.run();
    for (int i = 0; i < 5; ++i)
        REQUIRE(bench.contacts->remove(bench.customer, made[static_cast<std::size_t>(i)].id, {})
                    .is_ok());
    bench.edit(made[5].id, "name", "Edited meanwhile");
    const api::Run held = bench.run();
    CHECK(held.state == RunState::Held);
    CHECK(bench.hubspot.live_ids().size() == 6);
    CHECK(text_in(bench.hubspot, "c5@example.org", "name") == "Edited meanwhile");
    bench.restart();  // what is held survives, and the file is sound
    REQUIRE(bench.service->approve(bench.customer, held.id).is_ok());
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.pipedrive.live_ids().size() == 1);
}

TEST_CASE("brake: a held run is superseded when what tripped it is gone") {
    SyncBench bench;
    bench.settings.delete_limit = 1;
    std::vector<Contact> made;
    for (int i = 0; i < 3; ++i)
        made.push_back(
            bench.create("C" + std::to_string(i), "c" + std::to_string(i) + "@example.org"));
    bench.run();
    for (const Contact& contact : made)
        REQUIRE(bench.contacts->remove(bench.customer, contact.id, {}).is_ok());
    const api::Run held = bench.run();
    REQUIRE(held.state == RunState::Held);
    for (const Contact& contact : made)
        REQUIRE(bench.contacts->restore(bench.customer, contact.id, {}).is_ok());
    CHECK(bench.run().state == RunState::Done);
    auto found = bench.service->find_run(bench.customer, held.id);
    REQUIRE(found.is_ok());
    CHECK(found.value().state == RunState::Superseded);
}

TEST_CASE("brake: the first sync waits for a yes and says what it would do") {
    SyncBench bench;
    bench.settings.is_first_sync_automatic = false;
    bench.create("Ada", "ada@example.org");
    bench.hubspot.person_creates({{"name", "Boris"}, {"email", "boris@example.org"}});
    const api::Run held = bench.run();
    CHECK(held.state == RunState::Held);
    REQUIRE(held.problems.size() == 2);
    CHECK(held.problems[0].message.find("add 1 new contacts here and create 1 records there") !=
          std::string::npos);
    CHECK(bench.live().size() == 1);
    CHECK(bench.writes() == 0);
    REQUIRE(bench.service->approve(bench.customer, held.id).is_ok());
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.live().size() == 2);
    CHECK(bench.hubspot.live_ids().size() == 2);
    CHECK(bench.run().state == RunState::Done);
}

}  // namespace
}  // namespace crm::test
