// Everything between the tags goes through escape_html.
#include "server/http/page_html.h"

#include "server/html_text.h"
#include "shared/text.h"

namespace crm::http {
namespace {

// The tokens of client-wasm/views/theme.cpp; a test compares the two.
constexpr std::string_view kStyle = R"css(:root {
    color-scheme: light dark;
    --bg: #f8fafc; --surface: #ffffff; --border: #e2e8f0; --border-strong: #7c8ca3;
    --text: #0f172a; --text2: #475569; --accent: #4f46e5; --accent-hover: #4338ca;
    --on-accent: #ffffff; --accent-text: #4338ca; --err-soft: #fee2e2; --err-text: #991b1b;
    --ok-soft: #dcfce7; --ok-text: #166534; --focus: #4f46e5;
}
@media (prefers-color-scheme: dark) {
    :root {
        --bg: #0b1120; --surface: #111827; --border: #263247; --border-strong: #66758c;
        --text: #f1f5f9; --text2: #b6c2d2; --accent: #5b5fef; --accent-hover: #5457e5;
        --on-accent: #ffffff; --accent-text: #b4bcff; --err-soft: #421a1e; --err-text: #fca5a5;
        --ok-soft: #12331f; --ok-text: #86efac; --focus: #a5b4fc;
    }
}
* { box-sizing: border-box; }
body {
    margin: 0; padding: 16px; min-height: 100vh; display: grid; place-items: center;
    background: var(--bg); color: var(--text);
    font: 16px/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main {
    width: 100%; max-width: 400px; padding: 32px; background: var(--surface);
    border: 1px solid var(--border); border-radius: 12px;
}
.brand { margin: 0 0 24px; color: var(--text2); font-weight: 600; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
h2 { margin: 32px 0 8px; font-size: 17px; }
p { margin: 0 0 16px; }
form { display: grid; gap: 16px; margin: 0 0 16px; }
.field { display: grid; gap: 4px; }
label { font-weight: 500; }
input {
    width: 100%; padding: 10px 12px; font: inherit; color: var(--text);
    background: var(--surface); border: 1px solid var(--border-strong); border-radius: 8px;
}
input[aria-invalid="true"] { border-color: var(--err-text); }
.hint { color: var(--text2); font-size: 14px; }
.wrong { color: var(--err-text); font-size: 14px; }
button {
    min-height: 44px; padding: 10px 16px; font: inherit; font-weight: 600; cursor: pointer;
    color: var(--on-accent); background: var(--accent); border: 0; border-radius: 8px;
}
button:hover { background: var(--accent-hover); }
button.quiet {
    color: var(--text); background: var(--surface); border: 1px solid var(--border-strong);
}
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
a { color: var(--accent-text); }
[role="alert"], [role="status"] { padding: 12px; border-radius: 8px; }
[role="alert"] { color: var(--err-text); background: var(--err-soft); }
[role="status"] { color: var(--ok-text); background: var(--ok-soft); }
)css";

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

std::string attribute(std::string_view name, std::string_view value) {
    return ' ' + std::string(name) + "=\"" + escape_html(value) + '"';
}

std::string input_html(const FormField& field) {
    const std::string name(field.name);
    std::string described;
    if (!field.problem.empty()) described = name + "-wrong";
    if (!field.hint.empty()) described += (described.empty() ? "" : " ") + name + "-hint";
    std::string html = "<input" + attribute("id", name) + attribute("name", name) +
                       attribute("type", field.type) +
                       attribute("autocomplete", field.autocomplete);
    if (!field.value.empty()) html += attribute("value", field.value);
    if (!field.problem.empty()) html += attribute("aria-invalid", "true");
    if (!described.empty()) html += attribute("aria-describedby", described);
    if (!field.is_optional) html += " required";
    if (field.is_focused) html += " autofocus";
    return html + ">\n";
}

std::string field_html(const FormField& field) {
    const std::string name(field.name);
    std::string html = "<div class=\"field\">\n<label" + attribute("for", name) + ">" +
                       escape_html(field.label) + "</label>\n" + input_html(field);
    if (!field.problem.empty()) {
        html += "<span class=\"wrong\"" + attribute("id", name + "-wrong") + ">" +
                escape_html(as_sentence(field.problem)) + "</span>\n";
    }
    if (!field.hint.empty()) {
        html += "<span class=\"hint\"" + attribute("id", name + "-hint") + ">" +
                escape_html(field.hint) + "</span>\n";
    }
    return html + "</div>\n";
}

}  // namespace

std::string form_html(const Form& form) {
    std::string html = "<form method=\"post\"" + attribute("action", form.action) + ">\n";
    for (const auto& [name, value] : form.hidden) {
        html +=
            "<input type=\"hidden\"" + attribute("name", name) + attribute("value", value) + ">\n";
    }
    for (const FormField& field : form.fields) html += field_html(field);
    const std::string_view look = form.fields.empty() ? " class=\"quiet\"" : "";
    return html + "<button type=\"submit\"" + std::string(look) + ">" + escape_html(form.button) +
           "</button>\n</form>\n";
}

Response page_response(int status, const PageText& text) {
    std::string html =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>";
    // Who cannot see the page hears of the problem first.
    if (!text.problem.empty()) html += "Error: ";
    html += escape_html(text.title) +
            " – Contacts</title>\n"
            "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n"
            "<link rel=\"stylesheet\" href=\"/pages.css\">\n</head>\n<body>\n<main>\n"
            "<p class=\"brand\">Contacts</p>\n<h1>" +
            escape_html(text.title) + "</h1>\n";
    if (!text.problem.empty()) {
        html += "<p role=\"alert\">" + escape_html(as_sentence(text.problem)) + "</p>\n";
    }
    if (!text.notice.empty()) {
        html += "<p role=\"status\">" + escape_html(as_sentence(text.notice)) + "</p>\n";
    }
    html += text.content + "</main>\n</body>\n</html>\n";
    Response response;
    response.status = status;
    response.content_type = "text/html; charset=utf-8";
    response.body = std::move(html);
    response.headers = {{"Cache-Control", "no-store"},
                        {"Content-Security-Policy", std::string(kPolicy)},
                        // With no-referrer browsers hide from us that a form is our own.
                        {"Referrer-Policy", "same-origin"}};
    return response;
}

Response message_page(int status, std::string_view title, std::string_view sentence) {
    PageText text;
    text.title = title;
    text.content = "<p>" + escape_html(sentence) + "</p>\n<p><a href=\"/\">Open Contacts</a></p>\n";
    return page_response(status, text);
}

Response see_other(std::string_view path) {
    Response response;
    response.status = 303;
    response.headers = {{"Location", std::string(path)}, {"Cache-Control", "no-store"}};
    return response;
}

std::string_view page_style() {
    return kStyle;
}

}  // namespace crm::http
