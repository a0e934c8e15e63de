// What ends, and what must not come back: deletes, ghosts, trash, brakes. Each test is one of the
// 98 known situations.
#include <doctest/doctest.h>

#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using sync::HoldReason;

/// Names of contacts in step everywhere.
void settle_many(ScriptedWorld& world, int count) {
    for (int i = 0; i < count; ++i) {
        world.create("Contact " + std::to_string(i), "c" + std::to_string(i) + "@x.org");
    }
    world.settle();
}

TEST_CASE("situation 36: a record that left the listing is only gone after all ways to find it") {
    ScriptedWorld world({.has_get = true});
    settle_ada(world);
    const std::string record = world.hubspot.id_of(kAdaEmail);
    world.hubspot.freeze();
    world.hubspot.state.frozen.at(record).is_live = false;
    // Listings lose it once, as when pages shift; it is there all the time.
    world.hubspot.expect(CallKind::List, Fate::Stale);
    world.settle();
    CHECK(world.only().links.at(kHubSpot).id.text == record);
    CHECK(world.hubspot.live_ids() == std::vector<std::string>{record});
    CHECK(world.hubspot.count(CallKind::Create) == 1);
}

TEST_CASE("situation 39: a record archived over there is made again, and nothing else is deleted") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string old = world.hubspot.id_of(kAdaEmail);
    world.hubspot.person_deletes(old);
    world.settle();
    CHECK(world.hubspot.id_of(kAdaEmail) != old);
    CHECK(world.live().size() == 1);
    CHECK(world.pipedrive.live_ids().size() == 1);
    CHECK(world.pipedrive.count(CallKind::Remove) == 0);
}

TEST_CASE("situation 40: a record that comes back after ten days makes no second contact") {
    for (const auto policy : {sync::VanishPolicy::Restore, sync::VanishPolicy::Detach}) {
        CAPTURE(policy == sync::VanishPolicy::Detach);
        ScriptedWorld world;
        for (sync::SystemSpec& system : world.settings.systems) system.vanish = policy;
        world.restart();
        settle_ada(world);
        const std::string old = world.pipedrive.id_of(kAdaEmail);
        world.pipedrive.person_deletes(old);
        world.settle();
        world.clock.advance(hours(240));
        world.pipedrive.person_restores(old);
        world.settle();
        CHECK(world.live().size() == 1);
        CHECK(world.hubspot.live_ids().size() == 1);
        const sync::CustomerNotes notes = world.notes();
        const auto& standing = notes.contacts.at(world.only().id).systems.at(kPipedrive);
        const bool is_linked = standing.link && standing.link->id.text == old;
        CHECK((is_linked || find_hold(notes, kPipedrive, old) != nullptr));
        check_quiet(world);
    }
}

TEST_CASE("situation 41: an e-mail that was made anew meanwhile: the old record is a held twin") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string old = world.pipedrive.id_of(kAdaEmail);
    world.pipedrive.person_deletes(old);
    world.settle();
    const std::string fresh = world.pipedrive.id_of(kAdaEmail);
    world.pipedrive.person_restores(old);
    const int writes = world.writes();
    world.settle();
    CHECK(world.only().links.at(kPipedrive).id.text == fresh);
    const sync::CustomerNotes notes = world.notes();
    REQUIRE(find_hold(notes, kPipedrive, old) != nullptr);
    CHECK(find_hold(notes, kPipedrive, old)->reason == HoldReason::Restored);
    CHECK_FALSE(find_hold(notes, kPipedrive, old)->message.empty());
    CHECK(world.writes() == writes);
}

TEST_CASE("situation 43: a deleted contact that an old listing still shows does not come back") {
    ScriptedWorld world({.settle = seconds(60), .late = seconds(60)});
    settle_ada(world);
    world.hubspot.freeze();
    world.pipedrive.freeze();
    world.remove(kAdaEmail);
    (void)world.run();
    CHECK(world.hubspot.live_ids().empty());
    for (int i = 0; i < 3; ++i) {
        world.hubspot.expect(CallKind::List, Fate::Stale);
        world.pipedrive.expect(CallKind::List, Fate::Stale);
        world.clock.advance(seconds(10));
        (void)world.run();
        CHECK(world.live().empty());
    }
    world.settle();
    CHECK(world.live().empty());
    CHECK(world.hubspot.live_ids().empty());
    CHECK(world.pipedrive.live_ids().empty());
    CHECK(world.hubspot.count(CallKind::Create) == 1);
}

TEST_CASE("situation 44: a listing that breaks off deletes nothing and makes nothing anew") {
    ScriptedWorld world;
    settle_many(world, 8);
    const int writes = world.writes();
    for (int i = 0; i < 6; ++i) {
        world.pipedrive.expect(CallKind::List, Fate::Truncated);
        world.clock.advance(seconds(10));
        (void)world.run();
    }
    world.settle();
    CHECK(world.writes() == writes);
    CHECK(world.pipedrive.live_ids().size() == 8);
    CHECK(world.live().size() == 8);
}

TEST_CASE("situation 45: a record that is gone already counts as deleted") {
    ScriptedWorld world;
    settle_ada(world);
    world.pipedrive.person_deletes(world.pipedrive.id_of(kAdaEmail));
    world.remove(kAdaEmail);
    const api::Run run = world.run();
    CHECK(run.problems.empty());
    world.settle();
    CHECK(world.live().empty());
    CHECK(world.hubspot.live_ids().empty());
    check_quiet(world);
}

