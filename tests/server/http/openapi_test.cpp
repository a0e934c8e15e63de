// The description of the API says the truth: each route is there with what the table says of it,
// and each name that it uses is there. What the server really answers is compared in tests/system.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "server/http/api_schemas.h"
#include "server/http/openapi_json.h"
#include "server/http/route_words.h"
#include "tests/server/http/live_server.h"

namespace crm::http {

using test::LiveServer;
using test::Reply;
using Json = nlohmann::json;

namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

std::size_t count_words(std::string_view text) {
    return text.empty() ? 0 : count_of(text, " ") + 1;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t space = std::min(text.find(' '), text.size());
        if (space > 0) words.emplace_back(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return words;
}

void collect_references(const Json& value, std::set<std::string>& found) {
    if (value.is_object() && value.contains("$ref")) found.insert(value["$ref"]);
    if (value.is_structured()) {
        for (const Json& inner : value) collect_references(inner, found);
    }
}

}  // namespace

TEST_CASE("openapi: every route is told about, and nothing that is no route") {
    std::set<std::string_view> ids;
    for (const Route& route : routes()) {
        CAPTURE(route.method);
        CAPTURE(route.pattern);
        const RouteWords* words = find_words(route);
        REQUIRE_MESSAGE(words != nullptr, "write a line for this route in route_words.cpp");
        CHECK(ids.insert(words->id).second);
        CHECK_FALSE(words->summary.empty());
        CHECK_FALSE(words->summary.ends_with('.'));
        CHECK(count_words(words->parts) == count_of(route.pattern, "{}"));
        for (const std::string& name : words_of(route.parameters)) {
            CHECK_MESSAGE(find_parameter_words(name) != nullptr,
                          "write a line for the parameter " << name << " in route_words.cpp");
        }
        if (route.body == Body::None) CHECK(words->takes.empty());
    }
    for (const RouteWords& words : all_route_words()) {
        CAPTURE(words.pattern);
        CHECK(std::any_of(routes().begin(), routes().end(), [&](const Route& route) {
            return route.method == words.method && route.pattern == words.pattern;
        }));
    }
}

TEST_CASE("openapi: all names that are used are there, and all shapes are used") {
    const Json document = Json::parse(write_openapi("1.0", "/"));
    std::set<std::string> used;
    collect_references(document, used);
    for (const std::string& name : used) {
        CAPTURE(name);
        CHECK(document.contains(Json::json_pointer(name.substr(1))));
    }
    for (const auto& schema : document["components"]["schemas"].items()) {
        CAPTURE(schema.key());
        CHECK(used.count("#/components/schemas/" + schema.key()) == 1);
    }
}

TEST_CASE("openapi: an operation says its right, its parameters and its errors") {
    const Json document = Json::parse(write_openapi("1.0", "/"));
    const Json& update = document["paths"]["/api/contacts/{id}"]["patch"];
    CHECK(update["operationId"] == "updateContact");
    CHECK(update["x-right"] == "editor");
    for (const char* status : {"200", "400", "401", "403", "404", "409", "412", "422", "429"}) {
        CHECK_MESSAGE(update["responses"].contains(status), status);
    }
    const Json& list = document["paths"]["/api/contacts"]["get"];
    const auto has_parameter = [&](const std::string& name) {
        return std::any_of(list["parameters"].begin(),
                           list["parameters"].end(),
                           [&](const Json& parameter) { return parameter["name"] == name; });
    };
    CHECK(has_parameter("cursor"));
    CHECK_FALSE(has_parameter("nonsense"));
    const Json& input = document["components"]["schemas"]["ContactInput"];
    CHECK(input["properties"]["name"]["maxLength"] == kNameCharsMax);
    CHECK(document["components"]["schemas"]["Run"]["required"].size() == 16);
    CHECK(document["paths"]["/api/health"]["get"]["security"].empty());
}

TEST_CASE("openapi: the server gives it to anybody, and a page without scripts") {
    const LiveServer live(LiveServer::Client::Missing, AuthMode::Login);
    const Reply document = live.ask({.target = "/api/openapi.json"});
    CHECK(document.status == 200);
    CHECK(Json::parse(document.body)["openapi"] == "3.1.0");
    const Reply again = live.ask(
        {.target = "/api/openapi.json", .headers = {{"If-None-Match", document.header("etag")}}});
    CHECK(again.status == 304);
    const Reply page = live.ask({.target = "/api/docs"});
    CHECK(page.status == 200);
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
    CHECK(page.header("content-security-policy").starts_with("default-src 'none'"));
    CHECK(page.body.find("<script") == std::string::npos);
    CHECK(page.body.find("http://") == std::string::npos);
    CHECK(page.body.find("https://") == std::string::npos);
    for (const Route& route : routes()) {
        CHECK_MESSAGE(page.body.find(route.pattern) != std::string::npos, route.pattern);
    }
    const Reply style = live.ask({.target = "/pages.css"});
    CHECK(style.status == 200);
}

TEST_CASE("ready: the server says what keeps it from working") {
    LiveServer live;
    CHECK(live.ask({.target = "/api/ready"}).status == 200);
    live.services().check_ready = [] {
        return ReadyChecks{{"database", ""}, {"disk", "The disk is full."}};
    };
    const Reply reply = live.ask({.target = "/api/ready"});
    CHECK(reply.status == 503);
    CHECK(reply.body ==
          R"({"status":"not_ready","checks":{"database":"ok","disk":"The disk is full."}})");
}

}  // namespace crm::http
