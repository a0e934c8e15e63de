// Whole runs that the brakes on listings hold, and how a yes lets them go once.
#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunState;

void fill(SyncBench& bench, int count) {
    for (int i = 0; i < count; ++i)
        bench.create("C" + std::to_string(i), "c" + std::to_string(i) + "@example.org");
    REQUIRE(bench.run().state == RunState::Done);
}

void approve(SyncBench& bench, const api::Run& held) {
    REQUIRE(held.state == RunState::Held);
    REQUIRE(bench.service->approve(bench.customer, held.id).is_ok());
}

TEST_CASE("brake: many missing records unlink and create nothing until a yes") {
    SyncBench bench;
    fill(bench, 10);
    std::vector<std::string> gone = bench.hubspot.live_ids();
    gone.resize(6);
    for (const std::string& id : gone) bench.hubspot.person_deletes(id);
    const Contact late = bench.create("Late", "late@example.org");
    api::Run held;
    for (int i = 0; i < 5; ++i) {
        held = bench.run();
        CHECK(held.state == RunState::Held);
        CHECK(held.problems.front().code == "brake_absent");
        CHECK(held.records_total >= 6);
    }
    CHECK(bench.hubspot.live_ids().size() == 4);
    CHECK(bench.pipedrive.live_ids().size() == 11);  // the other system goes on
    approve(bench, held);
    for (int i = 0; i < 4; ++i) bench.run();
    CHECK(bench.hubspot.live_ids().size() == 11);
    // The yes is used up.
    for (const std::string& id : bench.hubspot.live_ids()) {
        if (bench.hubspot.live_ids().size() > 4) bench.hubspot.person_deletes(id);
    }
    CHECK(bench.run().state == RunState::Held);
}

TEST_CASE("brake: a field emptied everywhere is not taken over, and nothing is written") {
    SyncBench bench;
    fill(bench, 25);
    for (const std::string& id : bench.hubspot.live_ids())
        bench.hubspot.person_edits(id, "name", "");
    const int writes = bench.writes();
    const api::Run held = bench.run();
    CHECK(held.state == RunState::Held);
    CHECK(bench.writes() == writes);
    for (const Contact& contact : bench.live()) CHECK(contact.fields.name != "");
    CHECK(held.records_total == 25);
    CHECK(held.records.front().outcome == "held");
    approve(bench, held);
    bench.run();
    CHECK(bench.live().front().fields.name.empty());
}

TEST_CASE("brake: many creations at once are asked about once the first sync is over") {
    SyncBench bench;
    fill(bench, 60);  // the first sync may be as large as it is
    for (int i = 0; i < 51; ++i)
        bench.create("N" + std::to_string(i), "n" + std::to_string(i) + "@example.org");
    const api::Run held = bench.run();
    REQUIRE_FALSE(held.problems.empty());
    CHECK(held.problems.front().code == "brake_creations");
    CHECK(held.problems.front().message.find("create 51 records in HubSpot") != std::string::npos);
    CHECK(bench.hubspot.live_ids().size() == 60);
    approve(bench, held);
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.hubspot.live_ids().size() == 111);
}

TEST_CASE("brake: another account is neither read nor written until a yes") {
    SyncBench bench;
    bench.hubspot.fingerprint = "account-1";
    fill(bench, 3);
    bench.hubspot.fingerprint = "account-2";
    for (const std::string& id : bench.hubspot.live_ids()) bench.hubspot.person_deletes(id);
    bench.edit(bench.live().front().id, "name", "Edited");
    const int writes = bench.hubspot.writes();
    const api::Run held = bench.run();
    CHECK(held.problems.front().code == "brake_account");
    CHECK(bench.hubspot.writes() == writes);
    CHECK(held.calls.at("hubspot") == 0);
    CHECK(bench.notes().systems.at(SystemKey("hubspot")).account_fingerprint == "account-1");
    CHECK(bench.notes().systems.at(SystemKey("hubspot")).state == "held");
    approve(bench, held);
    const api::Run next = bench.run();  // now it is read, and the next brake has its say
    CHECK(next.problems.front().code == "brake_empty");
    CHECK(bench.notes().systems.at(SystemKey("hubspot")).account_fingerprint == "account-2");
    bench.hubspot.fingerprint = "";  // not readable: unchanged
    CHECK(bench.run().problems.front().code == "brake_empty");
}

TEST_CASE("brake: another mapping is asked about, and then compared anew instead of believed") {
    SyncBench bench;
    bench.settings.systems[0].mapping_hash = "m1";
    fill(bench, 3);
    const Contact first = bench.live().front();
    bench.settings.systems[0].mapping_hash = "m2";
    const std::string id = bench.hubspot.ids_with_email(first.fields.email).front();
    bench.hubspot.person_edits(id, "name", "Another meaning");
    bench.hubspot.person_edits(id, "phone", "+1 555 0199");
    const api::Run held = bench.run();
    CHECK(held.problems.front().code == "brake_mapping");
    CHECK(bench.live().front().fields.phone.empty());
    approve(bench, held);
    bench.run();
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.hubspot.values(id).at("name") == first.fields.name);  // ours stands
    CHECK(bench.hubspot.values(id).at("phone") == "+1 555 0199");     // empty here: filled
    REQUIRE(bench.conflicts().size() == 1);
    CHECK(bench.conflicts().front().kind == "first_sync");
    CHECK(bench.conflicts().front().remote_value == "Another meaning");
}

TEST_CASE("brake: conflicts in many records at once are asked about") {
    SyncBench bench;
    fill(bench, 40);
    for (const Contact& contact : bench.live()) {
        bench.edit(contact.id, "phone", "+1 555 0100");
        if (bench.hubspot.ids_with_email(contact.fields.email).front() < "120")
            bench.hubspot.person_edits(
                bench.hubspot.ids_with_email(contact.fields.email).front(), "phone", "+1 999");
    }
    const api::Run held = bench.run();
    CHECK(held.problems.front().code == "brake_conflicts");
    CHECK(bench.conflicts().empty());
    approve(bench, held);
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.conflicts().size() == 20);
}

}  // namespace
}  // namespace crm::test
