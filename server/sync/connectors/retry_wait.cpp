#include "server/sync/connectors/retry_wait.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/limits.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

// Of a pause that was asked for, at most this part is added: others were told the same.
constexpr std::uint64_t kAskedShare = 16;

std::optional<std::int64_t> parse_whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || value < 0) {
        return std::nullopt;
    }
    return value;
}

/// 1 to 12; 0 for anything else.
unsigned month_number(std::string_view name) {
    constexpr std::array<std::string_view, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto found = std::find(kMonths.begin(), kMonths.end(), name);
    return found == kMonths.end() ? 0 : static_cast<unsigned>(found - kMonths.begin()) + 1;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", the only form that servers of today send.
std::optional<TimePoint> parse_http_date(std::string_view text) {
    constexpr std::size_t kDateBytes = 29;
    if (text.size() != kDateBytes || !text.ends_with(" GMT")) return std::nullopt;
    const unsigned month = month_number(text.substr(8, 3));
    if (month == 0) return std::nullopt;
    const std::string month_text = (month < 10 ? "0" : "") + std::to_string(month);
    return parse_time(std::string(text.substr(12, 4)) + "-" + month_text + "-" +
                      std::string(text.substr(5, 2)) + " " + std::string(text.substr(17, 8)));
}

}  // namespace

std::optional<milliseconds> parse_retry_after(std::string_view header, TimePoint now) {
    const std::string text = trim(is_utf8(header) ? header : std::string_view{});
    if (const std::optional<std::int64_t> seconds = parse_whole(text)) {
        const std::int64_t most = std::chrono::seconds(kRetryAfterMax).count();
        return std::chrono::seconds(std::min(*seconds, most));
    }
    const std::optional<TimePoint> date = parse_http_date(text);
    if (!date) return std::nullopt;
    return std::clamp<milliseconds>(*date - now, milliseconds(0), kRetryAfterMax);
}

milliseconds until_midnight(TimePoint now) {
    const TimePoint today = std::chrono::floor<std::chrono::days>(now);
    return today + std::chrono::days(1) - now;
}

bool RetryWait::wait(std::optional<milliseconds> asked) {
    // Between half and all of it, so that callers who failed together do not come back together.
    const auto half = static_cast<std::uint64_t>(delay_.count()) / 2;
    const milliseconds jittered(half + random_below(doors_.random, half + 1));
    milliseconds pause = std::max(jittered, asked.value_or(milliseconds(0)));
    if (pause > left_) return false;
    if (asked == pause) {
        const auto most = static_cast<std::uint64_t>(pause.count()) / kAskedShare;
        pause = std::min(left_, pause + milliseconds(random_below(doors_.random, most + 1)));
    }
    left_ -= pause;
    delay_ = std::min(delay_ * 2, kRetryDelayMax);
    doors_.pause(pause);
    return true;
}

}  // namespace crm::sync
