// How often somebody may ask: a bucket for each key fills steadily up to what may be saved, and a
// request takes one out. Any thread may ask.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "server/limits.h"
#include "server/mutex.h"

namespace crm::http {

struct RateRules {
    double token_per_second = kTokenRequestsPerSecond;
    double token_saved = kTokenRequestsSaved;
    double address_per_second = kAddressRequestsPerSecond;
    double address_saved = kAddressRequestsSaved;
};

class RateLimit {
   public:
    using Time = std::chrono::steady_clock::time_point;

    RateLimit(double per_second, double saved, std::size_t keys_max = kRateKeysMax)
        : per_second_(per_second), saved_(saved), keys_max_(keys_max) {}

    /// nullopt: go on; otherwise how long to wait, in whole seconds upwards.
    [[nodiscard]] std::optional<std::chrono::seconds> take(const std::string& key, Time now);

   private:
    struct Bucket {
        double left = 0;
        Time at{};
    };
    [[nodiscard]] double left_in(const Bucket& bucket, Time now) const;
    void forget_full(Time now) CRM_REQUIRES(mutex_);

    const double per_second_;
    const double saved_;
    const std::size_t keys_max_;
    Mutex mutex_;
    std::map<std::string, Bucket, std::less<>> buckets_ CRM_GUARDED_BY(mutex_);
};

}  // namespace crm::http
