// How the sync engine's notes are spelled in SQL: enums as words, value maps as query strings,
// times that may be missing. For store/sync_*.cpp only. DO NOT RENAME the words: they are stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/store/query.h"
#include "server/store/sync_notes.h"

namespace crm::store {

/// The text of a "detached" note whose record became one with another.
inline constexpr const char* kMergedNote = "merged";

/// What these functions wrote: 0 when it is no number.
[[nodiscard]] std::int64_t read_number(std::string_view text);
[[nodiscard]] std::string write_texts(const sync::FieldTexts& texts);
[[nodiscard]] sync::FieldTexts read_texts(const std::string& text);
[[nodiscard]] std::string write_parked(const sync::ParkedValue& parked);
[[nodiscard]] sync::ParkedValue read_parked(const std::string& text);
[[nodiscard]] std::string write_oscillation(const sync::Oscillation& oscillation);
[[nodiscard]] sync::Oscillation read_oscillation(const std::string& text);
[[nodiscard]] std::string_view kind_text(sync::IntentKind kind);
[[nodiscard]] sync::IntentKind parse_kind(const std::string& text);
[[nodiscard]] std::optional<TimePoint> time_or_none(const Query& query, int column);

}  // namespace crm::store
