// A clock that stands still until it is moved by hand. Safe to use from any thread.
#pragma once

#include <atomic>
#include <chrono>

#include "server/clock.h"

namespace crm::test {

class FakeClock final : public Clock {
   public:
    FakeClock() = default;
    explicit FakeClock(TimePoint start) : milliseconds_(start.time_since_epoch().count()) {}

    [[nodiscard]] TimePoint now() const override {
        return TimePoint{std::chrono::milliseconds{milliseconds_.load()}};
    }
    void advance(std::chrono::milliseconds step) { milliseconds_ += step.count(); }
    void set(TimePoint time) { milliseconds_ = time.time_since_epoch().count(); }

   private:
    std::atomic<std::chrono::milliseconds::rep> milliseconds_{1'767'225'600'000};  // 2026-01-01
};

}  // namespace crm::test
