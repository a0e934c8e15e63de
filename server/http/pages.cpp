#include "server/http/pages.h"

#include <algorithm>
#include <array>

#include "server/http/login_pages.h"
#include "server/http/page_html.h"
#include "shared/text.h"

namespace crm::http {
namespace {

constexpr std::array kPages{
    Page{"GET", "/login", Right::Anyone, show_login},
    Page{"POST", "/login", Right::Anyone, do_login},
    Page{"POST", "/logout", Right::Anyone, do_logout},
    Page{"GET", "/setup", Right::Anyone, show_setup},
    Page{"POST", "/setup", Right::Anyone, do_setup},
    Page{"GET", "/account", Right::Read, show_account},
    Page{"POST", "/account", Right::Read, do_account},
    Page{"GET", "/pages.css", Right::Anyone, show_style},
};

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

const Page* find_page(const Request& request) {
    const auto page = std::find_if(kPages.begin(), kPages.end(), [&](const Page& each) {
        return each.path == request.path() && each.method == request.verb();
    });
    return page == kPages.end() ? nullptr : &*page;
}

std::string allowed_methods(std::string_view path) {
    std::string allowed;
    for (const Page& page : kPages) {
        if (page.path != path) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += page.method == "GET" ? "GET, HEAD" : std::string(page.method);
    }
    return allowed;
}

bool is_form(const Request& head) {
    std::string_view type = find_header(head, "Content-Type");
    type = type.substr(0, type.find(';'));
    return is_same_word(trim(type), kFormType);
}

/// What cannot be read is not there.
QueryParams read_values(std::string_view text) {
    std::optional<QueryParams> values = parse_query(text);
    if (!values) return {};
    values->erase(std::remove_if(values->begin(),
                                 values->end(),
                                 [](const auto& value) {
                                     return !is_utf8(value.first) || !is_utf8(value.second) ||
                                            has_forbidden_control(value.second);
                                 }),
                  values->end());
    return std::move(*values);
}

std::string find_value(const QueryParams& values, std::string_view name) {
    for (const auto& [key, value] : values) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace

std::string PageCall::asked(std::string_view name) const {
    return find_value(query, name);
}

std::string PageCall::filled(std::string_view name) const {
    return find_value(form, name);
}

std::span<const Page> pages() {
    return kPages;
}

bool is_page(std::string_view path) {
    return std::any_of(
        kPages.begin(), kPages.end(), [&](const Page& page) { return page.path == path; });
}

std::optional<Response> refuse_page(const Request& head, const AccessRules& rules) {
    if (rules.mode == AuthMode::Dev && head.path() != "/pages.css") return see_other("/");
    const Page* page = find_page(head);
    if (page == nullptr) {
        const std::string allowed = allowed_methods(head.path());
        Response response = message_page(
            405, "This address is not opened like that", "Go to the app and try again from there.");
        response.headers.emplace_back("Allow", allowed);
        return response;
    }
    if (page->method == "POST" && !is_form(head)) {
        return message_page(415, "This is not what the page sends", "Use the form of the page.");
    }
    return std::nullopt;
}

Response answer_page(const Request& request, const AccessRules& rules) {
    if (std::optional<Response> refusal = refuse_page(request, rules)) return std::move(*refusal);
    const Page& page = *find_page(request);
    PageCall call{request, rules, {}, read_values(request.query()), {}};
    if (page.method == "POST") call.form = read_values(request.body);
    Response response;
    if (page.right == Right::Anyone) {
        response = page.answer(call);
    } else {
        Result<Caller> caller = identify(request, rules);
        if (caller.is_ok() && check_right(page.right, caller.value()).is_ok()) {
            call.caller = caller.take();
            response = page.answer(call);
        } else {
            response = see_other("/login?next=" + percent_encode(page.path));
        }
    }
    response.route = page.path;
    return response;
}

}  // namespace crm::http
