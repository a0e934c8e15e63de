// What a value means: formats, empties, edits on two sides, echoes, old readings. Each test is one
// of the 98 known situations.
#include <vector>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST_CASE("situation 7: an old value in a listing after our own update is not taken back") {
    ScriptedWorld world({.settle = seconds(60), .late = seconds(60)});
    settle_ada(world);
    world.pipedrive.freeze();
    world.edit(kAdaEmail, "name", "Ada King");
    (void)world.run();
    for (int i = 0; i < 3; ++i) {
        world.pipedrive.expect(CallKind::List, Fate::Stale);
        (void)world.run();
        CHECK(world.only().fields.name == "Ada King");
    }
    world.settle();
    CHECK(world.only().fields.name == "Ada King");
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Ada King");
    CHECK(world.conflicts().empty());
}

TEST_CASE("situation 11: a record that only says it changed is written nowhere") {
    for (const bool has_versions : {false, true}) {
        CAPTURE(has_versions);
        ScriptedWorld world({.has_versions = has_versions});
        settle_ada(world);
        const int writes = world.writes();
        for (int i = 0; i < 3; ++i) {
            ++world.hubspot.state.records.at(world.hubspot.id_of(kAdaEmail)).version;
            world.clock.advance(hours(8));
            (void)world.run();
        }
        CHECK(world.writes() == writes);
    }
}

TEST_CASE("situation 13: a field that a record does not have at all is not an empty one") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "phone", "+44 20 1");
    world.settle();
    const int writes = world.writes();
    world.hubspot.state.records.at(world.hubspot.id_of(kAdaEmail)).values.erase("phone");
    world.settle();
    CHECK(world.only().fields.phone == "+44 20 1");
    CHECK(world.pipedrive.text_of(kAdaEmail, "phone") == "44201");
    CHECK(world.writes() == writes);
}

TEST_CASE("situation 14: a field that somebody empties on one side is emptied everywhere") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "jobTitle", "Countess");
    world.settle();
    world.hubspot.person_edits(world.hubspot.id_of(kAdaEmail), "jobTitle", "");
    world.settle();
    CHECK(world.only().fields.job_title.empty());
    CHECK(world.pipedrive.text_of(kAdaEmail, "jobTitle").empty());
    CHECK(world.conflicts().empty());
}

TEST_CASE("situation 15: at first sight an empty field is filled, and blanks nothing") {
    ScriptedWorld world;
    world.hubspot.person_creates(
        {{"name", "Ada"}, {"email", kAdaEmail}, {"phone", ""}, {"jobTitle", "Countess"}});
    world.pipedrive.person_creates(
        {{"name", "Ada"}, {"email", kAdaEmail}, {"phone", "44201"}, {"jobTitle", ""}});
    world.settle();
    for (ScriptedCrm* crm : {&world.hubspot, &world.pipedrive}) {
        CHECK(crm->text_of(kAdaEmail, "phone") == "44201");
        CHECK(crm->text_of(kAdaEmail, "jobTitle") == "Countess");
    }
    CHECK(world.only().fields.phone == "44201");
    CHECK(world.conflicts().empty());
}

TEST_CASE("situation 16: an edit that changes nothing sends nothing") {
    ScriptedWorld world;
    settle_ada(world);
    const int writes = world.writes();
    world.edit(kAdaEmail, "name", "Ada");
    world.edit(kAdaEmail, "name", "Ada King");
    world.edit(kAdaEmail, "name", "Ada");
    world.settle();
    CHECK(world.writes() == writes);
}

TEST_CASE("situation 54: a name that a system wants and nobody has is made up, and stays there") {
    ScriptedWorld world;
    world.create("", kAdaEmail);
    world.settle();
    CHECK_FALSE(world.pipedrive.text_of(kAdaEmail, "name").empty());
    CHECK(world.hubspot.text(world.hubspot.id_of(kAdaEmail), "name").empty());
    CHECK(world.only().fields.name.empty());
    check_quiet(world);
}

TEST_CASE("situation 55: a name that reads back in other words is a change once, not for ever") {
    ScriptedWorld world;
    world.create("Mary Ann van der Berg", kAdaEmail);
    world.settle();
    world.pipedrive.person_edits(
        world.pipedrive.id_of(kAdaEmail), "name", "Mary  Ann van der Berg ");
    check_quiet(world);
    CHECK(world.only().fields.name == "Mary Ann van der Berg");
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Mary Ann van der Berg");
}

