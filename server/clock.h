// The only now(). Tests and the simulation pass one that they move by hand.
#pragma once

#include <chrono>

#include "shared/time_text.h"

namespace crm {

class Clock {
   public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    /// Wall time in UTC. It may step; nothing compares it with another machine's.
    [[nodiscard]] virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
   public:
    [[nodiscard]] TimePoint now() const override;
};

}  // namespace crm
