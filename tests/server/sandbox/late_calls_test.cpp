#include "server/sandbox/late_calls.h"

#include <atomic>
#include <future>
#include <string>

#include <doctest/doctest.h>

#include "server/sandbox/limits.h"

namespace crm::sandbox {

TEST_CASE("late calls: work is done in the order of its time, not of its coming") {
    std::string order;
    std::promise<void> done;
    LateCalls calls;
    REQUIRE(calls.add(std::chrono::milliseconds(60), [&] {
        order += "b";
        done.set_value();
    }));
    REQUIRE(calls.add(std::chrono::milliseconds(10), [&] { order += "a"; }));
    done.get_future().wait();
    CHECK(order == "ab");
}

TEST_CASE("late calls: what is not due when they end is never done") {
    std::atomic<bool> is_done{false};
    {
        LateCalls calls;
        REQUIRE(calls.add(std::chrono::hours(1), [&] { is_done = true; }));
    }
    CHECK_FALSE(is_done);
}

TEST_CASE("late calls: only so many can wait") {
    LateCalls calls;
    for (std::size_t i = 0; i < kSandboxLateWritesMax; ++i) {
        REQUIRE(calls.add(std::chrono::hours(1), [] {}));
    }
    CHECK_FALSE(calls.add(std::chrono::hours(1), [] {}));
}

}  // namespace crm::sandbox
