// Text as people write it: UTF-8 checks, trimming, folding for search, and the keys by which
// contacts are matched. Pure; never throws; broken UTF-8 is refused by is_utf8 before anything else
// runs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crm {

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Code points. The text must be UTF-8.
[[nodiscard]] std::size_t count_chars(std::string_view text);

/// Without white space at both ends (ASCII, no-break space, and the other Unicode spaces).
[[nodiscard]] std::string trim(std::string_view text);

/// Control characters other than tab and line feed, NUL included: they are refused, not removed.
[[nodiscard]] bool has_forbidden_control(std::string_view text);

/// For search and sorting: lower case, without accents, for Latin, Greek and Cyrillic ("Čížek" ->
/// "cizek", "ß" -> "ss", "Ł" -> "l"); other scripts stay as they are. White space runs become one
/// space.
[[nodiscard]] std::string fold(std::string_view text);

/// What two values of a field must share to count as the same text: trimmed, inner runs of white
/// space as one space. Case and accents still count.
[[nodiscard]] std::string canonical_text(std::string_view text);

/// Lower case for Latin, Greek, Cyrillic and Armenian; accents and white space stay.
[[nodiscard]] std::string lower_text(std::string_view text);

/// The key of an e-mail: trimmed and lower-cased (ASCII and the scripts of fold(), accents kept).
/// nullopt when the text is no address: exactly one @, a local part, a domain with a dot or
/// "localhost", no spaces, no control characters, at most kEmailCharsMax characters.
[[nodiscard]] std::optional<std::string> email_key(std::string_view text);

/// The key of a phone: '+' kept if it leads (or "00"), then digits only. nullopt with under 5
/// digits. Not E.164: without a country code two numbers match by their digits alone.
[[nodiscard]] std::optional<std::string> phone_key(std::string_view text);

/// The digits of a text, for searching in phones.
[[nodiscard]] std::string digits_of(std::string_view text);

/// With a period where the text ends without '.', '!' or '?': messages of one sentence come
/// without, and where sentences follow each other they need one. "" stays.
[[nodiscard]] std::string as_sentence(std::string_view text);

}  // namespace crm
