// The HTML around the server's own pages: the frame, forms, and answers with a policy that forbids
// every script, every other origin and every frame.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace crm::http {

/// One labelled input.
struct FormField {
    std::string_view label;
    std::string_view name;
    std::string_view type;          // "email", "password", "text"
    std::string_view autocomplete;  // "username", "current-password", "new-password"
    std::string value = {};
    std::string hint = {};     // under the field
    std::string problem = {};  // what is wrong with what was typed
    bool is_focused = false;
    bool is_optional = false;
};

struct Form {
    std::string_view action;
    std::string_view button;
    std::vector<FormField> fields;
    std::vector<std::pair<std::string, std::string>> hidden = {};
};

/// The HTML of a form.
[[nodiscard]] std::string form_html(const Form& form);

struct PageText {
    std::string_view title;
    std::string problem = {};  // said at once, above everything (role alert)
    std::string notice = {};   // good news (role status)
    std::string content = {};  // HTML
};
[[nodiscard]] Response page_response(int status, const PageText& text);

/// A page that says something and leads to the app.
[[nodiscard]] Response message_page(int status, std::string_view title, std::string_view sentence);

/// 303: the browser gets `path` next, so that reloading does not post again.
[[nodiscard]] Response see_other(std::string_view path);

/// The style sheet of the pages, in the colours of the client.
[[nodiscard]] std::string_view page_style();

}  // namespace crm::http
