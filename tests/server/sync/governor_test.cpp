// How often and how much: tables of what was spent and what happened, and what follows from it.
#include "server/sync/governor.h"

#include <doctest/doctest.h>

namespace crm::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const TimePoint kMidnight = *parse_time("2026-11-25T00:00:00.000Z");
const TimePoint kNoon = kMidnight + hours(12);

SystemSpec limited(double daily) {
    SystemSpec system;
    system.key = SystemKey("hubspot");
    system.label = "HubSpot";
    system.daily_calls_max = daily;
    return system;
}

TEST_CASE("governor: a day begins at midnight UTC, also before 1970") {
    CHECK(start_of_day(kNoon) == kMidnight);
    CHECK(start_of_day(kMidnight) == kMidnight);
    CHECK(start_of_day(kMidnight - milliseconds(1)) == kMidnight - hours(24));
    CHECK(start_of_next_day(kNoon) == kMidnight + hours(24));
    CHECK(start_of_day(TimePoint{milliseconds(-1)}) == TimePoint{milliseconds(-86'400'000)});
}

TEST_CASE("governor: calls are counted by the day") {
    CallCount count;
    count_calls(count, 3, kNoon);
    count_calls(count, 4, kNoon + hours(1));
    CHECK(count == CallCount{kMidnight, 7});
    count_calls(count, 5, kNoon + hours(12));
    CHECK(count == CallCount{kMidnight + hours(24), 5});
}

TEST_CASE("governor: background stops first, then people, then what was left unanswered") {
    struct Row {
        std::int64_t used;
        std::int64_t background;
        std::int64_t person;
        std::int64_t recovery;
    };
    for (const Row& row : {Row{0, 700, 900, 1000},
                           Row{699, 1, 201, 301},
                           Row{700, 0, 200, 300},
                           Row{900, 0, 0, 100},
                           Row{1000, 0, 0, 0},
                           Row{5000, 0, 0, 0}}) {
        CAPTURE(row.used);
        const CallCount count{kMidnight, row.used};
        const auto left = [&](Purpose purpose, TimePoint now) {
            return calls_left(limited(1000), count, purpose, now);
        };
        CHECK(left(Purpose::Background, kNoon) == row.background);
        CHECK(left(Purpose::Person, kNoon) == row.person);
        CHECK(left(Purpose::Recovery, kNoon) == row.recovery);
        CHECK(left(Purpose::Background, kNoon + hours(12)) == 700);
    }
    CHECK_FALSE(calls_left(limited(0), {kMidnight, 1'000'000}, Purpose::Background, kNoon));
}

TEST_CASE("governor: a system without calls left says so and when it goes on") {
    const CallCount count{kMidnight, 700};
    const auto gate = [&](Purpose purpose) {
        return find_gate(limited(1000), {}, count, {purpose, false, kNoon, seconds(30)});
    };
    CHECK_FALSE(gate(Purpose::Background).is_open);
    CHECK(gate(Purpose::Background).code == "budget");
    CHECK(gate(Purpose::Background).opens_at == kMidnight + hours(24));
    CHECK(gate(Purpose::Background).reason.find("2026-11-26T00:00") != std::string::npos);
    CHECK(gate(Purpose::Person).is_open);
    CHECK(gate(Purpose::Person).calls_left == 200);
    CHECK(gate(Purpose::Recovery).calls_left == 300);
    CHECK(find_gate(limited(0), {}, count, {}).is_open);
}

