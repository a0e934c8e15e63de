#include "server/sandbox/wire_json.h"

#include <doctest/doctest.h>

#include "server/sandbox/limits.h"
#include "shared/limits.h"

namespace crm::sandbox {

TEST_CASE("wire json: what was read is written again, members in order") {
    for (const std::string text : {R"({"b":1,"a":[true,false,null,"x"],"c":{"d":-7,"e":0.5}})",
                                   "[]",
                                   "{}",
                                   "null",
                                   R"("quote \" slash \\ line \n")",
                                   "9223372036854775807",
                                   R"({"name":"Žofie 山本 يوسف 👩‍💻"})"}) {
        CAPTURE(text);
        const auto json = Json::parse(text);
        REQUIRE(json.has_value());
        CHECK(json->dump() == text);
    }
}

TEST_CASE("wire json: what is no JSON is refused") {
    for (const std::string text :
         {"", "{", "abc", "{\"a\":}", "[1,]", "\"\xff\"", "{} {}", "nul"}) {
        CAPTURE(text);
        CHECK_FALSE(Json::parse(text).has_value());
    }
}

TEST_CASE("wire json: depth and width are bounded") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(Json::parse(nested(kJsonDepthMax)).has_value());
    CHECK_FALSE(Json::parse(nested(kJsonDepthMax + 1)).has_value());
    CHECK_FALSE(Json::parse(std::string(1'000'000, '[')).has_value());
    std::string wide = "{";
    for (std::size_t i = 0; i <= kJsonMembersMax; ++i) {
        wide += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
    }
    CHECK_FALSE(Json::parse(wide + "}").has_value());
}

TEST_CASE("wire json: asking for what is not there is harmless") {
    const Json text("words");
    CHECK(text.find("a") == nullptr);
    CHECK(text.text_at("a").empty());
    CHECK_FALSE(text.integer().has_value());
    CHECK(text.items() == nullptr);
    Json untouched("words");
    untouched.set("a", 1).push(2);
    CHECK(untouched.dump() == "\"words\"");
}

TEST_CASE("wire json: setting a member twice replaces it") {
    CHECK(Json().set("a", 1).set("b", 2).set("a", 3).dump() == R"({"a":3,"b":2})");
}

TEST_CASE("wire json: control characters are written as escapes") {
    CHECK(Json(std::string("a\x01\x7f")).dump() == "\"a\\u0001\\u007f\"");
    CHECK(Json::parse("\"\\u0000\"")->text()->size() == 1);
}

}  // namespace crm::sandbox
