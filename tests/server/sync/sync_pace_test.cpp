// How often the service visits a customer and what its runs may spend, with its threads.
#include <thread>

#include "server/sync/governor.h"
#include "tests/server/sync/running_service.h"

namespace crm::test {
namespace {

/// A row as of a day on which so many calls were made.
sync::SystemRow spent(std::int64_t calls) {
    sync::SystemRow row;
    row.is_first_sync_done = true;
    row.budget_day = sync::start_of_day(SystemClock().now());
    row.calls_today = calls;
    return row;
}

TEST_CASE("service: a system whose calls are spent is left to people, and says until when") {
    Running running(milliseconds(50), spent(70), 100);
    const Contact ada = running.create("Ada", "ada@example.org");
    running.service().use(running.customer);
    running.await_ended(2);
    CHECK(running.pipedrive.calls() == 0);
    CHECK(running.hubspot.live_ids().size() == 1);
    CHECK(running.system(1).state == "rate_limited");
    CHECK(running.system(1).next_try_at == sync::start_of_next_day(running.now()));
    CHECK_FALSE(running.system(1).reason.empty());
    CHECK(running.system(0).state == "connected");
    CHECK(running.system(1).pending == 1);
    const auto why = running.service().why(running.customer, ada.id);
    REQUIRE(why.is_ok());
    CHECK(why.value().at(1).state == "pending");
    CHECK(why.value().at(1).reason.find("spent") != std::string::npos);
    CHECK(why.value().at(1).next_try_at == running.system(1).next_try_at);

    const api::Run run = running.wait(running.run().id);
    CHECK(running.pipedrive.live_ids().size() == 1);
    CHECK(run.calls.at("pipedrive") > 0);
    running.service().stop();
    CHECK(running.pipedrive_row().calls_today == 70 + running.pipedrive.calls());
}

TEST_CASE("service: not even Sync Now spends what is kept for calls without an answer") {
    Running running(milliseconds(0), spent(90), 100);
    running.create("Ada", "ada@example.org");
    const api::Run run = running.wait(running.run().id);
    CHECK(run.state == api::RunState::DoneWithProblems);
    REQUIRE(run.problems.size() == 1);
    CHECK(run.problems[0].code == "budget");
    CHECK(run.problems[0].next_try_at == sync::start_of_next_day(running.now()));
    CHECK(running.pipedrive.calls() == 0);
    CHECK(running.hubspot.live_ids().size() == 1);
}

TEST_CASE("service: a run stops calling a system when its part of the day is spent") {
    Running running(milliseconds(0), spent(86), 100);
    for (int i = 0; i < 9; ++i) {
        running.create("Ada", "ada" + std::to_string(i) + "@example.org");
    }
    const api::Run run = running.wait(running.run().id);
    CHECK(running.hubspot.live_ids().size() == 9);
    CHECK(running.pipedrive.live_ids().size() == 3);
    CHECK(running.pipedrive.calls() == 4);
    CHECK(run.pending == 6);
    running.service().stop();
    CHECK(running.pipedrive_row().calls_today == 90);
}

TEST_CASE("service: a broken connection waits while the other system goes on; people may try") {
    sync::SystemRow row = spent(0);
    row.state = "reconnect";
    row.last_run_at = SystemClock().now();
    Running running(seconds(3600), row);
    running.create("Ada", "ada@example.org");
    running.service().use(running.customer);
    running.await_ended(1);
    CHECK(running.pipedrive.calls() == 0);
    CHECK(running.hubspot.live_ids().size() == 1);
    CHECK(running.system(1).state == "reconnect");
    CHECK(running.system(1).next_try_at == *row.last_run_at + seconds(300));
    running.wait(running.run().id);
    CHECK(running.pipedrive.live_ids().size() == 1);
    CHECK(running.system(1).state == "connected");
    CHECK_FALSE(running.system(1).next_try_at);
}

TEST_CASE("service: with everything paused the timer has nothing to do") {
    Running running(seconds(3600));
    running.service().use(running.customer);
    running.await_ended(1);
    CHECK(running.service().status(running.customer).value().next_run_at);
    REQUIRE(running.service().pause(running.customer, "").is_ok());
    running.wait(running.run().id);
    running.await_ended(2);
    CHECK_FALSE(running.service().status(running.customer).value().next_run_at);
}

TEST_CASE("service: hints bring the next run forward, but not close to the last one") {
    constexpr seconds kInterval{30};
    Running running(kInterval);
    const api::Run run = running.wait(running.run().id);
    const auto status = [&] { return running.service().status(running.customer).value(); };
    const auto next = [&] { return status().next_run_at.value(); };
    REQUIRE(run.ended_at.has_value());
    // The run is stored as ended a moment before the next one is planned.
    const TimePoint patience = running.now() + kPatience;
    while (status().running && running.now() < patience) std::this_thread::yield();
    CHECK(next() > *run.ended_at + kHintGapLeast);
    for (int i = 0; i < 3; ++i) running.service().hint(running.customer);
    CHECK(next() == *run.ended_at + kHintGapLeast);
    CHECK(running.service().runs(running.customer).value().size() == 1);
}

TEST_CASE("service: hints spend no more of a day's calls than the timer may") {
    Running running(seconds(30), spent(0), 100);
    const api::Run run = running.wait(running.run().id);
    const auto status = [&] { return running.service().status(running.customer).value(); };
    const TimePoint patience = running.now() + kPatience;
    while (status().running && running.now() < patience) std::this_thread::yield();
    running.service().hint(running.customer);
    // 70 of 100 calls a day are the background's: a listing every 20 minutes.
    CHECK(status().next_run_at.value() >= *run.ended_at + std::chrono::minutes(20));
}

}  // namespace
}  // namespace crm::test
