#include "server/sandbox/rest_budget.h"

#include <doctest/doctest.h>

namespace crm::sandbox::test {
namespace {

constexpr TimePoint kNow = TimePoint(std::chrono::milliseconds(1'800'000'000'000));

std::string header(const RestSpent& spent, std::string_view name) {
    for (const auto& [key, value] : spent.headers) {
        if (key == name) return value;
    }
    return "";
}

}  // namespace

TEST_CASE("rest budget: calls are counted, and refused only where the rules say so") {
    RestBudget budget;
    const RestCall call{.system = System::HubSpot, .cost = 1, .is_search = false};
    for (int i = 0; i < 200; ++i) CHECK_FALSE(budget.spend("ann", call, kNow).reached);
    CHECK(header(budget.spend("ann", call, kNow), "X-HubSpot-RateLimit-Remaining") == "0");
    budget.set_rules("ann", {.is_limited = true});
    for (int i = 0; i < 110; ++i) CHECK_FALSE(budget.spend("ann", call, kNow).reached);
    CHECK(budget.spend("ann", call, kNow).reached == Limit::Burst);
    CHECK_FALSE(budget.spend("bob", call, kNow).reached);
    CHECK_FALSE(budget.spend("ann", call, kNow + std::chrono::seconds(10)).reached);
}

TEST_CASE("rest budget: a call whose clock was read a moment earlier forgets no other one") {
    RestBudget budget;
    budget.set_rules("ann", {.is_limited = true});
    const RestCall search{.system = System::Pipedrive, .cost = 20, .is_search = true};
    for (int i = 0; i < 10; ++i) {
        const auto earlier = std::chrono::milliseconds(i);
        CHECK_FALSE(budget.spend("ann", search, kNow - earlier).reached);
    }
    CHECK(budget.spend("ann", search, kNow).reached == Limit::Search);
}

TEST_CASE("rest budget: a day's tokens come back at midnight") {
    RestBudget budget;
    budget.set_rules("ann", {.is_limited = true, .daily = 25});
    const RestCall list{.system = System::Pipedrive, .cost = 10, .is_search = false};
    CHECK(header(budget.spend("ann", list, kNow), "x-daily-ratelimit-token-remaining") == "15");
    CHECK_FALSE(budget.spend("ann", list, kNow).reached);
    CHECK(budget.spend("ann", list, kNow).reached == Limit::Daily);
    CHECK_FALSE(budget.spend("ann", list, kNow + std::chrono::days(1)).reached);
}

TEST_CASE("rest budget: no header tells how many searches of HubSpot are left") {
    RestBudget budget;
    const RestCall search{.system = System::HubSpot, .cost = 1, .is_search = true};
    CHECK(budget.spend("ann", search, kNow).headers.empty());
}

}  // namespace crm::sandbox::test
