// Times as text, by hand: the formats are few and fixed, and neither std::format nor the parsing
// half of <chrono> exists in every compiler that builds this file.
#include "shared/time_text.h"

#include <cstddef>

namespace crm {
namespace {

void append_padded(std::string& text, long long value, std::size_t width) {
    const std::string digits = std::to_string(value);
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text += digits;
}

/// Reads a fixed form from left to right; the first mismatch makes everything after it fail too.
class Scanner {
   public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    int digits(std::size_t width) {
        int value = 0;
        if (rest_.size() < width) is_good_ = false;
        for (std::size_t index = 0; is_good_ && index < width; ++index) {
            const char digit = rest_[index];
            if (digit < '0' || digit > '9') is_good_ = false;
            value = value * 10 + (digit - '0');
        }
        if (is_good_) rest_.remove_prefix(width);
        return value;
    }

    void expect(char wanted) {
        if (is_good_ && !take(wanted)) is_good_ = false;
    }

    bool take(char wanted) {
        if (!is_good_ || rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// 1 to 9 digits after a point, cut down to milliseconds.
    int fraction_ms() {
        int value = 0;
        std::size_t count = 0;
        while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
            if (count < 3) value = value * 10 + (rest_[count] - '0');
            ++count;
        }
        if (count == 0 || count > 9) is_good_ = false;
        for (std::size_t index = count; index < 3; ++index) value *= 10;
        rest_.remove_prefix(count);
        return value;
    }

    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] bool is_finished() const { return is_good_ && rest_.empty(); }

   private:
    std::string_view rest_;
    bool is_good_ = true;
};

std::optional<std::chrono::minutes> scan_zone(Scanner& scanner) {
    using std::chrono::hours;
    using std::chrono::minutes;
    if (scanner.take('Z')) return minutes{0};
    const bool is_east = scanner.take('+');
    if (!is_east) scanner.expect('-');
    const int hour = scanner.digits(2);
    scanner.expect(':');
    const int minute = scanner.digits(2);
    if (!scanner.is_good() || hour > 23 || minute > 59) return std::nullopt;
    const minutes offset = hours{hour} + minutes{minute};
    return is_east ? offset : -offset;
}

}  // namespace

std::string format_time(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text;
    text.reserve(24);
    append_padded(text, static_cast<int>(date.year()), 4);
    text += '-';
    append_padded(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    append_padded(text, static_cast<unsigned>(date.day()), 2);
    text += 'T';
    append_padded(text, clock.hours().count(), 2);
    text += ':';
    append_padded(text, clock.minutes().count(), 2);
    text += ':';
    append_padded(text, clock.seconds().count(), 2);
    text += '.';
    append_padded(text, clock.subseconds().count(), 3);
    text += 'Z';
    return text;
}

std::optional<TimePoint> parse_time(std::string_view text) {
    Scanner scanner(text);
    const int year = scanner.digits(4);
    scanner.expect('-');
    const int month = scanner.digits(2);
    scanner.expect('-');
    const int day = scanner.digits(2);
    const bool is_zoned = scanner.take('T');
    if (!is_zoned) scanner.expect(' ');
    const int hour = scanner.digits(2);
    scanner.expect(':');
    const int minute = scanner.digits(2);
    scanner.expect(':');
    const int second = scanner.digits(2);
    int millisecond = 0;
    std::chrono::minutes offset{0};
    if (is_zoned) {
        if (scanner.take('.')) millisecond = scanner.fraction_ms();
        const std::optional<std::chrono::minutes> zone = scan_zone(scanner);
        if (!zone) return std::nullopt;
        offset = *zone;
    }
    if (!scanner.is_finished() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    const TimePoint time = TimePoint{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
                           std::chrono::minutes{minute} + std::chrono::seconds{second} +
                           std::chrono::milliseconds{millisecond} - offset;
    // A zone may push the ends of the calendar to a year that has no four digits.
    const std::chrono::year shown =
        std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();
    if (shown < std::chrono::year{0} || shown > std::chrono::year{9999}) return std::nullopt;
    return time;
}

}  // namespace crm
