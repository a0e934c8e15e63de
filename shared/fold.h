// Lower case and accent-free forms of single characters, for Latin, Greek and Cyrillic. The tables
// follow the Unicode character database; what they do not know stays as it is.
//
// Letters count as accented when people leave the accent out while typing. й, ї, ў and their like
// are letters of their own in Cyrillic alphabets and stay; ё is commonly written е and becomes it.
#pragma once

#include <string>
#include <string_view>

namespace crm {

/// Latin, Greek, Cyrillic and Armenian capitals in lower case, accents kept; everything else
/// unchanged.
[[nodiscard]] char32_t lower_char(char32_t value);

/// Appends what a character is searched by, to text that was made by this function: lower case, no
/// accent, sometimes two letters ("ß" -> "ss"), nothing for a combining accent.
void append_folded_char(std::string& folded, char32_t value);

}  // namespace crm
