// A reader of files gets them in parts, as they come over a socket.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "shared/result.h"

namespace crm::test {

/// All of `text`, in parts of `part_bytes`, up to the first part that is refused.
template <class Reader>
Status feed_in_parts(Reader& reader, std::string_view text, std::size_t part_bytes) {
    while (!text.empty()) {
        const std::size_t bytes = std::min(part_bytes, text.size());
        CRM_TRY(reader.feed(text.substr(0, bytes)));
        text.remove_prefix(bytes);
    }
    return reader.finish();
}

}  // namespace crm::test
