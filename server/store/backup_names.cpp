#include "server/store/backup_names.h"

#include <algorithm>
#include <functional>

namespace crm::store {
namespace {

constexpr std::string_view kStart = "contacts-";
constexpr std::string_view kEnd = ".db";
constexpr std::size_t kStampChars = 16;  // "20260131T091200Z"

bool is_backup(const std::string& name) {
    return parse_backup_name(name).has_value();
}

}  // namespace

std::string backup_name(TimePoint at) {
    const std::string time = format_time(at);  // "2026-01-31T09:12:00.000Z"
    std::string stamp;
    for (const char c : time.substr(0, time.find('.'))) {
        if (c != '-' && c != ':') stamp += c;
    }
    return std::string(kStart) + stamp + 'Z' + std::string(kEnd);
}

std::optional<TimePoint> parse_backup_name(std::string_view name) {
    if (!name.starts_with(kStart) || !name.ends_with(kEnd)) return std::nullopt;
    if (name.size() != kStart.size() + kStampChars + kEnd.size()) return std::nullopt;
    const std::string stamp(name.substr(kStart.size(), kStampChars));
    const auto part = [&](std::size_t at, std::size_t length) { return stamp.substr(at, length); };
    return parse_time(part(0, 4) + '-' + part(4, 2) + '-' + part(6, 5) + ':' + part(11, 2) + ':' +
                      part(13, 2) + ".000" + part(15, 1));
}

std::chrono::milliseconds until_backup(const std::vector<std::string>& names,
                                       std::chrono::milliseconds interval,
                                       TimePoint now) {
    std::optional<TimePoint> newest;
    for (const std::string& name : names) {
        const std::optional<TimePoint> at = parse_backup_name(name);
        if (at && *at <= now && (!newest || *at > *newest)) newest = at;
    }
    if (!newest || now - *newest >= interval) return std::chrono::milliseconds{0};
    return std::chrono::duration_cast<std::chrono::milliseconds>(*newest + interval - now);
}

std::vector<std::string> superfluous_backups(std::vector<std::string> names, std::size_t keep) {
    names.erase(std::remove_if(names.begin(), names.end(), std::not_fn(is_backup)), names.end());
    // The stamp orders as text.
    std::sort(names.begin(), names.end());
    if (names.size() <= keep) return {};
    names.resize(names.size() - keep);
    return names;
}

}  // namespace crm::store
