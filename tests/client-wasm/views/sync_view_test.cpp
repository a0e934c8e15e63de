// Sync and Review without a browser: held runs, previews, what a run wrote.
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

namespace {

TEST_CASE("screen: a held run is approved or discarded on Sync and on Review") {
    for (const Screen which : {Screen::Sync, Screen::Review}) {
        Screenshot screen;
        fill(screen);
        api::Run run;
        run.id = RunId("r");
        run.state = api::RunState::Held;
        run.reason = "It would delete 212 contacts in Pipedrive";
        run.problems.push_back({.contact_id = "a",
                                .system = "hubspot",
                                .code = "no_email",
                                .message = "It has no email",
                                .action = "Add one"});
        screen.driver.act(RunChanged{run});
        screen.driver.act(RouteOpened{screen_route(which)});
        screen.settle();
        CHECK(screen.shows("212 contacts"));
        CHECK(screen.shows("It has no email"));
        screen.check_names();
        screen.click("button", "Discard");
        CHECK(screen.driver.waiting<DecideRun>() != 0);
    }
}

TEST_CASE("screen: a run's page shows every write with old and new value, and why") {
    Screenshot screen;
    fill(screen);
    api::Run run;
    run.id = RunId("p");
    run.state = api::RunState::Done;
    run.is_preview = true;
    run.records = {{.contact_id = "a",
                    .title = "Ada Lovelace",
                    .system = "hubspot",
                    .kind = "update",
                    .record_id = "7",
                    .outcome = "planned",
                    .reason = "Changed here",
                    .changes = {{"phone", "", "+44 20 7946 0000"}}}};
    run.records_total = 1;
    run.calls_needed = {{"hubspot", 3}};
    Route page = screen_route(Screen::Sync);
    page.run = run.id;
    screen.driver.act(RouteOpened{page});
    screen.driver.act(RunAnswered{screen.driver.waiting<FetchRun>(), run});
    screen.settle();
    CHECK(screen.shows("Would make 1 change, with 3 API calls"));
    CHECK(screen.shows("Phone: (empty) → “+44 20 7946 0000”"));
    CHECK(screen.shows("Changed here"));
    CHECK(screen.shows("Planned"));
    screen.check_names();
    screen.click("link", "Change Ada Lovelace in HubSpot");
    CHECK(screen.driver.state.route.contact == ContactId("a"));
}

TEST_CASE("screen: the held run stays in sight when a preview comes after it") {
    Screenshot screen;
    fill(screen);
    api::Run held;
    held.id = RunId("h");
    held.state = api::RunState::Held;
    held.reason = "It would delete 212 contacts in Pipedrive";
    held.records_total = 212;
    screen.driver.act(RunChanged{held});
    api::Run preview;
    preview.id = RunId("p");
    preview.state = api::RunState::Done;
    preview.is_preview = true;
    screen.driver.act(RunChanged{preview});
    screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
    screen.settle();
    CHECK(screen.shows("212 contacts"));
    screen.click("link", "See every change");
    CHECK(screen.driver.state.route.run == held.id);
}

TEST_CASE("screen: a preview is asked for, and a system paused and resumed, on Sync") {
    Screenshot screen;
    fill(screen);
    screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
    screen.settle();
    screen.click("button", "Pause HubSpot");
    CHECK(screen.driver.sent<PauseSystem>().back().second == PauseSystem{"hubspot", true});
    screen.click("button", "Preview changes");
    REQUIRE(screen.driver.waiting<StartSync>() != 0);
    api::Run run;
    run.id = RunId("p");
    run.is_preview = true;
    screen.driver.act(RunAnswered{screen.driver.waiting<StartSync>(), run});
    CHECK(screen.driver.state.route.run == RunId("p"));
    run.state = api::RunState::Done;
    screen.driver.act(RunChanged{run});
    CHECK(screen.driver.sent<FetchRun>().back().second.id == RunId("p"));
    screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
    api::SystemStatus paused = screen.driver.state.sync.status->systems.front();
    paused.state = "paused";
    screen.driver.act(SystemChanged{paused});
    screen.settle();
    screen.check_names();
    CHECK(screen.shows("Resume HubSpot"));
}

}  // namespace