TEST_CASE("situation 56: blanks of any kind are no change, and stay as each side has them") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "name", "Ada King");
    world.settle();
    world.hubspot.person_edits(world.hubspot.id_of(kAdaEmail), "name", " Ada\u00A0 King ");
    check_quiet(world);
    CHECK(world.only().fields.name == "Ada King");
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == " Ada\u00A0 King ");
}

TEST_CASE("situation 57: a phone in another format is the same phone, and keeps its format") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "phone", "+1 (555) 123-4567");
    world.settle();
    CHECK(world.hubspot.text_of(kAdaEmail, "phone") == "+1 (555) 123-4567");
    CHECK(world.pipedrive.text_of(kAdaEmail, "phone") == "15551234567");
    CHECK(world.only().fields.phone == "+1 (555) 123-4567");
    check_quiet(world);
}

TEST_CASE("situation 79: our own write that comes back is no change") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "name", "Ada King");
    world.settle();
    check_quiet(world);
    const auto history = world.contacts->history(world.customer, world.only().id);
    REQUIRE(history.is_ok());
    for (const api::HistoryEntry& entry : history.value()) CHECK(entry.kind != "conflict");
    CHECK(world.hubspot.count(CallKind::Update) == 1);
    CHECK(world.pipedrive.count(CallKind::Update) == 1);
}

TEST_CASE("situation 80: our own write that comes back in another form is accepted as it is") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "phone", "+44 (20) 1");
    world.edit(kAdaEmail, "email", "Ada.King@X.org");
    world.settle();
    CHECK(world.pipedrive.text_of("ada.king@x.org", "phone") == "44201");
    CHECK(world.hubspot.text_of("ada.king@x.org", "email") == "ada.king@x.org");
    CHECK(world.only().fields.email == "Ada.King@X.org");
    check_quiet(world);
    // A real edit of the changed form is still seen.
    world.pipedrive.person_edits(world.pipedrive.id_of("ada.king@x.org"), "phone", "44209");
    world.settle();
    CHECK(world.only().fields.phone == "44209");
}

/// The title in a system, and how a program over there wants to see it.
struct Habit {
    ScriptedCrm& crm;
    std::string title;
};

/// Every quarter of an hour for a day, programs over there set what they want; listings are read
/// all the time. How often one of them had to.
int live_with(ScriptedWorld& world, const std::vector<Habit>& habits) {
    int times = 0;
    for (int quarter = 0; quarter < 4 * 24; ++quarter) {
        for (int i = 0; i < 15; ++i) {
            world.clock.advance(seconds(60));
            (void)world.run();
        }
        for (const Habit& habit : habits) {
            if (habit.crm.text_of(kAdaEmail, "jobTitle") == habit.title) continue;
            habit.crm.person_edits(habit.crm.id_of(kAdaEmail), "jobTitle", habit.title);
            ++times;
        }
    }
    return times;
}

void check_frozen(ScriptedWorld& world) {
    const int writes = world.writes();
    world.clock.advance(hours(48));
    const api::Run run = world.run();
    CHECK(world.writes() == writes);
    const api::RunProblem* problem = find_problem(run, "frozen");
    REQUIRE(problem != nullptr);
    CHECK(problem->message.find("keeps changing back") != std::string::npos);
    const auto rows = world.conflicts();
    CHECK(std::any_of(rows.begin(), rows.end(), [](const sync::ConflictRow& row) {
        return row.kind == "oscillation" && row.state == "open" && row.field == "jobTitle";
    }));
}

TEST_CASE("situation 81: a field that a program turns back after every write is left alone") {
    for (const bool has_get : {false, true}) {
        CAPTURE(has_get);
        ScriptedWorld world({.has_get = has_get});
        settle_ada(world);
        const std::vector<Habit> habits{{world.hubspot, "Countess"},
                                        {world.pipedrive, "countess!"}};
        const int times = live_with(world, habits);
        CHECK(times >= 4);
        CHECK(times <= 10);
        check_frozen(world);
        CHECK(world.hubspot.text_of(kAdaEmail, "jobTitle") == "Countess");
        CHECK(world.pipedrive.text_of(kAdaEmail, "jobTitle") == "countess!");
    }
}

