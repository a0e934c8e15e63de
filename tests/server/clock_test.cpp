// The system's clock tells today's time and does not stand still.
#include "server/clock.h"

#include <doctest/doctest.h>

using namespace crm;

TEST_CASE("the system's clock agrees with the system") {
    const auto before =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const TimePoint now = SystemClock().now();
    CHECK(now >= before);
    CHECK(now <= std::chrono::system_clock::now());
}
