#include "server/people/login_throttle.h"

#include <algorithm>
#include <vector>

#include "server/limits.h"

namespace crm::people {
namespace {

std::chrono::seconds wait_after(int failures, int free, std::chrono::seconds most) {
    if (failures < free) return std::chrono::seconds{0};
    const int doublings = std::min(failures - free, 30);
    return std::min(std::chrono::seconds{std::int64_t{1} << doublings}, most);
}

}  // namespace

std::vector<LoginThrottle::Limit> LoginThrottle::limits_of(const Attempt& attempt) {
    std::vector<Limit> limits{
        {"pair " + attempt.address + ' ' + attempt.user, kFailuresFreePair, kFailureWaitMax}};
    if (!attempt.is_address_known) {
        limits.push_back({"address " + attempt.address, kFailuresFreeAddress, kFailureWaitMax});
        limits.push_back({"user " + attempt.user, kFailuresFreeUser, kFailureWaitUserMax});
    }
    return limits;
}

void LoginThrottle::forget_old(TimePoint now) {
    if (counts_.size() < kFailureKeysMax) return;
    for (auto entry = counts_.begin(); entry != counts_.end();) {
        const bool is_old = entry->second.last + kFailureMemory <= now;
        entry = is_old ? counts_.erase(entry) : std::next(entry);
    }
    // Still full within an hour is an attack from very many places: those with the fewest failures
    // are worth the least.
    for (int most = 1; counts_.size() >= kFailureKeysMax; ++most) {
        for (auto entry = counts_.begin(); entry != counts_.end();) {
            entry = entry->second.failures <= most ? counts_.erase(entry) : std::next(entry);
        }
    }
}

std::chrono::seconds LoginThrottle::begin(const Attempt& attempt, TimePoint now) {
    const Lock lock(mutex_);
    const std::vector<Limit> limits = limits_of(attempt);
    std::chrono::milliseconds longest{0};
    for (const Limit& limit : limits) {
        const auto found = counts_.find(limit.key);
        if (found == counts_.end()) continue;
        if (found->second.last + kFailureMemory <= now) {
            counts_.erase(found);
            continue;
        }
        // A clock that was put back must not make a wait longer than it ever was.
        const std::chrono::milliseconds since = std::max(now - found->second.last, {});
        longest = std::max<std::chrono::milliseconds>(
            longest, wait_after(found->second.failures, limit.free, limit.wait_max) - since);
    }
    if (longest.count() > 0) return std::chrono::ceil<std::chrono::seconds>(longest);
    forget_old(now);
    for (const Limit& limit : limits) {
        Count& count = counts_[limit.key];
        count.failures += 1;
        count.last = now;
    }
    return std::chrono::seconds{0};
}

void LoginThrottle::succeed(const Attempt& attempt) {
    const Lock lock(mutex_);
    for (const Limit& limit : limits_of(attempt)) {
        const auto found = counts_.find(limit.key);
        if (found == counts_.end()) continue;
        found->second.failures -= 1;
        const bool is_pair = limit.key.starts_with("pair ");
        if (is_pair || found->second.failures <= 0) counts_.erase(found);
    }
}

std::size_t LoginThrottle::key_count() const {
    const Lock lock(mutex_);
    return counts_.size();
}

}  // namespace crm::people
