#include "server/http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace crm::http {

double RateLimit::left_in(const Bucket& bucket, Time now) const {
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    return std::min(saved_, bucket.left + std::max(seconds, 0.0) * per_second_);
}

/// A full bucket says as much as none. When all are in use the memory begins anew: that lets some
/// through, and keeps nobody out.
void RateLimit::forget_full(Time now) {
    for (auto bucket = buckets_.begin(); bucket != buckets_.end();) {
        bucket =
            left_in(bucket->second, now) >= saved_ ? buckets_.erase(bucket) : std::next(bucket);
    }
    if (buckets_.size() >= keys_max_) buckets_.clear();
}

std::optional<std::chrono::seconds> RateLimit::take(const std::string& key, Time now) {
    const Lock lock(mutex_);
    auto found = buckets_.find(key);
    if (found == buckets_.end()) {
        if (buckets_.size() >= keys_max_) forget_full(now);
        found = buckets_.emplace(key, Bucket{saved_, now}).first;
    }
    Bucket& bucket = found->second;
    bucket.left = left_in(bucket, now);
    bucket.at = now;
    if (bucket.left >= 1) {
        bucket.left -= 1;
        return std::nullopt;
    }
    const double wait = std::ceil((1 - bucket.left) / per_second_);
    return std::chrono::seconds{std::max<std::int64_t>(1, static_cast<std::int64_t>(wait))};
}

}  // namespace crm::http
