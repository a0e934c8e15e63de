// Text in HTML.
#pragma once

#include <string>
#include <string_view>

namespace crm {

/// Safe as text and inside a quoted attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace crm
