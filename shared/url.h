// Percent-encoding and query strings (RFC 3986). Pure; malformed input is reported, never guessed
// at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm {

/// Encodes everything but unreserved characters: safe as one path segment or one query value.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// nullopt on a broken escape. '+' stays '+': only forms mean a space by it (see parse_query).
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

using QueryParams = std::vector<std::pair<std::string, std::string>>;

/// "a=1&b=2"; no leading '?'.
[[nodiscard]] std::string format_query(const QueryParams& params);

/// The other way round; '+' is a space. nullopt on a broken escape.
[[nodiscard]] std::optional<QueryParams> parse_query(std::string_view text);

/// base64url without padding (RFC 4648 section 5), for cursors and tokens.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace crm