TEST_CASE("governor: a broken connection is tried slowly, and at once when a person asks") {
    SystemRow row;
    row.state = "reconnect";
    row.last_run_at = kNoon;
    const auto gate = [&](bool is_asked, milliseconds later, milliseconds interval) {
        return find_gate(
            limited(0), row, {}, {Purpose::Recovery, is_asked, kNoon + later, interval});
    };
    CHECK_FALSE(gate(false, seconds(299), seconds(30)).is_open);
    CHECK(gate(false, seconds(1), seconds(30)).opens_at == kNoon + seconds(300));
    CHECK(gate(false, seconds(300), seconds(30)).is_open);
    CHECK(gate(true, seconds(1), seconds(30)).is_open);
    CHECK_FALSE(gate(false, seconds(9), seconds(1)).is_open);
    CHECK(gate(false, seconds(10), seconds(1)).is_open);
    CHECK(gate(false, seconds(300), hours(1)).is_open);
    row.state = "connected";
    CHECK(gate(false, seconds(1), seconds(30)).is_open);
    row = {};
    row.state = "reconnect";
    CHECK(gate(false, seconds(1), seconds(30)).is_open);
}

TEST_CASE("governor: the interval holds while something happens, and grows when nothing does") {
    struct Row {
        Activity activity;
        milliseconds configured;
        milliseconds expected;
    };
    const TimePoint lately = kNoon - minutes(9);
    const TimePoint long_ago = kNoon - minutes(10);
    for (const Row& row : {Row{{lately, 0, 0}, seconds(30), seconds(30)},
                           Row{{lately, 0, 9}, seconds(2), seconds(2)},
                           Row{{long_ago, 1, 9}, seconds(30), seconds(30)},
                           Row{{long_ago, 0, 0}, seconds(30), seconds(60)},
                           Row{{long_ago, 0, 1}, seconds(30), seconds(60)},
                           Row{{long_ago, 0, 2}, seconds(30), seconds(120)},
                           Row{{std::nullopt, 0, 3}, seconds(30), seconds(240)},
                           Row{{long_ago, 0, 4}, seconds(30), seconds(300)},
                           Row{{long_ago, 0, 1'000'000}, seconds(30), seconds(300)},
                           Row{{long_ago, 0, 1}, seconds(90), seconds(90)},
                           Row{{long_ago, 0, 50}, seconds(3600), seconds(3600)}}) {
        CAPTURE(row.activity.idle_runs);
        CAPTURE(row.configured.count());
        CHECK(choose_interval(row.activity, kNoon, row.configured) == row.expected);
    }
}

TEST_CASE("governor: the interval grows until a day of runs fits the background's part") {
    const CallCount none{start_of_day(kNoon), 0};
    CHECK(affordable_interval(limited(0), 50, none, kNoon) == milliseconds(0));
    CHECK(affordable_interval(limited(1000), 0, none, kNoon) == milliseconds(0));
    const milliseconds interval = affordable_interval(limited(1000), 7, none, kNoon);
    CHECK(interval == milliseconds(minutes(24 * 60)) / 100);
}

TEST_CASE("situation 71: what is left of a day's budget is spread over the rest of the day") {
    const auto interval_after = [](std::int64_t spent) {
        return affordable_interval(limited(1000), 7, {start_of_day(kNoon), spent}, kNoon);
    };
    const milliseconds usual = milliseconds(minutes(24 * 60)) / 100;
    // Half of the background's 700 for half of the day: as always. More than that: less often.
    CHECK(interval_after(0) == usual);
    CHECK(interval_after(350) == usual);
    CHECK(interval_after(630) == milliseconds(minutes(12 * 60)) / 10);
    CHECK(interval_after(693) == milliseconds(minutes(12 * 60)));
    // Nothing left: the gate is closed, and says until when. People still may.
    CHECK(interval_after(700) == usual);
    const CallCount spent{start_of_day(kNoon), 700};
    CHECK_FALSE(find_gate(limited(1000), {}, spent, {Purpose::Background, false, kNoon}).is_open);
    const Gate gate = find_gate(limited(1000), {}, spent, {Purpose::Person, true, kNoon});
    CHECK(gate.is_open);
    CHECK(gate.calls_left == 200);
    // A new day starts afresh.
    CHECK(affordable_interval(
              limited(1000), 7, {start_of_day(kNoon) - minutes(24 * 60), 700}, kNoon) == usual);
}

}  // namespace
}  // namespace crm::sync
