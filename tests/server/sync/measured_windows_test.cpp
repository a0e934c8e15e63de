// Δ and Λ as measured: up at once, down slowly, never below what is configured.
#include "server/sync/measured_windows.h"

#include <doctest/doctest.h>

#include "server/limits.h"

namespace crm::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Rules kConfigured{seconds(60), seconds(30)};
const TimePoint kNow{hours(1000)};

TEST_CASE("measured: without proof nothing changes") {
    SystemRow row;
    raise_settle(row, kConfigured, {}, kNow);
    CHECK(row == SystemRow{});
    CHECK(rules_of(row, kConfigured).settle == seconds(60));
    CHECK(rules_of(row, kConfigured).late == seconds(30));
}

TEST_CASE("measured: an old reading doubles Δ, and more when it was much older") {
    SystemRow row;
    raise_settle(row, kConfigured, {.incidents = 2, .late_by = seconds(35)}, kNow);
    CHECK(rules_of(row, kConfigured).settle == seconds(120));
    CHECK(rules_of(row, kConfigured).late == seconds(30));
    CHECK(row.incidents == 2);
    raise_settle(row, kConfigured, {.incidents = 1, .late_by = seconds(100)}, kNow);
    CHECK(rules_of(row, kConfigured).settle == seconds(300));
    raise_settle(row, kConfigured, {.incidents = 1, .late_by = hours(2)}, kNow);
    CHECK(rules_of(row, kConfigured).settle == kMeasuredWindowMax);
}

TEST_CASE("measured: a late call doubles Λ only") {
    SystemRow row;
    raise_settle(row, kConfigured, {.late_calls = 1}, kNow);
    CHECK(rules_of(row, kConfigured).late == seconds(60));
    CHECK(rules_of(row, kConfigured).settle == seconds(60));
}

TEST_CASE("measured: half of the surplus goes with every quiet day, then all of it") {
    SystemRow row;
    raise_settle(row, kConfigured, {.incidents = 1}, kNow);
    raise_settle(row, kConfigured, {}, kNow + hours(23));
    CHECK(row.settle == seconds(120));
    raise_settle(row, kConfigured, {}, kNow + hours(24));
    CHECK(row.settle == seconds(90));
    raise_settle(row, kConfigured, {}, kNow + hours(49));
    CHECK(row.settle == seconds(75));
    raise_settle(row, kConfigured, {}, kNow + hours(24 * 30));
    CHECK(row.settle == milliseconds(0));
    CHECK_FALSE(row.settle_raised_at);
    CHECK(rules_of(row, kConfigured).settle == seconds(60));
}

TEST_CASE(
    "measured: what is configured is never undercut, also when it is more than was measured") {
    SystemRow row;
    raise_settle(row, kConfigured, {.incidents = 1}, kNow);
    const Rules patient{hours(2), hours(2)};
    CHECK(rules_of(row, patient).settle == hours(2));
    raise_settle(row, patient, {.incidents = 1}, kNow);
    CHECK(rules_of(row, patient).settle == hours(2));
}

}  // namespace
}  // namespace crm::sync
