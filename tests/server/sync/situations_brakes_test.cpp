// Too much at once, or under other conditions than before: a person is asked. Each test is one of
// the 98 known situations.
#include <doctest/doctest.h>

#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

constexpr int kMany = 40;

void settle_many(ScriptedWorld& world) {
    for (int i = 0; i < kMany; ++i) {
        world.create("Contact " + std::to_string(i), "c" + std::to_string(i) + "@x.org");
    }
    world.settle();
}

api::Run run_later(ScriptedWorld& world) {
    world.clock.advance(world.settings.settle + world.settings.late);
    return world.run();
}

TEST_CASE("situation 49: an edit of all records at once is asked about, and then converges") {
    ScriptedWorld world;
    settle_many(world);
    for (const std::string& id : world.hubspot.live_ids()) {
        world.hubspot.person_edits(id, "jobTitle", "Customer");
    }
    const int writes = world.writes();
    const api::Run held = run_later(world);
    CHECK(held.state == api::RunState::Held);
    REQUIRE(find_problem(held, "brake_changed") != nullptr);
    CHECK(world.writes() == writes);
    for (const Contact& contact : world.live()) CHECK(contact.fields.job_title.empty());
    REQUIRE(world.service->approve(world.customer, held.id).is_ok());
    world.settle();
    for (const std::string& id : world.pipedrive.live_ids()) {
        CHECK(world.pipedrive.text(id, "jobTitle") == "Customer");
    }
    CHECK(world.pipedrive.count(CallKind::Update) == kMany);
    check_quiet(world);
}

TEST_CASE("situation 92: another mapping is asked about before its values count as edits") {
    ScriptedWorld world;
    for (sync::SystemSpec& system : world.settings.systems) system.mapping_hash = "mapping 1";
    world.restart();
    settle_many(world);
    const int writes = world.writes();
    // From now on "jobTitle" is read from another field over there, which is full of other things.
    world.settings.systems[0].mapping_hash = "mapping 2";
    world.restart();
    int number = 0;
    for (const std::string& id : world.hubspot.live_ids()) {
        if (++number % 8 == 0) world.hubspot.person_edits(id, "jobTitle", "Lead source 7");
    }
    const api::Run held = run_later(world);
    CHECK(held.state == api::RunState::Held);
    REQUIRE(find_problem(held, "brake_mapping") != nullptr);
    CHECK(world.writes() == writes);
    for (const Contact& contact : world.live()) CHECK(contact.fields.job_title.empty());
    CHECK(world.live().size() == kMany);
    CHECK(world.hubspot.live_ids().size() == kMany);
    REQUIRE(world.service->approve(world.customer, held.id).is_ok());
    world.settle();
    CHECK(world.hubspot.live_ids().size() == kMany);
    check_quiet(world);
}

TEST_CASE("account: records of another account are neither read nor written before a yes") {
    ScriptedWorld world;
    settle_many(world);
    const int writes = world.writes();
    const ScriptedCrm::State ours = world.hubspot.state;
    world.hubspot.state = {};
    world.hubspot.state.account = "account 2";
    world.hubspot.person_creates({{"name", "Somebody else"}, {"email", "else@x.org"}});
    const int there = world.hubspot.writes();
    api::Run held;
    for (int i = 0; i < 5; ++i) held = run_later(world);
    CHECK(held.state == api::RunState::Held);
    REQUIRE(find_problem(held, "brake_account") != nullptr);
    CHECK(world.hubspot.writes() == there);
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.live().size() == kMany);
    world.hubspot.state = ours;  // the right account is connected again
    world.settle();
    CHECK(world.writes() == writes);
    CHECK(world.hubspot.live_ids().size() == kMany);
}

}  // namespace
}  // namespace crm::test
