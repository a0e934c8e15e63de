// JSON as other people's systems send it: made parseable before it is parsed, and their words made
// presentable before a person reads them. Pure; knows no JSON library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crm::sync {

/// Stands where text was broken: U+FDD0, which is no character and never part of good text.
inline constexpr std::string_view kBrokenMark = "\xEF\xB7\x90";

/// The text with kBrokenMark for every broken byte and every lone surrogate escape, so that one bad
/// value does not make a whole page unreadable. nullopt: nested deeper than kJsonDepthMax.
[[nodiscard]] std::optional<std::string> make_parseable(std::string text);

/// On one line, at most kDetailsCharsMax characters, without control characters and broken bytes.
[[nodiscard]] std::string make_presentable(std::string_view text);

}  // namespace crm::sync
