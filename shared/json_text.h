// Looks at JSON text before any parser does, without one: a text that passes cannot end the process
// by its depth and holds no broken UTF-8. Whether it is JSON at all is the parser's answer.
#pragma once

#include <cstddef>
#include <string_view>

#include "shared/result.h"

namespace crm {

/// How deep the brackets go, those inside of strings left out.
[[nodiscard]] std::size_t json_depth(std::string_view text);

/// BadRequest, with a sentence, for broken UTF-8, the byte 0, and more than kJsonDepthMax levels.
[[nodiscard]] Status check_json_text(std::string_view text);

}  // namespace crm
