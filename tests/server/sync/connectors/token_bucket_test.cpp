#include "server/sync/connectors/token_bucket.h"

#include <algorithm>
#include <deque>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/seeded_random.h"

namespace crm::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const TimePoint kStart = *parse_time("2026-01-31T09:00:00Z");

TEST_CASE("token bucket: no stretch holds more calls than allowed, whenever they are wanted") {
    for (const Burst burst : {Burst{110, seconds(10)},
                              Burst{80, seconds(2)},
                              Burst{1, seconds(1)},
                              Burst{2, seconds(60)},
                              Burst{7, milliseconds(333)}}) {
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            CAPTURE(burst.calls);
            CAPTURE(seed);
            test::SeededRandom random(seed);
            TokenBucket bucket(burst);
            std::deque<TimePoint> stretch;
            TimePoint now = kStart;
            for (int call = 0; call < 1000; ++call) {
                if (random_below(random, 50) == 0) now += burst.per * 2;
                now += milliseconds(random_below(random, 5));
                now += bucket.wait_before(now);
                bucket.take(now);
                stretch.push_back(now);
                while (stretch.front() <= now - burst.per) stretch.pop_front();
                REQUIRE(static_cast<int>(stretch.size()) <= burst.calls);
            }
        }
    }
}

TEST_CASE("token bucket: some at once, the others evenly and without long waits") {
    TokenBucket bucket({.calls = 110, .per = seconds(10)});
    for (int call = 0; call < 11; ++call) {
        CHECK(bucket.wait_before(kStart) == milliseconds(0));
        bucket.take(kStart);
    }
    TimePoint now = kStart;
    milliseconds longest{0};
    for (int call = 0; call < 500; ++call) {
        const milliseconds wait = bucket.wait_before(now);
        longest = std::max(longest, wait);
        now += wait;
        bucket.take(now);
    }
    CHECK(longest > milliseconds(0));
    CHECK(longest <= milliseconds(102));
    // 500 calls at 99 in 10 s.
    CHECK(now - kStart <= seconds(51));
    CHECK(bucket.wait_before(now + seconds(10)) == milliseconds(0));
}

TEST_CASE("token bucket: a clock that was set back stops nothing") {
    TokenBucket bucket({.calls = 10, .per = seconds(1)});
    for (int call = 0; call < 10; ++call) bucket.take(kStart);
    CHECK(bucket.wait_before(kStart - hours(5)) <= seconds(1));
}

}  // namespace
}  // namespace crm::sync
