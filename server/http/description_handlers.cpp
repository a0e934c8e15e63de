// The page walks the same tables as the document.
#include "server/http/description_handlers.h"

#include <algorithm>

#include "server/config.h"
#include "server/html_text.h"
#include "server/http/api_schemas.h"
#include "server/http/openapi_json.h"
#include "server/http/page_html.h"
#include "server/http/respond.h"
#include "server/http/route_words.h"

namespace crm::http {
namespace {

std::string code(std::string_view text) {
    return "<code>" + escape_html(text) + "</code>";
}

std::string line(std::string_view title, const std::string& html) {
    return "<dt>" + escape_html(title) + "</dt><dd>" + html + "</dd>\n";
}

std::string codes(std::string_view words) {
    std::string html;
    while (!words.empty()) {
        const std::size_t space = std::min(words.find(' '), words.size());
        const std::string_view word = words.substr(0, space);
        words.remove_prefix(std::min(space + 1, words.size()));
        if (word.empty()) continue;
        html += (html.empty() ? "" : " ") + code(word);
        const ParameterWords* meaning = find_parameter_words(word);
        if (meaning != nullptr) html += " " + escape_html(meaning->summary) + ".";
    }
    return html;
}

std::string_view who_may(Right right) {
    switch (right) {
        case Right::Anyone:
            return "anybody";
        case Right::Read:
            return "viewer, editor, admin";
        case Right::Edit:
            return "editor, admin";
        case Right::Manage:
            return "admin";
    }
    return "admin";
}

std::string route_html(const Route& route) {
    const RouteWords* found = find_words(route);
    const RouteWords words = found != nullptr ? *found : RouteWords{};
    std::string html = "<h3 id=\"" + escape_html(words.id) + "\">" +
                       code(std::string(route.method) + ' ' + std::string(route.pattern)) +
                       "</h3>\n<p>" + escape_html(words.summary) + ".</p>\n<dl>\n";
    html += line("For", escape_html(who_may(route.right)));
    if (!words.parts.empty()) html += line("In the path", codes(words.parts));
    if (!route.parameters.empty()) html += line("Parameters", codes(route.parameters));
    if (!words.takes.empty()) html += line("Takes", code(words.takes));
    html += line("Gives", code(words.gives));
    return html + "</dl>\n";
}

std::string schema_html(const ApiSchema& schema) {
    return "<dt id=\"schema-" + escape_html(schema.name) + "\">" + code(schema.name) + "</dt><dd>" +
           code(schema.members) + "</dd>\n";
}

}  // namespace

Result<Response> show_openapi(const Services&, const Call& call) {
    Response response = json_response(200, write_openapi(kVersion, "/"));
    const std::string etag = make_etag(response.body);
    response.headers = {{"Cache-Control", "no-cache"}, {"ETag", etag}};
    if (has_etag(find_header(call.request, "If-None-Match"), etag)) return not_modified(response);
    return response;
}

Result<Response> show_docs(const Services&, const Call&) {
    PageText page;
    page.title = "The API";
    page.content =
        "<p>The same for programs: <a href=\"/api/openapi.json\">openapi.json</a> "
        "(OpenAPI 3.1). Errors are <code>Error</code>; every answer has "
        "<code>X-Request-Id</code>.</p>\n<h2>Requests</h2>\n";
    for (const Route& route : routes()) page.content += route_html(route);
    page.content +=
        "<h2>Shapes</h2>\n<p><code>?</code> after a name: may be missing; after a "
        "type: may be null.</p>\n<dl>\n";
    for (const ApiSchema& schema : api_schemas()) page.content += schema_html(schema);
    page.content += "</dl>\n";
    return page_response(200, page);
}

Result<Response> show_ready(const Services& services, const Call&) {
    const ReadyChecks checks = services.check_ready ? services.check_ready() : ReadyChecks{};
    const bool is_ready = std::all_of(
        checks.begin(), checks.end(), [](const auto& check) { return check.second.empty(); });
    return json_response(is_ready ? 200 : 503, write_ready(checks));
}

}  // namespace crm::http
