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
                                .code = "refused",
                                .message = "Pipedrive refused the phone",
                                .action = "Shorten it"});
        screen.driver.act(RunChanged{run});
        Route route = screen_route(which);
        if (which == Screen::Review) route.tab = kProblemsTab;
        screen.driver.act(RouteOpened{route});
        screen.settle();
        CHECK(screen.shows("212 contacts"));
        CHECK(screen.shows("Pipedrive refused the phone"));
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
    CHECK(screen.shows("Would make 1 change, with 3 API calls: HubSpot 3"));
    CHECK(screen.shows("Phone: (empty) → “+44 20 7946 0000”"));
    CHECK(screen.shows("Changed here"));
    CHECK(screen.shows("Planned"));
    screen.check_names();
    screen.click("button", "Do this now");
    CHECK(screen.driver.sent<StartSync>().back().second == StartSync{});
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
    screen.driver.act(SyncLoaded{screen.driver.waiting<PauseSystem>(), connected()});
    screen.settle();
    screen.click("button", "Pause all");
    CHECK(screen.driver.sent<PauseSystem>().back().second == PauseSystem{"", true});
}

TEST_CASE(
    "screen: a system tells its four numbers, until when it waits, and the way to reconnect") {
    for (const float width : {1440.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        screen.width = width;
        fill(screen);
        api::SyncStatus status = connected();
        status.systems[0].state = "rate_limited";
        status.systems[0].next_try_at = screen.driver.now + std::chrono::minutes(90);
        status.systems[0].in_sync = 12301;
        status.systems[0].excluded = 140;
        status.systems[0].failing = 7;
        status.systems[0].pending = 428;
        status.systems[1].state = "reconnect";
        status.systems[1].reason = "Pipedrive refused the token. Nothing is deleted meanwhile.";
        status.next_run_at = screen.driver.now + std::chrono::seconds(150);
        screen.driver.state.sync.status = status;
        screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
        screen.settle();
        for (const char* text : {"12,301", "140", "7", "428", "in sync", "excluded", "failing"}) {
            CAPTURE(text);
            CHECK(screen.shows(text));
        }
        CHECK(screen.shows("Rate-limited until 23:43 UTC"));
        CHECK(screen.shows("Next run in 3 min"));
        CHECK(screen.shows("refused the token"));
        screen.check_names();
        screen.click("link", "Reconnect Pipedrive");
        CHECK(screen.driver.state.route.screen == Screen::Settings);
    }
}

}  // namespace