TEST_CASE("situation 82: of a second engine on one side the field is left alone after some turns") {
    ScriptedWorld world;
    settle_ada(world);
    int returns = 0;
    // It keeps its own idea of the title in Pipedrive; a person here insists on another one.
    for (int attempt = 0; attempt < 6; ++attempt) {
        if (world.only().fields.job_title != "Countess")
            world.edit(kAdaEmail, "jobTitle", "Countess");
        world.settle();
        if (world.pipedrive.text_of(kAdaEmail, "jobTitle") == "Countess") {
            world.pipedrive.person_edits(
                world.pipedrive.id_of(kAdaEmail), "jobTitle", "Mathematician");
            ++returns;
        }
        for (int i = 0; i < 20; ++i) {
            world.clock.advance(seconds(60));
            (void)world.run();
        }
    }
    CHECK(returns == static_cast<int>(kTurnBacksMax) + 1);
    check_frozen(world);
    CHECK(world.only().fields.job_title == "Countess");
    CHECK(world.hubspot.text_of(kAdaEmail, "jobTitle") == "Countess");
}

TEST_CASE("situation 83: edits of different fields on all sides survive") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "name", "Ada King");
    world.hubspot.person_edits(world.hubspot.id_of(kAdaEmail), "jobTitle", "Countess");
    world.pipedrive.person_edits(world.pipedrive.id_of(kAdaEmail), "pronouns", "she/her");
    world.settle();
    for (ScriptedCrm* crm : {&world.hubspot, &world.pipedrive}) {
        CHECK(crm->text_of(kAdaEmail, "name") == "Ada King");
        CHECK(crm->text_of(kAdaEmail, "jobTitle") == "Countess");
        CHECK(crm->text_of(kAdaEmail, "pronouns") == "she/her");
    }
    CHECK(world.conflicts().empty());
}

TEST_CASE("situation 84: of edits of one field one stands everywhere, and the others are kept") {
    ScriptedWorld world;
    settle_ada(world);
    world.edit(kAdaEmail, "name", "Ours");
    world.hubspot.person_edits(world.hubspot.id_of(kAdaEmail), "name", "Theirs");
    world.pipedrive.person_edits(world.pipedrive.id_of(kAdaEmail), "name", "Others'");
    world.settle();
    CHECK(world.only().fields.name == "Ours");
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Ours");
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Ours");
    CHECK(is_on_record(world, "name", "Theirs"));
    CHECK(is_on_record(world, "name", "Others'"));
    check_quiet(world);
}

TEST_CASE("situation 85: a clock that is wrong over there decides nothing") {
    for (const auto skew : {hours(-24 * 365), hours(24 * 365)}) {
        CAPTURE(skew.count());
        ScriptedWorld world;
        settle_ada(world);
        for (ScriptedCrm* crm : {&world.hubspot, &world.pipedrive}) {
            crm->state.records.at(crm->id_of(kAdaEmail)).created_at = world.clock.now() + skew;
        }
        world.hubspot.person_edits(world.hubspot.id_of(kAdaEmail), "name", "Newer");
        world.settle();
        CHECK(world.only().fields.name == "Newer");
        CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Newer");
        world.edit(kAdaEmail, "name", "Newest");
        world.settle();
        CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Newest");
        CHECK(world.conflicts().empty());
    }
}

TEST_CASE("situation 96: long, coloured and right-to-left text arrives whole") {
    ScriptedWorld world;
    const std::string name =
        "👩‍🚀 שלום عالم " + std::string(150, 'x') + " Ünïcödé 王";
    world.create(name, kAdaEmail);
    world.settle();
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == name);
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == name);
    world.pipedrive.person_edits(world.pipedrive.id_of(kAdaEmail), "jobTitle", "منجمة 👑");
    // What cannot be held here stays there, and the rest of the record goes on.
    world.pipedrive.person_edits(
        world.pipedrive.id_of(kAdaEmail), "pronouns", std::string(10'000, 'p'));
    world.settle();
    CHECK(world.only().fields.job_title == "منجمة 👑");
    CHECK(world.only().fields.pronouns.empty());
    CHECK(world.pipedrive.text_of(kAdaEmail, "pronouns").size() == 10'000);
    check_quiet(world);
}

}  // namespace
}  // namespace crm::test
