// The numbers are those of an app that many accounts use (HubSpot) and of one seat of the Premium
// plan (Pipedrive), which recorded answers show.
#include "server/sandbox/rest_budget.h"

#include <algorithm>

#include "server/sandbox/limits.h"

namespace crm::sandbox {
namespace {

struct Window {
    std::int64_t calls;
    std::chrono::milliseconds length;
};

Window burst_of(System system) {
    if (system == System::HubSpot) return {kHubSpotBurstMax, std::chrono::milliseconds(10'000)};
    return {kPipedriveBurstMax, std::chrono::milliseconds(2'000)};
}

Window search_of(System system) {
    if (system == System::HubSpot) return {kHubSpotSearchesMax, std::chrono::milliseconds(1'000)};
    return {kPipedriveSearchesMax, std::chrono::milliseconds(2'000)};
}

std::int64_t daily_of(System system) {
    return system == System::HubSpot ? kHubSpotDailyMax : kPipedriveDailyMax;
}

void forget(std::deque<TimePoint>& calls, const Window& window, TimePoint now) {
    // Calls at the same time may be counted in another order than their clocks were read. A clock
    // that was set back would leave calls of the future behind.
    std::erase_if(
        calls, [&](TimePoint at) { return at + window.length <= now || at > now + window.length; });
}

std::int64_t left(std::int64_t allowed, std::int64_t used) {
    return std::max<std::int64_t>(0, allowed - used);
}

std::int64_t size_of(const std::deque<TimePoint>& calls) {
    return static_cast<std::int64_t>(calls.size());
}

using Headers = std::vector<std::pair<std::string, std::string>>;

// None on a search: there they cannot be seen.
Headers hubspot_headers(const std::deque<TimePoint>& calls, bool is_search) {
    if (is_search) return {};
    const Window burst = burst_of(System::HubSpot);
    const TimePoint last = calls.empty() ? TimePoint() : calls.back();
    const auto in_second = std::count_if(calls.begin(), calls.end(), [&](TimePoint at) {
        return at + std::chrono::seconds(1) > last;
    });
    return {{"X-HubSpot-RateLimit-Max", std::to_string(burst.calls)},
            {"X-HubSpot-RateLimit-Remaining", std::to_string(left(burst.calls, size_of(calls)))},
            {"X-HubSpot-RateLimit-Interval-Milliseconds", std::to_string(burst.length.count())},
            {"X-HubSpot-RateLimit-Secondly", std::to_string(kHubSpotSecondlyMax)},
            {"X-HubSpot-RateLimit-Secondly-Remaining",
             std::to_string(left(kHubSpotSecondlyMax, static_cast<std::int64_t>(in_second)))}};
}

Headers pipedrive_headers(const Window& window,
                          std::int64_t used,
                          std::int64_t daily,
                          std::int64_t spent) {
    return {{"x-ratelimit-limit", std::to_string(window.calls)},
            {"x-ratelimit-remaining", std::to_string(left(window.calls, used))},
            {"x-ratelimit-reset", "2"},
            {"x-daily-ratelimit-token-limit", std::to_string(daily)},
            {"x-daily-ratelimit-token-remaining", std::to_string(left(daily, spent))}};
}

}  // namespace

void RestBudget::set_rules(const std::string& customer, const RestRules& rules) {
    const std::lock_guard lock(mutex_);
    rules_[customer] = rules;
    accounts_.erase({customer, System::HubSpot});
    accounts_.erase({customer, System::Pipedrive});
}

RestRules RestBudget::rules_of(const std::string& customer) const {
    const std::lock_guard lock(mutex_);
    const auto found = rules_.find(customer);
    return found == rules_.end() ? RestRules() : found->second;
}

RestSpent RestBudget::spend(const std::string& customer, const RestCall& call, TimePoint now) {
    const RestRules rules = rules_of(customer);
    const std::lock_guard lock(mutex_);
    Account& account = accounts_[{customer, call.system}];
    const Window burst = burst_of(call.system);
    const Window search = search_of(call.system);
    const std::int64_t daily = rules.daily.value_or(daily_of(call.system));
    forget(account.calls, burst, now);
    forget(account.searches, search, now);
    const std::int64_t today =
        std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
    if (account.day != today) account.spent = 0;
    account.day = today;
    RestSpent spent;
    if (rules.is_limited) {
        if (account.spent + call.cost > daily) spent.reached = Limit::Daily;
        if (size_of(account.calls) >= burst.calls) spent.reached = Limit::Burst;
        if (call.is_search && size_of(account.searches) >= search.calls) {
            spent.reached = Limit::Search;
        }
    }
    if (!spent.reached) {
        account.spent += call.cost;
        account.calls.push_back(now);
        if (call.is_search) account.searches.push_back(now);
    }
    // Counted but never refused, a walk would fill the memory.
    if (size_of(account.calls) > burst.calls) account.calls.pop_front();
    if (size_of(account.searches) > search.calls) account.searches.pop_front();
    const Window& shown = call.is_search ? search : burst;
    const std::deque<TimePoint>& used = call.is_search ? account.searches : account.calls;
    spent.headers = call.system == System::HubSpot
                        ? hubspot_headers(account.calls, call.is_search)
                        : pipedrive_headers(shown, size_of(used), daily, account.spent);
    return spent;
}

}  // namespace crm::sandbox
