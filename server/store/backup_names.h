// The backups that the server makes by itself, by their names: when one is due and which give way.
// Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/time_text.h"

namespace crm::store {

/// "contacts-20260131T091200Z.db"
[[nodiscard]] std::string backup_name(TimePoint at);

/// nullopt: not a name of that form; such files are nobody's to remove.
[[nodiscard]] std::optional<TimePoint> parse_backup_name(std::string_view name);

/// How long until the next one; zero: now. A newest one from the future counts as none, since a
/// clock that was wrong must not stop backups for years.
[[nodiscard]] std::chrono::milliseconds until_backup(const std::vector<std::string>& names,
                                                     std::chrono::milliseconds interval,
                                                     TimePoint now);

/// The oldest ones beyond `keep`.
[[nodiscard]] std::vector<std::string> superfluous_backups(std::vector<std::string> names,
                                                           std::size_t keep);

}  // namespace crm::store
