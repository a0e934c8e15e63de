// SHA-256 over text.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace crm::sync {

using Digest = std::array<unsigned char, 32>;

[[nodiscard]] Digest digest_of(std::string_view text);
[[nodiscard]] std::string to_hex(const Digest& digest);

/// 64 letters.
[[nodiscard]] inline std::string hex_digest(std::string_view text) {
    return to_hex(digest_of(text));
}

}  // namespace crm::sync
