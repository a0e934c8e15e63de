// The pages that the server writes itself: signing in and out, the first admin, one's own password.
// Plain HTML forms: they work without a script, and password managers know them. The table says
// what each needs, as the one of the API does. Without login there is nothing to sign in to: all of
// them lead to the app.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "server/http/access.h"
#include "server/http/message.h"
#include "server/http/routes.h"
#include "shared/url.h"

namespace crm::http {

/// A request for one of the pages.
struct PageCall {
    const Request& request;
    const AccessRules& rules;
    Caller caller;  // where one is needed
    QueryParams query;
    QueryParams form;  // of a POST

    /// The value of the query or form, or "".
    [[nodiscard]] std::string asked(std::string_view name) const;
    [[nodiscard]] std::string filled(std::string_view name) const;
    [[nodiscard]] people::PeopleService& people() const { return *rules.people; }
};

struct Page {
    std::string_view method;
    std::string_view path;
    Right right;
    Response (*answer)(const PageCall&);
};

[[nodiscard]] std::span<const Page> pages();

/// Whether a path, as sent, is one of them.
[[nodiscard]] bool is_page(std::string_view path);

/// Before the body is read: wrong method, no form.
[[nodiscard]] std::optional<Response> refuse_page(const Request& head, const AccessRules& rules);
[[nodiscard]] Response answer_page(const Request& request, const AccessRules& rules);

}  // namespace crm::http
