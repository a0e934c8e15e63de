// One pass over the bytes; quotes and backslashes are all it understands.
#include "shared/json_text.h"

#include <algorithm>
#include <string>

#include "shared/limits.h"
#include "shared/text.h"

namespace crm {

std::size_t json_depth(std::string_view text) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool is_in_string = false;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char letter = text[index];
        if (letter == '"') {
            is_in_string = !is_in_string;
        } else if (is_in_string) {
            if (letter == '\\') ++index;
        } else if (letter == '{' || letter == '[') {
            deepest = std::max(deepest, ++depth);
        } else if ((letter == '}' || letter == ']') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

Status check_json_text(std::string_view text) {
    if (!is_utf8(text)) {
        return Error{ErrorCode::BadRequest,
                     "The text is not valid UTF-8: encode it as UTF-8 and send it again."};
    }
    // Parsers take the byte 0 for the end of the text, and would not see what comes after it.
    if (text.find('\0') != std::string_view::npos) {
        return Error{ErrorCode::BadRequest, "The JSON contains the byte 0: write it as \\u0000."};
    }
    if (json_depth(text) > kJsonDepthMax) {
        return Error{ErrorCode::BadRequest,
                     "The JSON is nested deeper than " + std::to_string(kJsonDepthMax) +
                         " levels: nothing here needs that."};
    }
    return {};
}

}  // namespace crm
