// The HTML around the sandbox's pages: the frame of a page, and the answers that carry them.
#pragma once

#include <string>
#include <string_view>

#include "server/sandbox/message.h"
#include "server/sandbox/record.h"

namespace crm::sandbox {

struct PageText {
    std::string_view title;    // text
    std::string_view content;  // HTML
    std::string_view notice;   // HTML, above the title
};

/// A whole page of one CRM, in its colours.
[[nodiscard]] std::string page_html(System system, const PageText& text);

/// With a policy that forbids every script and every frame.
[[nodiscard]] Response html_response(int status, std::string html);

/// 303: the browser gets `path` next, so that reloading does not post again.
[[nodiscard]] Response see_other(std::string_view path);

}  // namespace crm::sandbox
