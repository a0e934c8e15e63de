#include "shared/time_text.h"

#include <random>

#include <doctest/doctest.h>

namespace crm {
namespace {

TEST_CASE("times are shown in UTC with milliseconds") {
    CHECK(format_time(TimePoint{}) == "1970-01-01T00:00:00.000Z");
    CHECK(format_time(TimePoint{std::chrono::milliseconds{1'769'850'720'007}}) ==
          "2026-01-31T09:12:00.007Z");
    CHECK(format_time(TimePoint{std::chrono::milliseconds{-1}}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("every form that systems send is read") {
    struct Case {
        std::string_view text;
        std::string_view shown;
    };
    const Case cases[] = {
        {"2026-01-31T09:12:00.000Z", "2026-01-31T09:12:00.000Z"},
        {"2026-01-31T09:12:00Z", "2026-01-31T09:12:00.000Z"},
        {"2026-01-31T09:12:00.5Z", "2026-01-31T09:12:00.500Z"},
        {"2026-01-31T09:12:00.123456789Z", "2026-01-31T09:12:00.123Z"},
        {"2026-01-31T09:12:00+02:00", "2026-01-31T07:12:00.000Z"},
        {"2026-01-31T23:12:00.25-05:30", "2026-02-01T04:42:00.250Z"},
        {"2026-01-31 09:12:00", "2026-01-31T09:12:00.000Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.text);
        const std::optional<TimePoint> time = parse_time(each.text);
        REQUIRE(time.has_value());
        CHECK(format_time(*time) == each.shown);
    }
}

TEST_CASE("anything else is not a time") {
    const std::string_view cases[] = {
        "",
        "2026",
        "2026-01-31",
        "2026-01-31T09:12:00",
        "2026-01-31T09:12Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T00:60:00Z",
        "2026-01-31T00:00:60Z",
        "2026-01-31T09:12:00.Z",
        "2026-01-31T09:12:00.1234567890Z",
        "2026-01-31T09:12:00+0200",
        "2026-01-31T09:12:00+24:00",
        "2026-01-31T09:12:00+02:60",
        "2026-01-31 09:12:00Z",
        "2026-01-31T09:12:00Z ",
        " 2026-01-31T09:12:00Z",
        "+026-01-31T09:12:00Z",
        "2026-1-31T09:12:00Z",
        "2026-01-31t09:12:00z",
        "١٢٣٤-01-31 09:12:00",
    };
    for (const std::string_view text : cases) {
        CAPTURE(text);
        CHECK_FALSE(parse_time(text).has_value());
    }
}

TEST_CASE("years have four digits in every zone") {
    CHECK(parse_time("9999-12-31T23:59:59Z").has_value());
    CHECK_FALSE(parse_time("9999-12-31T23:59:59-00:01").has_value());
    CHECK(parse_time("0000-01-01T00:00:00Z").has_value());
    CHECK_FALSE(parse_time("0000-01-01T00:00:00+00:01").has_value());
}

TEST_CASE("what is shown is read back as the same time") {
    std::mt19937_64 engine(7);
    for (int round = 0; round < 2000; ++round) {
        const auto milliseconds = static_cast<std::int64_t>(engine() % 4'102'444'800'000U);
        const TimePoint time{std::chrono::milliseconds{milliseconds}};
        CHECK(parse_time(format_time(time)) == time);
    }
}

}  // namespace
}  // namespace crm
