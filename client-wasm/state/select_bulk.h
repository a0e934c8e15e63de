// What follows from the ticked rows. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client-wasm/state/app_state.h"

namespace crm::client {

[[nodiscard]] bool is_ticked(const AppState& state, ListKind list, const ContactId& id);
[[nodiscard]] std::int64_t ticked_count(const AppState& state, ListKind list);
enum class Ticked { None, Some, All };
[[nodiscard]] Ticked ticked_state(const AppState& state, ListKind list);
/// All rows that are here are ticked.
[[nodiscard]] bool are_loaded_ticked(const AppState& state, ListKind list);

/// "1 contact", "12,480 contacts".
[[nodiscard]] std::string contacts_text(std::int64_t count);
/// Trimmed words between commas, none twice.
[[nodiscard]] std::vector<std::string> read_tag_list(std::string_view text);
/// A change of many is on its way.
[[nodiscard]] bool is_bulk_sent(const AppState& state);

}  // namespace crm::client
