// What the command palette offers for what is typed: people, then what can be done, then where one
// can go. Pure.
#pragma once

#include <string>
#include <vector>

#include "client-wasm/state/actions.h"
#include "client-wasm/state/app_state.h"

namespace crm::client {

struct PaletteEntry {
    std::string title;
    std::string detail;  // what kind it is, and its keys
    Action action;
};

/// Those that fit, in the order in which they are shown. ">" before the text: only what can be
/// done; "@": only people.
[[nodiscard]] std::vector<PaletteEntry> palette_entries(const AppState& state);

}  // namespace crm::client
