// Everything between the tags goes through escape_html.
#include "server/sandbox/html.h"

#include <utility>

#include "server/html_text.h"
#include "server/sandbox/pages.h"

namespace crm::sandbox {
namespace {

std::string head_html(std::string_view style_class, std::string_view title) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    html += escape_html(title);
    html += " – Sandbox</title>\n<link rel=\"stylesheet\" href=\"/sandbox/style.css\">\n</head>\n";
    return html + "<body class=\"" + std::string(style_class) + "\">\n";
}

std::string link_html(const std::string& path, std::string_view label) {
    return "<li><a href=\"" + path + "\">" + std::string(label) + "</a></li>\n";
}

// What each product calls its contacts.
std::string_view plural_of(System system) {
    switch (system) {
        case System::HubSpot:
            return "Contacts";
        case System::Pipedrive:
            return "People";
        case System::Practice:
            return "Persons";
    }
    return "";
}

std::string side_html(System system) {
    const std::string label(label_of(system));
    const std::string path = "/" + std::string(key_of(system)) + "/app";
    const std::string says = system == System::Practice ? "a CRM that exists only here"
                                                        : "practice data, not the real " + label;
    std::string html =
        "<header>\n<p class=\"product\"><span class=\"logo\" aria-hidden=\"true\"></span>" + label +
        "</p>\n<p class=\"sandbox\"><strong>Sandbox</strong> " + says + "</p>\n<nav aria-label=\"" +
        label + "\">\n<ul>\n";
    html += link_html(path, plural_of(system)) + link_html(path + "/new", "New") +
            link_html(path + "?deleted=1", "Recycle bin") +
            link_html(path + "/faults", "Break things");
    html += "</ul>\n</nav>\n<nav class=\"others\" aria-label=\"Other systems\">\n<ul>\n";
    for (const System other : kSystems) {
        if (other == system) continue;
        html += link_html("/" + std::string(key_of(other)) + "/app", label_of(other));
    }
    return html + "</ul>\n</nav>\n</header>\n";
}

}  // namespace

std::string page_html(System system, const PageText& text) {
    return head_html(key_of(system), text.title) + side_html(system) + "<main>\n" +
           std::string(text.notice) + "<h1>" + escape_html(text.title) + "</h1>\n" +
           std::string(text.content) + "</main>\n</body>\n</html>\n";
}

Response html_response(int status, std::string html) {
    return {.status = status,
            .content_type = "text/html; charset=utf-8",
            .body = std::move(html),
            .headers = {{"Content-Security-Policy",
                         "default-src 'none'; style-src 'self'; form-action 'self'; "
                         "base-uri 'none'; frame-ancestors 'none'"},
                        // "no-referrer" would make browsers send "Origin: null" with our own forms.
                        {"Referrer-Policy", "same-origin"}}};
}

Response see_other(std::string_view path) {
    return {.status = 303, .content_type = "", .headers = {{"Location", std::string(path)}}};
}

Response front_page() {
    std::string html = head_html("all", "Sandbox workspace");
    html +=
        "<header>\n<p class=\"product\">Sandbox workspace</p>\n</header>\n<main>\n"
        "<h1>Sandbox workspace</h1>\n<p>Practice CRMs: change a contact over there and watch it "
        "arrive, or break things and watch the app cope.</p>\n<ul>\n";
    for (const System system : kSystems) {
        const std::string path = "/" + std::string(key_of(system)) + "/app";
        html += "<li><a href=\"" + path + "\">" + std::string(label_of(system)) +
                "</a>, <a href=\"" + path + "/faults\">break things in " +
                std::string(label_of(system)) + "</a></li>\n";
    }
    return html_response(200, html + "</ul>\n</main>\n</body>\n</html>\n");
}

}  // namespace crm::sandbox
