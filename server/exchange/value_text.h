// Lists as the text of one cell, and back: "ann@home.example (home); a@b.example". What means
// something (; , \ and brackets) is kept by a backslash before it, so every list comes back as it
// went. Reading takes what other programs write, too: ":::" (Google), line breaks, and commas
// between tags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"

namespace crm::exchange {

[[nodiscard]] std::string write_values_text(const std::vector<LabeledValue>& values);
[[nodiscard]] std::vector<LabeledValue> read_values_text(std::string_view text);

[[nodiscard]] std::string write_tags_text(const std::vector<std::string>& tags);
[[nodiscard]] std::vector<std::string> read_tags_text(std::string_view text);

}  // namespace crm::exchange
