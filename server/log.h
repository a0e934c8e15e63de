// One event, one line: `2026-01-31T09:12:00.000Z info request route=/api/contacts status=200 ms=3`.
//
// Secrets never reach it. Personal data (names, addresses, ids that a person chose) only at Debug.
// Lines go to a file descriptor that may be a pipe nobody reads: then they are dropped and counted,
// never waited for. Any thread may write.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "server/clock.h"
#include "server/mutex.h"

namespace crm {

enum class LogLevel { Debug, Info, Warning, Error };

/// "debug", "info", "warning", "error".
[[nodiscard]] std::optional<LogLevel> parse_log_level(std::string_view text);

struct LogField {
    std::string_view key;
    std::string value;
};

/// The line without its time; pure. Values with spaces, quotes or control characters are quoted and
/// escaped.
[[nodiscard]] std::string format_log_line(LogLevel level,
                                          std::string_view event,
                                          std::initializer_list<LogField> fields);

class Log {
   public:
    /// Lines below `least` are not written. `descriptor` stays the caller's: 2 is standard error.
    Log(const Clock& clock, LogLevel least, int descriptor);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
    [[nodiscard]] bool is_written(LogLevel level) const { return level >= least_; }

   private:
    const Clock& clock_;
    const LogLevel least_;
    const int descriptor_;
    Mutex mutex_;
    std::uint64_t dropped_ CRM_GUARDED_BY(mutex_) = 0;
};

}  // namespace crm