TEST_CASE("situation 46: a record deleted in one system and edited in the other keeps the edit") {
    ScriptedWorld world;
    settle_ada(world);
    world.hubspot.person_deletes(world.hubspot.id_of(kAdaEmail));
    world.pipedrive.person_edits(world.pipedrive.id_of(kAdaEmail), "jobTitle", "Countess");
    world.settle();
    CHECK(world.only().fields.job_title == "Countess");
    CHECK(world.hubspot.text_of(kAdaEmail, "jobTitle") == "Countess");
    const auto history = world.contacts->history(world.customer, world.only().id);
    REQUIRE(history.is_ok());
    const auto& entries = history.value();
    CHECK(std::any_of(entries.begin(), entries.end(), [](const api::HistoryEntry& entry) {
        return entry.kind == "unlinked";
    }));
}

TEST_CASE("situation 47: a contact deleted on both sides is gone without a word") {
    ScriptedWorld world;
    settle_ada(world);
    world.hubspot.person_deletes(world.hubspot.id_of(kAdaEmail));
    world.pipedrive.person_deletes(world.pipedrive.id_of(kAdaEmail));
    world.remove(kAdaEmail);
    const api::Run run = world.run();
    CHECK(run.problems.empty());
    world.settle();
    CHECK(world.live().empty());
    CHECK(world.conflicts().empty());
    CHECK(world.hubspot.count(CallKind::Create) == 1);
    check_quiet(world);
}

TEST_CASE("situation 48: many records that vanish at once are not made anew without a yes") {
    ScriptedWorld world({.delete_limit = 10});
    settle_many(world, 40);
    for (const std::string& id : world.hubspot.live_ids()) {
        if (world.hubspot.live_ids().size() > 12) world.hubspot.person_deletes(id);
    }
    api::Run run;
    for (int i = 0; i < 6; ++i) {
        world.clock.advance(seconds(10));
        run = world.run();
    }
    CHECK(run.state == api::RunState::Held);
    CHECK(world.hubspot.live_ids().size() == 12);
    CHECK(world.live().size() == 40);
    CHECK(world.pipedrive.live_ids().size() == 40);
    REQUIRE_FALSE(run.problems.empty());
    CHECK_FALSE(run.problems.front().action.empty());
}

TEST_CASE("situation 50: a listing that is suddenly empty or short deletes nothing") {
    for (const bool is_empty : {true, false}) {
        CAPTURE(is_empty);
        ScriptedWorld world({.delete_limit = 10});
        settle_many(world, 40);
        const int writes = world.writes();
        world.hubspot.freeze();
        int left = is_empty ? 0 : 3;
        for (auto& [id, record] : world.hubspot.state.frozen) {
            if (left-- <= 0) record.is_live = false;
        }
        for (int i = 0; i < 6; ++i) {
            // A run may look more than once.
            for (int look = 0; look < 10; ++look) world.hubspot.expect(CallKind::List, Fate::Stale);
            world.clock.advance(seconds(10));
            (void)world.run();
            world.hubspot.state.script.clear();
        }
        CHECK(world.writes() == writes);
        CHECK(world.live().size() == 40);
        CHECK(world.pipedrive.live_ids().size() == 40);
    }
}

TEST_CASE("situation 93: records that an owner may not see any more are not taken for deleted") {
    ScriptedWorld world({.delete_limit = 10});
    settle_many(world, 30);
    const int writes = world.writes();
    world.pipedrive.freeze();
    int hidden = 0;
    for (auto& [id, record] : world.pipedrive.state.frozen) record.is_live = hidden++ % 2 == 0;
    api::Run run;
    for (int i = 0; i < 6; ++i) {
        for (int look = 0; look < 10; ++look) world.pipedrive.expect(CallKind::List, Fate::Stale);
        world.clock.advance(seconds(10));
        run = world.run();
        world.pipedrive.state.script.clear();
    }
    CHECK(run.state == api::RunState::Held);  // a person is told, and asked
    CHECK(world.writes() == writes);
    CHECK(world.live().size() == 30);
}

TEST_CASE("situation 98: after a pause of forty days what vanished is asked about") {
    ScriptedWorld world({.delete_limit = 10});
    settle_many(world, 30);
    world.clock.advance(hours(40 * 24));
    int purged = 0;
    for (ScriptedCrm* crm : {&world.hubspot, &world.pipedrive}) {
        for (const std::string& id : crm->live_ids()) {
            if (purged++ % 2 == 0) crm->person_deletes(id);
        }
    }
    api::Run run;
    for (int i = 0; i < 6; ++i) {
        world.clock.advance(seconds(10));
        run = world.run();
    }
    CHECK(run.state == api::RunState::Held);
    CHECK(world.live().size() == 30);
    CHECK(world.hubspot.live_ids().size() == 15);
    CHECK(world.pipedrive.live_ids().size() == 15);
    REQUIRE(world.service->approve(world.customer, run.id).is_ok());
    world.settle();
    CHECK(world.hubspot.live_ids().size() == 30);
    CHECK(world.pipedrive.live_ids().size() == 30);
}

}  // namespace
}  // namespace crm::test
