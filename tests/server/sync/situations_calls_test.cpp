// What can happen to a call: lost, refused, too early, in between. Each test is one of the 98 known
// situations.
#include <doctest/doctest.h>

#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

using std::chrono::seconds;

struct Death {};

TEST_CASE("situation 12: an answer that does not repeat what was written blanks nothing") {
    ScriptedWorld world;  // its systems answer with an id and nothing else
    settle_ada(world);
    world.edit(kAdaEmail, "phone", "+44 20 1");
    world.settle();
    world.edit(kAdaEmail, "name", "Ada King");
    (void)world.run();
    CHECK(world.only().fields.phone == "+44 20 1");
    CHECK(world.only().fields.email == kAdaEmail);
    check_quiet(world);
    CHECK(world.hubspot.text_of(kAdaEmail, "phone") == "+44 20 1");
}

TEST_CASE("situation 21: what an administrator's rule says reaches the person in their words") {
    ScriptedWorld world;
    settle_ada(world);
    world.hubspot.refusal = {"refused", "Lead source is required", {}};
    world.hubspot.expect(CallKind::Update, Fate::Refused);
    world.edit(kAdaEmail, "name", "Ada King");
    const api::Run run = world.run();
    REQUIRE(run.problems.size() == 1);
    CHECK(run.problems.front().system == "hubspot");
    CHECK(run.problems.front().message.find("Lead source is required") != std::string::npos);
    CHECK_FALSE(run.problems.front().action.empty());
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Ada King");
}

TEST_CASE("situation 69: a day's limit pauses the system, and what waits is done afterwards") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "name", "Ada King");
    world.hubspot.expect(CallKind::Update, Fate::RateLimited);
    const api::Run paused = world.run();
    CHECK(paused.pending > 0);
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Ada King");
    const sync::SystemRow row = world.notes().systems.at(kHubSpot);
    REQUIRE(row.pause_until.has_value());  // shown to people
    world.restart();                       // what waits survives
    world.settle();
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Ada King");
}

TEST_CASE("situation 74: a token refused in the middle pauses that system, not the other") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "name", "Ada King");
    world.pipedrive.person_edits(world.pipedrive.id_of(kAdaEmail), "jobTitle", "Countess");
    world.hubspot.expect(CallKind::Update, Fate::Disconnected);
    const api::Run run = world.run();
    CHECK(run.problems.size() == 1);
    CHECK(world.only().fields.job_title == "Countess");
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Ada King");
    CHECK(world.notes().systems.at(kHubSpot).state != "connected");
    world.settle();
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Ada King");
    CHECK(world.hubspot.text_of(kAdaEmail, "jobTitle") == "Countess");
    CHECK(world.notes().systems.at(kHubSpot).state == "connected");
}

TEST_CASE("situation 75: a create that timed out and took effect is one record") {
    ScriptedWorld world({.settle = seconds(30), .late = seconds(30)});
    world.create("Ada", kAdaEmail);
    world.hubspot.expect(CallKind::Create, Fate::LostAnswer);
    world.pipedrive.expect(CallKind::Create, Fate::LostAnswer);
    world.settle();
    for (ScriptedCrm* crm : {&world.hubspot, &world.pipedrive}) {
        CHECK(crm->live_ids().size() == 1);
        CHECK(crm->count(CallKind::Create) == 1);
    }
    check_quiet(world);
}

TEST_CASE("situation 76: an orphan whose e-mail is gone is known by its marker or its content") {
    for (const bool has_marker : {false, true}) {
        CAPTURE(has_marker);
        ScriptedWorld world({.settle = seconds(30), .late = seconds(30), .has_marker = has_marker});
        world.create("Ada", kAdaEmail);
        world.edit(kAdaEmail, "phone", "+44 20 1");
        world.pipedrive.expect(CallKind::Create, Fate::LostAnswer);
        (void)world.run();
        REQUIRE(world.pipedrive.live_ids().size() == 1);
        const std::string orphan = world.pipedrive.live_ids().front();
        world.pipedrive.person_edits(orphan, "email", "");
        if (has_marker) world.pipedrive.person_edits(orphan, "name", "Somebody");
        world.settle();
        CHECK(world.pipedrive.live_ids() == std::vector<std::string>{orphan});
        CHECK(world.only().links.at(kPipedrive).id.text == orphan);
    }
}

TEST_CASE("situation 77: a death between a call and its note leaves exactly one record") {
    for (const CallEdge edge : {CallEdge::Before, CallEdge::After}) {
        CAPTURE(edge == CallEdge::After);
        ScriptedWorld world({.settle = seconds(30), .late = seconds(30)});
        world.settle();
        world.create("Ada", kAdaEmail);
        int calls = 0;
        world.pipedrive.on_edge = [&](CallEdge passed) {
            if (passed == edge && ++calls == 2) throw Death{};  // the first one lists
        };
        CHECK_THROWS_AS(world.run(), Death);
        world.pipedrive.on_edge = {};
        CHECK(world.pipedrive.count(CallKind::Create) == (edge == CallEdge::After ? 1 : 0));
        world.restart();
        world.settle();
        CHECK(world.pipedrive.live_ids().size() == 1);
        CHECK(world.pipedrive.count(CallKind::Create) == 1);
    }
}

TEST_CASE("situation 78: an update that timed out is read again before it is repeated") {
    for (const Fate fate : {Fate::LostAnswer, Fate::LostRequest, Fate::Late}) {
        CAPTURE(static_cast<int>(fate));
        ScriptedWorld world({.settle = seconds(30), .late = seconds(30)});
        settle_ada(world);
        world.edit(kAdaEmail, "name", "Ada King");
        world.hubspot.expect(CallKind::Update, fate);
        world.settle();
        CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Ada King");
        CHECK(world.hubspot.count(CallKind::Update) == 1);
        CHECK(world.only().fields.name == "Ada King");
        CHECK(world.conflicts().empty());
    }
}

TEST_CASE(
    "situation 91: the first sync of systems that are full says what it would do, and waits") {
    ScriptedWorld world;
    world.settings.is_first_sync_automatic = false;
    world.restart();
    world.create("Ada", kAdaEmail);
    world.hubspot.person_creates({{"name", "Ada L."}, {"email", kAdaEmail}});
    world.hubspot.person_creates({{"name", "Bob"}, {"email", kBobEmail}});
    world.pipedrive.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    const api::Run run = world.run();
    CHECK(run.state == api::RunState::Held);
    CHECK(world.writes() == 0);
    CHECK(world.live().size() == 1);
    CHECK(world.live().front().fields.name == "Ada");
    CHECK(run.problems.size() == 2);
    REQUIRE(world.service->approve(world.customer, run.id).is_ok());
    world.settle();
    CHECK(world.live().size() == 2);
    CHECK(world.hubspot.live_ids().size() == 2);
    CHECK(world.pipedrive.live_ids().size() == 2);
}

}  // namespace
}  // namespace crm::test
