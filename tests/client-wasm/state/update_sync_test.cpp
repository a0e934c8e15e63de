#include <doctest/doctest.h>

#include "client-wasm/state/select.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

api::Run run_of(const std::string& id, api::RunState state) {
    api::Run run;
    run.id = RunId(id);
    run.state = state;
    return run;
}

api::SyncStatus two_systems() {
    api::SyncStatus status;
    status.systems.push_back({.key = "hubspot", .label = "HubSpot", .state = "connected"});
    status.systems.push_back({.key = "pipedrive", .label = "Pipedrive", .state = "connected"});
    return status;
}

Driver ready() {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(SyncLoaded{driver.waiting<FetchSync>(), two_systems()});
    return driver;
}

}  // namespace

TEST_CASE("sync: Sync now starts one run, tells of it, and announces its end with numbers") {
    Driver driver = ready();
    driver.act(SyncNowClicked{});
    REQUIRE(driver.sent<StartSync>().size() == 1);
    driver.act(SyncNowClicked{});
    CHECK(driver.sent<StartSync>().empty());
    driver.act(RunAnswered{driver.waiting<StartSync>(), run_of("r", api::RunState::Queued)});
    api::Run running = run_of("r", api::RunState::Running);
    running.done = 3;
    running.total = 9;
    driver.act(RunChanged{running});
    CHECK(sync_pill(driver.state) == Pill{Tone::Info, "Working: 3 of 9"});
    api::Run done = run_of("r", api::RunState::Done);
    done.writes = {{"app", 0}, {"hubspot", 2}, {"pipedrive", 1}};
    done.ended_at = driver.now;
    driver.act(RunChanged{done});
    CHECK(driver.said("Sync finished: changed 2 in HubSpot, 1 in Pipedrive"));
    CHECK(sync_pill(driver.state) == Pill{Tone::Ok, "Up to date · just now"});
    driver.act(RunChanged{done});
    CHECK_FALSE(driver.said("Sync finished"));  // once
}

TEST_CASE("sync: an end that overtakes the answer of its start is still told") {
    Driver driver = ready();
    driver.act(SyncNowClicked{});
    driver.act(RunChanged{run_of("r", api::RunState::Done)});
    driver.act(RunAnswered{driver.waiting<StartSync>(), run_of("r", api::RunState::Queued)});
    CHECK(driver.said("Sync finished"));
    CHECK_FALSE(driver.state.sync.awaited_run.is_set());
}

TEST_CASE("sync: an end whose event was lost is found by asking") {
    Driver driver = ready();
    driver.act(SyncNowClicked{});
    driver.act(RunAnswered{driver.waiting<StartSync>(), run_of("r", api::RunState::Running)});
    driver.fire(TimerKind::Poll);
    REQUIRE(driver.sent<FetchRun>().size() == 1);
    driver.act(RunAnswered{driver.waiting<FetchRun>(), run_of("r", api::RunState::Running)});
    driver.fire(TimerKind::Poll);
    driver.act(RunAnswered{driver.waiting<FetchRun>(), run_of("r", api::RunState::Failed)});
    CHECK(driver.said("Sync failed"));
    CHECK(driver.state.timers.size() <= 2);  // the tick, perhaps a refresh; no further poll
}

TEST_CASE("sync: a run with problems is never called just done") {
    api::Run run = run_of("r", api::RunState::DoneWithProblems);
    run.problems.resize(2);
    CHECK(run_text(run) == "Done with 2 problems");
    run.problems.resize(1);
    CHECK(run_text(run) == "Done with 1 problem");
}

TEST_CASE("sync: the pill shows the worst of all") {
    Driver driver = ready();
    api::SyncStatus status = two_systems();
    const auto pill_of = [&driver](const api::SyncStatus& what) {
        driver.state.sync.status = what;
        return sync_pill(driver.state);
    };
    status.systems[0].last_run_at = driver.now - std::chrono::minutes(2);
    CHECK(pill_of(status) == Pill{Tone::Ok, "Up to date · 2 min ago"});
    status.systems[1].pending = 2;
    CHECK(pill_of(status).tone == Tone::Info);
    status.systems[1].failing = 3;
    CHECK(pill_of(status) == Pill{Tone::Warn, "3 need you · 2 min ago"});
    status.run = run_of("r", api::RunState::Held);
    CHECK(pill_of(status) == Pill{Tone::Warn, "Waits for your approval"});
    status.systems[0].state = "reconnect";
    CHECK(pill_of(status) == Pill{Tone::Error, "HubSpot: reconnect needed"});
    driver.state.connection = Connection::Lost;
    CHECK(pill_of(status) == Pill{Tone::Error, "No connection"});
    driver.state.connection = Connection::Live;
    CHECK(pill_of(api::SyncStatus{}) == Pill{Tone::Neutral, "Nothing connected"});
}

TEST_CASE("sync: a timer's look that finds nothing is no news") {
    Driver driver = ready();
    api::Run look = run_of("t", api::RunState::Running);
    look.trigger = "timer";
    driver.act(RunChanged{look});
    CHECK_FALSE(is_sync_running(driver.state));
    look.total = 4;
    driver.act(RunChanged{look});
    CHECK(is_sync_running(driver.state));
}

TEST_CASE("sync: a run that wrote something makes the list look again") {
    Driver driver = ready();
    api::Run done = run_of("r", api::RunState::Done);
    done.writes = {{"app", 1}};
    driver.act(RunChanged{done});
    driver.fire(TimerKind::Refresh);
    CHECK(driver.sent<FetchContacts>().size() == 1);
}

TEST_CASE("sync: the screen asks for its data, a held run is decided once") {
    Driver driver = ready();
    Route route;
    route.screen = Screen::Sync;
    driver.act(RouteOpened{route});
    CHECK(driver.sent<FetchRuns>().size() == 1);
    driver.act(RunsLoaded{driver.waiting<FetchRuns>(), {run_of("h", api::RunState::Held)}});
    driver.act(RunDecided{RunId("h"), RunDecision::Approve});
    REQUIRE(driver.sent<DecideRun>().size() == 1);
    CHECK(driver.sent<DecideRun>()[0].second.decision == RunDecision::Approve);
    driver.act(RunDecided{RunId("h"), RunDecision::Approve});
    CHECK(driver.sent<DecideRun>().empty());
}

TEST_CASE("times are told as people tell them") {
    const TimePoint now{std::chrono::milliseconds(1'700'000'000'000)};  // 14 Nov 2023, 22:13
    CHECK(ago_text(now, now) == "just now");
    CHECK(ago_text(now, now + std::chrono::minutes(3)) == "just now");  // clocks differ
    CHECK(ago_text(now, now - std::chrono::minutes(59)) == "59 min ago");
    CHECK(ago_text(now, now - std::chrono::hours(23)) == "23 h ago");
    CHECK(ago_text(now, now - std::chrono::hours(30)) == "yesterday");
    CHECK(ago_text(now, now - std::chrono::hours(24 * 10)) == "4 Nov 2023");
    CHECK(count_text(12480) == "12,480");
    CHECK(count_text(999) == "999");
    CHECK(count_text(-1234567) == "-1,234,567");
}
