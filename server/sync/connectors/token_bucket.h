// Keeps calls within what a system takes in any stretch of time. Pure: the clock is passed in.
#pragma once

#include <chrono>

#include "shared/time_text.h"

namespace crm::sync {

/// At most so many calls in any stretch of that length.
struct Burst {
    int calls = 0;
    std::chrono::milliseconds per{0};

    bool operator==(const Burst&) const = default;
};

/// A tenth of the calls may come at once, and the others follow evenly: so no stretch ever holds
/// more than allowed, and no single wait is long. (A bucket of all the calls would let through
/// twice as many in the first stretch, and then stop for the rest of it.)
class TokenBucket {
   public:
    explicit TokenBucket(Burst burst);

    /// How long the next call has to wait.
    [[nodiscard]] std::chrono::milliseconds wait_before(TimePoint now);
    /// A call is made at that time.
    void take(TimePoint at);

   private:
    std::chrono::microseconds interval_;   // of calls that follow evenly
    std::chrono::microseconds tolerance_;  // how far ahead of that pace they may be
    std::chrono::microseconds even_{0};    // when the next call comes at an even pace
};

}  // namespace crm::sync
