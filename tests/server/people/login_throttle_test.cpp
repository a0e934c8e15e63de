// Waits grow, end, and are never made longer by others.
#include "server/people/login_throttle.h"

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/support/fake_clock.h"

namespace crm::people {

using std::chrono::seconds;

namespace {

/// Tries as soon as it may, so often; the waits in between, in seconds.
std::vector<std::int64_t> waits_of(LoginThrottle& throttle,
                                   test::FakeClock& clock,
                                   const Attempt& attempt,
                                   int tries) {
    std::vector<std::int64_t> waits;
    for (int i = 0; i < tries; ++i) {
        const seconds wait = throttle.begin(attempt, clock.now());
        waits.push_back(wait.count());
        if (wait.count() == 0) continue;
        clock.advance(wait);
        CHECK(throttle.begin(attempt, clock.now()).count() == 0);
    }
    return waits;
}

}  // namespace

TEST_CASE("throttle: five wrong passwords are free, then the wait doubles up to five minutes") {
    test::FakeClock clock;
    LoginThrottle throttle;
    const Attempt attempt{"192.0.2.1", "ada", true};
    CHECK(
        waits_of(throttle, clock, attempt, 17) ==
        std::vector<std::int64_t>{0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300});
}

TEST_CASE("throttle: trying while one must wait is refused and makes the wait no longer") {
    test::FakeClock clock;
    LoginThrottle throttle;
    const Attempt attempt{"192.0.2.1", "ada", true};
    for (int i = 0; i < 8; ++i) {
        clock.advance(throttle.begin(attempt, clock.now()));
        static_cast<void>(throttle.begin(attempt, clock.now()));
    }
    const seconds wait = throttle.begin(attempt, clock.now());
    REQUIRE(wait.count() > 1);
    for (int i = 0; i < 1000; ++i) CHECK(throttle.begin(attempt, clock.now()) == wait);
    clock.advance(wait);
    CHECK(throttle.begin(attempt, clock.now()).count() == 0);
}

TEST_CASE("throttle: an attack from a thousand addresses does not hold the owner at a known one") {
    test::FakeClock clock;
    LoginThrottle throttle;
    for (int i = 0; i < 1000; ++i) {
        static_cast<void>(throttle.begin({"10.0." + std::to_string(i), "ada", false}, clock.now()));
    }
    CHECK(throttle.begin({"192.0.2.1", "ada", true}, clock.now()).count() == 0);
    // On a new machine the owner waits, by a minute at most.
    const seconds wait = throttle.begin({"198.51.100.7", "ada", false}, clock.now());
    CHECK(wait.count() > 0);
    CHECK(wait <= kFailureWaitUserMax);
    clock.advance(wait);
    CHECK(throttle.begin({"198.51.100.7", "ada", false}, clock.now()).count() == 0);
}

TEST_CASE("throttle: an address that tries many users must wait, others need not") {
    test::FakeClock clock;
    LoginThrottle throttle;
    int passed = 0;
    for (int i = 0; i < 100; ++i) {
        const Attempt attempt{"10.0.0.1", "user" + std::to_string(i), false};
        if (throttle.begin(attempt, clock.now()).count() == 0) ++passed;
    }
    CHECK(passed == kFailuresFreeAddress);
    CHECK(throttle.begin({"10.0.0.2", "user1", false}, clock.now()).count() == 0);
}

TEST_CASE("throttle: the right password forgets, and so does an hour") {
    test::FakeClock clock;
    LoginThrottle throttle;
    const Attempt attempt{"192.0.2.1", "ada", true};
    for (int i = 0; i < 5; ++i) static_cast<void>(throttle.begin(attempt, clock.now()));
    CHECK(throttle.begin(attempt, clock.now()).count() == 1);
    clock.advance(seconds{1});
    CHECK(throttle.begin(attempt, clock.now()).count() == 0);
    throttle.succeed(attempt);
    CHECK(throttle.key_count() == 0);
    for (int i = 0; i < 20; ++i) static_cast<void>(throttle.begin(attempt, clock.now()));
    CHECK(throttle.begin(attempt, clock.now()).count() > 0);
    clock.advance(kFailureMemory);
    for (int i = 0; i < 5; ++i) CHECK(throttle.begin(attempt, clock.now()).count() == 0);
}

TEST_CASE("throttle: who signs in rightly all day long is not counted") {
    test::FakeClock clock;
    LoginThrottle throttle;
    for (int i = 0; i < 500; ++i) {
        const Attempt attempt{"192.0.2.1", "user" + std::to_string(i % 50), false};
        REQUIRE(throttle.begin(attempt, clock.now()).count() == 0);
        throttle.succeed(attempt);
    }
    CHECK(throttle.key_count() == 0);
}

TEST_CASE("throttle: it remembers no more than its limit, and the worst ones longest") {
    test::FakeClock clock;
    LoginThrottle throttle;
    const Attempt worst{"192.0.2.1", "ada", true};
    for (int i = 0; i < 5; ++i) static_cast<void>(throttle.begin(worst, clock.now()));
    for (std::size_t i = 0; i < kFailureKeysMax; ++i) {
        static_cast<void>(throttle.begin({"10." + std::to_string(i), "u", true}, clock.now()));
    }
    CHECK(throttle.key_count() <= kFailureKeysMax + 3);
    CHECK(throttle.begin(worst, clock.now()).count() == 1);
}

TEST_CASE("throttle: a clock that is put back makes no wait longer than it was") {
    test::FakeClock clock;
    LoginThrottle throttle;
    const Attempt attempt{"192.0.2.1", "ada", true};
    for (int i = 0; i < 5; ++i) static_cast<void>(throttle.begin(attempt, clock.now()));
    CHECK(throttle.begin(attempt, clock.now()).count() == 1);
    clock.advance(-std::chrono::hours{24});
    CHECK(throttle.begin(attempt, clock.now()).count() == 1);
}

}  // namespace crm::people
