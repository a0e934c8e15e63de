// Points in time as the wire shows them: ISO 8601, UTC, milliseconds. No clock is read here.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace crm {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-01-31T09:12:00.000Z".
[[nodiscard]] std::string format_time(TimePoint time);

/// Takes the form above, without or with 1 to 9 fraction digits, with Z or +hh:mm, and Pipedrive's
/// "2026-01-31 09:12:00" (UTC). Anything else is nullopt.
[[nodiscard]] std::optional<TimePoint> parse_time(std::string_view text);

}  // namespace crm
