#include "server/sync/connectors/output_part.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/seeded_random.h"

namespace crm::sync {
namespace {

TEST_CASE("output part: the action's own answer, whatever stands around it") {
    const std::string output = R"({"records":[{"id":"1","n":"a\"b}]\\"}],"cursor":"c"})";
    for (const std::string& body :
         {R"({"output":)" + output + "}",
          R"({"output":)" + output + R"(,"logs":[{"at":1}]})",
          R"({"actionRunId":"x\"output\"","output":)" + output + "}",
          R"({"logs":[{"output":7}],"n":-1.5,"t":true,"output":)" + output + "}",
          " {\n \"n\" : null , \"output\" :  " + output + "\r\n}\t"}) {
        CAPTURE(body);
        CHECK(output_part(body) == output);
    }
    CHECK(output_part(R"({"output":null})") == "null");
    CHECK(output_part(R"({"output":"a,b}"})") == R"("a,b}")");
    CHECK(output_part(R"({"output":[]})") == "[]");
}

TEST_CASE("output part: of broken text it is always a part, and never more") {
    const std::string whole =
        R"({"a\\":[{"x":"}\""}],"output":{"records":[{"id":"1"}]},"logs":[]})";
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
        test::SeededRandom random(seed);
        std::string text = whole;
        for (std::uint64_t times = 1 + random_below(random, 4); times > 0; --times) {
            const std::size_t at = random_below(random, text.size());
            constexpr std::string_view kLetters = "\"\\{}[],: a";
            const char letter = kLetters[random_below(random, kLetters.size())];
            if (random_below(random, 2) == 0) {
                text[at] = letter;
            } else {
                text.resize(at + 1);
            }
        }
        const std::string_view part = output_part(text);
        REQUIRE(part.data() >= text.data());
        REQUIRE(part.data() + part.size() <= text.data() + text.size());
    }
}

TEST_CASE("output part: without one it is the whole body") {
    for (const char* text : {"",
                             " ",
                             "{}",
                             "{",
                             "[]",
                             "null",
                             "<html>",
                             R"({"records":[]})",
                             R"({"output")",
                             R"({"output":)",
                             R"({"output":{)",
                             R"({"output":"a)",
                             R"({"output":"a\")",
                             R"({"a":1 "output":2})",
                             R"({"a":{"output":2}})",
                             R"({7:1,"output":2})"}) {
        CAPTURE(text);
        CHECK(output_part(text) == text);
    }
    const std::string deep(100'000, '[');
    CHECK(output_part(deep) == deep);
    CHECK(output_part("{\"output\":" + deep) == "{\"output\":" + deep);
}

}  // namespace
}  // namespace crm::sync
