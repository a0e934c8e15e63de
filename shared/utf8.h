// Code points in and out of UTF-8, for the files of this folder that look at characters.
// decode_char expects text that is_utf8() accepted; on anything else it still moves on by one byte
// and never reads past the end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crm {

struct DecodedChar {
    char32_t value = 0;
    std::size_t bytes = 1;
    bool is_valid = false;
};

/// The code point at `position`, which is less than text.size().
[[nodiscard]] DecodedChar decode_char(std::string_view text, std::size_t position);

void append_char(std::string& text, char32_t value);

/// White space in the sense of Unicode, and the two invisible ones that come along with pasted text
/// (zero width space, byte order mark).
[[nodiscard]] bool is_space_char(char32_t value);

/// Control characters of ASCII and Latin-1, tab and line feed included.
[[nodiscard]] bool is_control_char(char32_t value);

/// Characters that take no room and turn the reading direction: never part of an address.
[[nodiscard]] bool is_invisible_char(char32_t value);

/// The value of a decimal digit in ASCII, full width, Arabic, Persian or Devanagari; -1 otherwise.
[[nodiscard]] int digit_value(char32_t value);

}  // namespace crm
