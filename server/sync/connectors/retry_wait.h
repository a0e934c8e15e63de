// How long to wait before a call is repeated: what the other side asked for, else a back-off with
// jitter, and never more in total than one call may spend.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "server/limits.h"
#include "server/sync/connectors/integration_app.h"
#include "shared/time_text.h"

namespace crm::sync {

/// A Retry-After header: seconds, or an HTTP date. nullopt for anything else; a past date is 0.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text,
                                                                         TimePoint now);

[[nodiscard]] std::chrono::milliseconds until_midnight(TimePoint now);

/// The waiting of one listing or one write.
class RetryWait {
   public:
    explicit RetryWait(const ConnectorDoors& doors) : doors_(doors) {}

    /// Waits and returns true, or returns false at once when the wait would go over kRunWaitMax.
    [[nodiscard]] bool wait(std::optional<std::chrono::milliseconds> asked);

    /// The next wait is a first one again: the page before it came through.
    void start_over() { delay_ = kRetryDelayFirst; }

   private:
    const ConnectorDoors& doors_;
    std::chrono::milliseconds delay_ = kRetryDelayFirst;
    std::chrono::milliseconds left_ = kRunWaitMax;
};

}  // namespace crm::sync
