#include "server/sync/connectors/retry_wait.h"

#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"

namespace crm::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("retry after: seconds, dates, and nothing else") {
    const TimePoint now = *parse_time("1994-11-06T08:49:30.000Z");
    CHECK(parse_retry_after("0", now) == seconds(0));
    CHECK(parse_retry_after(" 120 ", now) == seconds(120));
    CHECK(parse_retry_after("999999999999", now) == kRetryAfterMax);
    CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) == seconds(7));
    CHECK(parse_retry_after("Sat, 05 Nov 1994 08:49:37 GMT", now) == seconds(0));
    CHECK(parse_retry_after("Sun, 06 Nov 2094 08:49:37 GMT", now) == kRetryAfterMax);
    for (const char* text : {"",
                             "-1",
                             "1.5",
                             "soon",
                             "Sun, 06 Nov 1994 08:49:37 CET",
                             "Sun, 06 Foo 1994 08:49:37 GMT",
                             "Sun, 99 Nov 1994 08:49:37 GMT",
                             "99999999999999999999",
                             "\xFF"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_retry_after(text, now).has_value());
    }
}

TEST_CASE("retry after: a day ends at midnight UTC") {
    CHECK(until_midnight(*parse_time("2026-01-31T23:59:59.000Z")) == seconds(1));
    CHECK(until_midnight(*parse_time("2026-01-31T00:00:00.000Z")) == hours(24));
}

struct Waiting {
    test::FakeClock clock;
    test::SeededRandom random;
    std::vector<milliseconds> pauses = {};
    ConnectorDoors doors{.clock = clock, .random = random, .pause = [this](milliseconds pause) {
                             pauses.push_back(pause);
                         }};
};

TEST_CASE("retry wait: doubles with jitter, and stops before the limit") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        Waiting waiting{.random = test::SeededRandom(seed)};
        RetryWait wait(waiting.doors);
        while (wait.wait(std::nullopt)) {
        }
        milliseconds sum{0};
        milliseconds most = kRetryDelayFirst;
        for (const milliseconds pause : waiting.pauses) {
            CHECK(pause >= most / 2);
            CHECK(pause <= most);
            most *= 2;
            sum += pause;
        }
        CHECK(sum <= kRunWaitMax);
        CHECK(waiting.pauses.size() >= 4);
    }
}

TEST_CASE("retry wait: what was asked for is waited with a little more, or not at all") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        Waiting waiting{.random = test::SeededRandom(seed)};
        RetryWait wait(waiting.doors);
        CHECK_FALSE(wait.wait(kRunWaitMax + milliseconds(1)));
        CHECK(wait.wait(seconds(3)));
        CHECK_FALSE(wait.wait(seconds(3)));
        CHECK(wait.wait(milliseconds(1800)));
        REQUIRE(waiting.pauses.size() == 2);
        CHECK(waiting.pauses[0] >= seconds(3));
        CHECK(waiting.pauses[0] <= milliseconds(3188));
        CHECK(waiting.pauses[1] >= milliseconds(1800));
        CHECK(waiting.pauses[0] + waiting.pauses[1] <= kRunWaitMax);
    }
}

TEST_CASE("retry wait: callers who were told the same come back at different times") {
    std::set<milliseconds> pauses;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Waiting waiting{.random = test::SeededRandom(seed)};
        RetryWait wait(waiting.doors);
        CHECK(wait.wait(seconds(1)));
        pauses.insert(waiting.pauses.front());
    }
    CHECK(pauses.size() > 10);
}

TEST_CASE("retry wait: after a success the pauses start small again, the sum goes on") {
    Waiting waiting;
    RetryWait wait(waiting.doors);
    CHECK(wait.wait(std::nullopt));
    CHECK(wait.wait(std::nullopt));
    wait.start_over();
    CHECK(wait.wait(std::nullopt));
    CHECK(waiting.pauses.back() <= kRetryDelayFirst);
    CHECK_FALSE(wait.wait(kRunWaitMax));
}

}  // namespace
}  // namespace crm::sync
