// Formatting of log lines, and writing that never blocks.
#include "server/log.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "server/limits.h"

namespace crm {
namespace {

struct LevelName {
    LogLevel level;
    std::string_view name;
};
constexpr std::array<LevelName, 4> kLevelNames{{{LogLevel::Debug, "debug"},
                                                {LogLevel::Info, "info"},
                                                {LogLevel::Warning, "warning"},
                                                {LogLevel::Error, "error"}}};

std::string_view level_name(LogLevel level) {
    for (const LevelName& entry : kLevelNames) {
        if (entry.level == level) return entry.name;
    }
    return "error";
}

bool is_plain(char c) {
    return c > ' ' && c != '"' && c != '\\' && c != '=' && c != '\x7f';
}

void append_value(std::string& line, std::string_view value) {
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) {
        line += value;
        return;
    }
    line += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            std::array<char, 5> escaped{};
            std::snprintf(escaped.data(), escaped.size(), "\\x%02x", byte);
            line += escaped.data();
        } else {
            line += c;
        }
    }
    line += '"';
}

/// A pipe that polls as writable takes PIPE_BUF bytes without blocking.
bool can_write(int descriptor) {
    pollfd entry{descriptor, POLLOUT, 0};
    return poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view text) {
    for (const LevelName& entry : kLevelNames) {
        if (entry.name == text) return entry.level;
    }
    return std::nullopt;
}

std::string format_log_line(LogLevel level,
                            std::string_view event,
                            std::initializer_list<LogField> fields) {
    std::string line(level_name(level));
    line += ' ';
    line += event;
    for (const LogField& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        append_value(line, field.value);
    }
    return line;
}

Log::Log(const Clock& clock, LogLevel least, int descriptor)
    : clock_(clock), least_(least), descriptor_(descriptor) {}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (!is_written(level)) return;
    std::string line = format_time(clock_.now()) + ' ' + format_log_line(level, event, fields);
    const Lock lock(mutex_);
    if (!can_write(descriptor_)) {
        ++dropped_;
        return;
    }
    if (dropped_ > 0) line += " dropped_before=" + std::to_string(dropped_);
    if (line.size() >= kLogLineBytesMax) line.resize(kLogLineBytesMax - 1);
    line += '\n';
    const ssize_t written = ::write(descriptor_, line.data(), line.size());
    dropped_ = written == static_cast<ssize_t>(line.size()) ? 0 : dropped_ + 1;
}

}  // namespace crm
