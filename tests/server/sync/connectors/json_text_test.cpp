#include "server/sync/connectors/json_text.h"

#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/limits.h"

namespace crm::sync {

TEST_CASE("json text: good text stays as it is") {
    for (const char* text :
         {"", "{}", R"({"a":"\ud83d\ude00 \\ud800 \u00fc"})", "[\"\xC3\xBC\"]"}) {
        CAPTURE(text);
        CHECK(make_parseable(text) == text);
    }
}

TEST_CASE("json text: broken bytes and lone surrogates are marked") {
    const std::string mark(kBrokenMark);
    CHECK(make_parseable("[\"a\xFF\x80z\"]") == "[\"a" + mark + mark + "z\"]");
    CHECK(make_parseable("\xC3") == mark);
    CHECK(make_parseable(R"("\ud83d")") == R"("\ufdd0")");
    CHECK(make_parseable(R"("\ude00\ud83dx")") == R"("\ufdd0\ufdd0x")");
    CHECK(make_parseable(R"("\ud83d\u0041")") == R"("\ufdd0\u0041")");
    CHECK(make_parseable(R"("\\\uD800")") == R"("\\\ufdd0")");
    CHECK(make_parseable(R"(\ud8)") == R"(\ud8)");
    CHECK(make_parseable("\\ud83d\\") == "\\ufdd0\\");
}

TEST_CASE("json text: what is nested too deeply is not parsed") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(make_parseable(nested(kJsonDepthMax)).has_value());
    CHECK_FALSE(make_parseable(nested(kJsonDepthMax + 1)).has_value());
    CHECK(make_parseable("\"" + std::string(1000, '[') + "\"").has_value());
}

TEST_CASE("json text: words for a person are one short clean line") {
    CHECK(make_presentable("a\tb\nc\x01\x7F"
                           "d") == "a b c  d");
    CHECK(make_presentable("\xFFx") == "\xEF\xBF\xBDx");
    CHECK(make_presentable(std::string(kBrokenMark) + "x") == "\xEF\xBF\xBDx");
    CHECK(make_presentable(std::string(kDetailsCharsMax, 'x')) ==
          std::string(kDetailsCharsMax, 'x'));
    std::string umlauts;
    for (std::size_t count = 0; count <= kDetailsCharsMax; ++count) umlauts += "\xC3\xBC";
    CHECK(make_presentable(umlauts) == umlauts.substr(0, 2 * kDetailsCharsMax) + "…");
}

}  // namespace crm::sync
