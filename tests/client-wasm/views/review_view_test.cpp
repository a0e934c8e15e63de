// Review without a browser: the queue, a conflict's choice, a held record's answer.
#include "client-wasm/state/select_review.h"
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

namespace {

api::Conflict phone_conflict(const std::string& id, const std::string& contact) {
    api::Conflict conflict;
    conflict.id = id;
    conflict.contact_id = contact;
    conflict.contact = contact == "a" ? "Ada Lovelace" : "Boris Čížek";
    conflict.field = "phone";
    conflict.kind = "both_changed";
    conflict.state = "open";
    conflict.base = "+44 111";
    conflict.sides = {{"app", "+44 222"}, {"hubspot", ""}};
    conflict.winner = "+44 222";
    return conflict;
}

void show(Screenshot& screen, const std::string& tab, float width = 1440) {
    screen.width = width;
    fill(screen);
    Route route = screen_route(Screen::Review);
    route.tab = tab;
    screen.driver.act(RouteOpened{route});
    screen.driver.act(
        ConflictsLoaded{screen.driver.waiting<FetchConflicts>(),
                        {{phone_conflict("1", "a"), phone_conflict("2", "b")}, 2, ""}});
    api::HeldRecord hold{.system = "hubspot",
                         .record_id = "101",
                         .title = "A. Lovelace",
                         .reason = "no_email",
                         .message = "The record has no e-mail.",
                         .action = "Add one.",
                         .values = {{"phone", "+44 222"}}};
    hold.suggestion = api::Suggestion{"a", "Ada Lovelace", "Both have the phone +44 222.", false};
    const api::HeldRecord suppressed{.system = "pipedrive",
                                     .record_id = "7",
                                     .title = "Old Friend",
                                     .reason = "suppressed",
                                     .message = "It was deleted here."};
    screen.driver.act(
        HoldsLoaded{screen.driver.waiting<FetchHolds>(), {{suppressed, hold}, 2, ""}});
    screen.settle();
}

TEST_CASE("screen: a conflict shows base and every side, and the choice is sent") {
    for (const float width : {1440.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        show(screen, "", width);
        screen.check_names();
        CHECK(screen.count("tab", "Conflicts 2") == 1);
        CHECK(screen.shows("Ada Lovelace · Phone"));
        CHECK(screen.count("radio", "Before: +44 111") == 1);
        CHECK(screen.count("radio", "Here: +44 222") == 1);
        CHECK(screen.shows("stands now"));
        screen.click("radio", "HubSpot: (empty)");
        screen.settle();
        CHECK(screen.shows("Result: Phone “”"));
        screen.click("button", "Apply to all systems");
        REQUIRE(screen.driver.waiting<ResolveConflict>() != 0);
        CHECK(std::get<ResolveConflict>(
                  screen.driver.state.pending.at(screen.driver.waiting<ResolveConflict>()))
                  .resolution.side == "hubspot");
    }
}

TEST_CASE("screen: keys walk the conflicts and choose; a typed value is a choice") {
    Screenshot screen;
    show(screen, "");
    CHECK(screen.press("j"));
    screen.settle();
    CHECK(screen.shows("Boris Čížek · Phone"));
    CHECK(screen.press("1"));
    CHECK(screen.driver.state.review.side == "app");
    CHECK(screen.press("3"));
    CHECK(screen.driver.state.review.side == kBaseSide);
    CHECK(screen.press("k"));
    screen.settle();
    CHECK(screen.driver.state.review.side.empty());
    screen.type("text-field", "Another value", "+44 999");
    CHECK(screen.driver.state.review.side == kOtherSide);
    CHECK(screen.driver.state.review.typed == "+44 999");
}

TEST_CASE("screen: a field that changed since offers to replace it anyway") {
    Screenshot screen;
    show(screen, "");
    screen.driver.state.review.refusal = ReviewRefusal{"1", "Phone is now “+44 9”", true};
    screen.driver.act(ReviewTextTyped{""});
    screen.driver.state.review.refusal = ReviewRefusal{"1", "Phone is now “+44 9”", true};
    screen.settle();
    CHECK(screen.shows("Phone is now"));
    screen.click("button", "Replace it anyway");
    CHECK(screen.driver.waiting<ResolveConflict>() != 0);
}

TEST_CASE("screen: a held record says why, who it may be, and takes an answer") {
    for (const float width : {1440.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        show(screen, std::string(kRecordsTab), width);
        screen.check_names();
        CHECK(screen.count("tab", "Records 1") == 1);
        CHECK(screen.shows("May be Ada Lovelace"));
        CHECK(screen.shows("Both have the phone"));
        CHECK(screen.shows("The record has no e-mail."));
        CHECK(screen.count("button", "Keep apart") == 1);
        screen.click("button", "Link to Ada Lovelace");
        REQUIRE(screen.driver.waiting<DecideHold>() != 0);
        screen.driver.act(HoldDecided{screen.driver.waiting<DecideHold>()});
        screen.settle();
        CHECK(screen.count("button", "Import") == 1);
        CHECK(screen.count("button", "Keep apart") == 0);
    }
}

TEST_CASE("screen: nothing that waits is said in a sentence, and counted nowhere") {
    Screenshot screen;
    fill(screen);
    screen.driver.act(RouteOpened{screen_route(Screen::Review)});
    screen.driver.act(ConflictsLoaded{screen.driver.waiting<FetchConflicts>(), {}});
    screen.settle();
    CHECK(screen.shows("All clear"));
    CHECK(screen.count("tab", "Conflicts") == 1);
    CHECK(review_count(screen.driver.state) == 0);
}

TEST_CASE("screen: problems of one cause stand together and are retried together") {
    Screenshot screen;
    fill(screen);
    api::Run run;
    run.id = RunId("r");
    run.state = api::RunState::DoneWithProblems;
    for (int index = 0; index < 5; ++index) {
        run.problems.push_back({.contact_id = "c" + std::to_string(index),
                                .system = "pipedrive",
                                .code = "refused",
                                .message = "Refused number " + std::to_string(index),
                                .action = "Shorten it"});
    }
    run.problems.push_back({.contact_id = "a", .system = "hubspot", .code = "refused"});
    screen.driver.act(RunChanged{run});
    Route route = screen_route(Screen::Review);
    route.tab = kProblemsTab;
    screen.driver.act(RouteOpened{route});
    screen.settle();
    screen.check_names();
    CHECK(screen.shows("5 × Pipedrive, refused"));
    CHECK(screen.shows("Refused number 2"));
    CHECK_FALSE(screen.shows("Refused number 3"));
    screen.click("button", "Show all 5: Pipedrive, refused");
    screen.settle();
    CHECK(screen.shows("Refused number 4"));
    screen.click("button", "Retry: Pipedrive, refused");
    CHECK(screen.driver.sent<StartSync>().back().second == StartSync{false, "pipedrive", {}});
    screen.driver.act(RunAnswered{screen.driver.waiting<StartSync>(), run});
    screen.settle();
    screen.click("button", "Retry: HubSpot, refused");
    CHECK(screen.driver.sent<StartSync>().back().second.contact == ContactId("a"));
}

}  // namespace
