// Instead of counting tokens, one time is kept: when the next call would come if all came evenly.
#include "server/sync/connectors/token_bucket.h"

#include <algorithm>
#include <cassert>

namespace crm::sync {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int kAtOnceShare = 10;

microseconds since_epoch(TimePoint time) {
    return time.time_since_epoch();
}

}  // namespace

TokenBucket::TokenBucket(Burst burst) {
    assert(burst.calls > 0 && burst.per > milliseconds(0));
    const int at_once = std::max(1, burst.calls / kAtOnceShare);
    const int evenly = std::max(1, burst.calls - at_once);
    interval_ = microseconds(burst.per) / evenly;
    tolerance_ = interval_ * (at_once - 1);
}

milliseconds TokenBucket::wait_before(TimePoint now) {
    // A clock that was set back must not stop the calls until it has caught up.
    const microseconds most = tolerance_ + interval_;
    even_ = std::min(even_, since_epoch(now) + most);
    const microseconds wait = even_ - tolerance_ - since_epoch(now);
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(wait));
}

void TokenBucket::take(TimePoint at) {
    even_ = std::max(even_, since_epoch(at)) + interval_;
}

}  // namespace crm::sync
