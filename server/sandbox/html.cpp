// Everything between the tags goes through escape_html; the style sheet is the only other file.
#include "server/sandbox/html.h"

#include <utility>

#include "server/sandbox/pages.h"

namespace crm::sandbox {
namespace {

// One sheet for both; the body's class picks the colours.
constexpr std::string_view kStyle = R"css(
:root { color-scheme: light; --ink: #1f2a37; --line: #cfd6de; --paper: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
body { color: var(--ink); background: var(--paper); }
.hubspot { --brand: #b8350e; --brand-ink: #fff; --soft: #fff1ea; }
.pipedrive { --brand: #0a6b3d; --brand-ink: #fff; --soft: #e8f6ee; }
.both { --brand: #33475b; --brand-ink: #fff; --soft: #eaf0f6; }
header { background: var(--brand); color: var(--brand-ink); padding: .75rem 1.5rem; }
header p { margin: 0; }
header a { color: inherit; font-weight: 700; margin-right: 1.5rem; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem; }
.tools { display: flex; flex-wrap: wrap; gap: 1rem; }
.tools { align-items: end; justify-content: space-between; }
.note { background: var(--soft); border-left: .3rem solid var(--brand); padding: .5rem 1rem; }
table { width: 100%; border-collapse: collapse; background: #fff; margin: 1rem 0; }
th, td { text-align: start; padding: .5rem .75rem; border: 1px solid var(--line); }
th, td { overflow-wrap: anywhere; }
thead th { background: var(--soft); }
label { display: block; font-weight: 600; margin-top: .75rem; }
input { width: 100%; max-width: 32rem; padding: .45rem .6rem; font: inherit; }
input { border: 1px solid #6b7785; border-radius: .3rem; }
button, .button { display: inline-block; margin-top: 1rem; padding: .5rem 1.1rem;
  font: inherit; font-weight: 600;
  border: 1px solid var(--brand); border-radius: .3rem;
  background: var(--brand); color: var(--brand-ink);
  text-decoration: none; cursor: pointer; }
button.quiet { background: #fff; color: var(--brand); }
a { color: var(--brand); }
:focus-visible { outline: .2rem solid #1a5fb4; outline-offset: .1rem; }
header :focus-visible { outline-color: #fff; }
)css";

std::string frame(std::string_view style_class,
                  std::string_view title,
                  std::string_view banner,
                  std::string_view content) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    html += escape_html(title);
    html += " – Sandbox</title>\n<link rel=\"stylesheet\" href=\"/sandbox/style.css\">\n</head>\n";
    html += "<body class=\"" + std::string(style_class) + "\">\n<header>\n";
    html += banner;
    html += "</header>\n<main>\n<h1>" + escape_html(title) + "</h1>\n";
    html += content;
    html += "</main>\n</body>\n</html>\n";
    return html;
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (const char character : text) {
        switch (character) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += character;
        }
    }
    return safe;
}

std::string page_html(System system, std::string_view title, std::string_view content) {
    const std::string key(key_of(system));
    const std::string label(label_of(system));
    const std::string banner = "<p><a href=\"/" + key + "/app\">" + label +
                               " contacts</a> "
                               "<strong>Sandbox</strong>: practice data, not the real " +
                               label + "</p>\n";
    return frame(key, title, banner, content);
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

Response style_sheet() {
    return {.content_type = "text/css; charset=utf-8", .body = std::string(kStyle)};
}

Response front_page() {
    return html_response(
        200,
        frame("both",
              "Sandbox workspace",
              "<p><strong>Sandbox</strong></p>\n",
              "<p>Two practice CRMs, to change a contact over there and watch it arrive.</p>\n"
              "<ul>\n<li><a href=\"/hubspot/app\">HubSpot contacts</a></li>\n"
              "<li><a href=\"/pipedrive/app\">Pipedrive contacts</a></li>\n</ul>\n"));
}

}  // namespace crm::sandbox
