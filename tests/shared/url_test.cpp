#include "shared/url.h"

#include <random>

#include <doctest/doctest.h>

namespace crm {
namespace {

TEST_CASE("everything but unreserved characters is escaped") {
    CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
    CHECK(percent_encode("a b/c?d=e&f+g%") == "a%20b%2Fc%3Fd%3De%26f%2Bg%25");
    CHECK(percent_encode("é") == "%C3%A9");
    CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
}

TEST_CASE("broken escapes are reported") {
    CHECK(percent_decode("a%20b") == "a b");
    CHECK(percent_decode("%c3%A9") == "é");
    CHECK(percent_decode("a+b") == "a+b");
    for (const std::string_view text : {"%", "%2", "%G0", "%0G", "abc%4"}) {
        CAPTURE(text);
        CHECK_FALSE(percent_decode(text).has_value());
    }
}

TEST_CASE("queries") {
    CHECK(format_query({}) == "");
    CHECK(format_query({{"q", "a b"}, {"x", "1&2"}}) == "q=a%20b&x=1%262");
    CHECK(parse_query("") == QueryParams{});
    CHECK(parse_query("a=1&b=&c&&d=x=y") ==
          QueryParams{{"a", "1"}, {"b", ""}, {"c", ""}, {"d", "x=y"}});
    CHECK(parse_query("q=a+b%2Bc") == QueryParams{{"q", "a b+c"}});
    CHECK(parse_query("q=a&q=b") == QueryParams{{"q", "a"}, {"q", "b"}});
    CHECK_FALSE(parse_query("q=%").has_value());
    CHECK_FALSE(parse_query("%zz=1").has_value());
    CHECK(parse_query("&") == QueryParams{});
}

TEST_CASE("base64url has one text for each sequence of bytes") {
    CHECK(base64url_encode("") == "");
    CHECK(base64url_encode("f") == "Zg");
    CHECK(base64url_encode("foobar") == "Zm9vYmFy");
    CHECK(base64url_encode("\xFB\xFF") == "-_8");
    CHECK(base64url_decode("-_8") == "\xFB\xFF");
    CHECK(base64url_decode("Zm8") == "fo");
    for (const std::string_view text : {"Z", "Zg==", "Zh", "Zm9", "Z g", "+/8", "Zg\n"}) {
        CAPTURE(text);
        CHECK_FALSE(base64url_decode(text).has_value());
    }
}

TEST_CASE("random bytes survive each encoding") {
    std::mt19937_64 engine(11);
    for (int round = 0; round < 1000; ++round) {
        std::string bytes;
        for (std::size_t size = engine() % 40; size > 0; --size) {
            bytes += static_cast<char>(static_cast<unsigned char>(engine()));
        }
        CHECK(percent_decode(percent_encode(bytes)) == bytes);
        CHECK(base64url_decode(base64url_encode(bytes)) == bytes);
        const QueryParams params{{bytes, "v"}, {"k", bytes}};
        CHECK(parse_query(format_query(params)) == params);
    }
}

}  // namespace
}  // namespace crm
