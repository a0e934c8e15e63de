// What follows from the state: rows, problems of the form, the sync pill, whether text would be
// lost. Pure; computed when asked, never stored.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client-wasm/state/app_state.h"

namespace crm::client {

[[nodiscard]] std::string theme_text(
    ThemeChoice theme);  // "system", "light", "dark": stored, DO NOT RENAME
[[nodiscard]] ThemeChoice parse_theme(std::string_view text);

[[nodiscard]] const ContactList& list_of(const AppState& state, ListKind kind);

/// nullptr while the row's page is not there.
[[nodiscard]] const Contact* find_row(const ContactList& list, std::int64_t row);
[[nodiscard]] const Contact* find_contact(const ContactList& list, const ContactId& id);
[[nodiscard]] std::optional<std::int64_t> find_row_of(const ContactList& list, const ContactId& id);

/// Something typed differs from what was loaded.
[[nodiscard]] bool is_dirty(const Draft& draft);
[[nodiscard]] bool is_dirty(const AppState& state);

/// Problems that are shown beside fields: the server's, and our own of fields that were left once.
[[nodiscard]] std::map<std::string, std::string> shown_problems(const Draft& draft);

/// All of our own problems; Save is refused while there are any.
[[nodiscard]] std::map<std::string, std::string> all_problems(const Draft& draft);

/// A hint under a field that is not an error, or "".
[[nodiscard]] std::string field_hint(const Draft& draft, std::string_view field);

/// The texts that differ from the base.
[[nodiscard]] ContactPatch draft_patch(const Draft& draft);

enum class Tone { Ok, Info, Warn, Error, Neutral };

struct Pill {
    Tone tone = Tone::Neutral;
    std::string text;  // "In sync · 2 min ago"

    bool operator==(const Pill&) const = default;
};
[[nodiscard]] Pill sync_pill(const AppState& state);
/// Neither queued nor running.
[[nodiscard]] bool is_ended(const api::Run& run);
[[nodiscard]] bool is_sync_running(const AppState& state);

[[nodiscard]] std::string run_text(const api::Run& run);  // "Running 12/40", "Done with 2 problems"
[[nodiscard]] Tone run_tone(const api::Run& run);
[[nodiscard]] std::string link_word(LinkState state);  // "Synced", "Not linked"

/// "just now", "2 min ago", "3 h ago", "yesterday", "12 Nov 2026".
[[nodiscard]] std::string ago_text(TimePoint now, TimePoint then);
[[nodiscard]] std::string count_text(std::int64_t count);  // "12,480"

/// No request and no short timer is under way: what is shown is what there is.
[[nodiscard]] bool is_settled(const AppState& state);

/// The page for signing in, and back from there, when an answer of this status says that the server
/// knows nobody any more. "": go on; also while somebody types, because leaving would lose it.
[[nodiscard]] std::string sign_in_address(const AppState& state, int status);

}  // namespace crm::client
