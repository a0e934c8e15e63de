#include "shared/text.h"

#include <random>

#include <doctest/doctest.h>

#include "shared/limits.h"

namespace crm {
namespace {

using namespace std::string_view_literals;

TEST_CASE("well-formed UTF-8 only") {
    for (const std::string_view good :
         {""sv, "abc"sv, "é"sv, "€"sv, "😀"sv, "a\0b"sv, "\U0010FFFF"sv}) {
        CHECK(is_utf8(good));
    }
    const std::string_view broken[] = {
        "\x80",              // a continuation byte alone
        "\xC3",              // cut off
        "\xC3\x28",          // not continued
        "\xC0\x80",          // overlong NUL
        "\xC1\xBF",          // overlong
        "\xE0\x9F\xBF",      // overlong
        "\xED\xA0\x80",      // surrogate
        "\xF0\x8F\xBF\xBF",  // overlong
        "\xF4\x90\x80\x80",  // above U+10FFFF
        "\xFE",
        "\xFF",
        "ok\xE2\x82",
    };
    for (const std::string_view text : broken) CHECK_FALSE(is_utf8(text));
}

TEST_CASE("characters are code points") {
    CHECK(count_chars("") == 0);
    CHECK(count_chars("aé€😀") == 4);
    CHECK(count_chars("e\u0301") == 2);
}

TEST_CASE("trim takes every kind of white space off both ends only") {
    CHECK(trim("") == "");
    CHECK(trim(" \t\n ") == "");
    CHECK(trim("  a b  ") == "a b");
    CHECK(trim("\u00A0\u3000a\u2003") == "a");
    CHECK(trim("\uFEFFann\u200B") == "ann");
    CHECK(trim("\n\ta\r\n") == "a");
    CHECK(trim(std::string_view("\0a\0", 3)) == std::string_view("\0a\0", 3));
}

TEST_CASE("control characters other than tab and line feed are noticed") {
    CHECK(has_forbidden_control("a\0b"sv));
    CHECK(has_forbidden_control("\x1B[31m"));
    CHECK(has_forbidden_control("a\rb"));
    CHECK(has_forbidden_control("\x7F"));
    CHECK(has_forbidden_control("\u0085"));
    CHECK_FALSE(has_forbidden_control("a\tb\nc é 😀 \u00A0"));
    CHECK_FALSE(has_forbidden_control(""));
}

TEST_CASE("white space folds to one space") {
    CHECK(fold("A \t\n B") == "a b");
    CHECK(fold("a\u00A0\u3000b") == "a b");
}

TEST_CASE("canonical text differs by more than white space") {
    CHECK(canonical_text("  Ada   Lovelace\n") == "Ada Lovelace");
    CHECK(canonical_text("Ada\u00A0Lovelace") == "Ada Lovelace");
    CHECK(canonical_text("ada Lovelace") != canonical_text("Ada Lovelace"));
    CHECK(canonical_text("Zoe") != canonical_text("Zoë"));
    CHECK(canonical_text("") == "");
}

TEST_CASE("e-mail keys") {
    struct Case {
        std::string_view text;
        std::string_view key;
    };
    const Case good[] = {
        {"ann@example.com", "ann@example.com"},
        {"  Ann@Example.COM ", "ann@example.com"},
        {"john+tag@x.com", "john+tag@x.com"},
        {"O'Neil@x.co", "o'neil@x.co"},
        {"a..b@docomo.ne.jp", "a..b@docomo.ne.jp"},
        {"JOSÉ@x.es", "josé@x.es"},
        {"ИВАН@Пример.РФ", "иван@пример.рф"},
        {"root@LOCALHOST", "root@localhost"},
        {"a@b.c", "a@b.c"},
    };
    for (const Case& each : good) {
        CAPTURE(each.text);
        CHECK(email_key(each.text) == std::string(each.key));
    }
    const std::string_view bad[] = {
        "",
        "a@",
        "@b.c",
        "a",
        "a b@c",
        "a@@b.c",
        "a@b@c.d",
        "a@b",
        "a@.c",
        "a@c.",
        "a@b..c",
        "a@b .c",
        "a@b.c\0"sv,
        "a\tb@c.d",
        "<a@b.c>",
        "a@b.c,d.e",
        "mailto:a@b.c",
        "a@b.c;",
        "a\u200B@b.c",
        "a\u00A0b@c.d",
        "a@b\u202E.c",
        "\x80@b.c",
        "\"a b\"@c.d",
    };
    for (const std::string_view text : bad) {
        CAPTURE(text);
        CHECK_FALSE(email_key(text).has_value());
    }
}

TEST_CASE("an e-mail key is its own key, and has a length limit in characters") {
    CHECK(email_key(*email_key("JOSÉ@Müller.example")) == "josé@müller.example");
    const std::string tail = "@b.c";
    const std::string longest = std::string(kEmailCharsMax - tail.size(), 'a') + tail;
    CHECK(email_key(longest).has_value());
    CHECK_FALSE(email_key("a" + longest).has_value());
    std::string accents;
    for (std::size_t index = 0; index < kEmailCharsMax - tail.size(); ++index) accents += "é";
    CHECK(email_key(accents + tail).has_value());
}

TEST_CASE("phone keys") {
    struct Case {
        std::string_view text;
        std::string_view key;
    };
    const Case good[] = {
        {"+44 20 7946 0991", "+442079460991"},
        {"0044 20 7946 0991", "+442079460991"},
        {"(+44) 20-7946/0991", "+442079460991"},
        {"020 7946 0991", "02079460991"},
        {"12345", "12345"},
        {"Tel. 12345 + more", "12345"},
        {"＋４４２０７", "+44207"},
        {"٠١٢٣٤", "01234"},
    };
    for (const Case& each : good) {
        CAPTURE(each.text);
        CHECK(phone_key(each.text) == std::string(each.key));
    }
    for (const std::string_view text : {"", "1234", "+1234", "ask reception", "001234"}) {
        CAPTURE(text);
        CHECK_FALSE(phone_key(text).has_value());
    }
    CHECK(digits_of("+44 (0)20") == "44020");
    CHECK(digits_of("none") == "");
}

TEST_CASE("any bytes are survived by every function") {
    std::mt19937_64 engine(20260101);
    for (int round = 0; round < 3000; ++round) {
        std::string bytes;
        for (std::size_t size = engine() % 24; size > 0; --size) {
            bytes += static_cast<char>(static_cast<unsigned char>(engine()));
        }
        const std::string trimmed = trim(bytes);
        CHECK(trim(trimmed) == trimmed);
        CHECK(canonical_text(canonical_text(bytes)) == canonical_text(bytes));
        CHECK(count_chars(bytes) <= bytes.size());
        CHECK(is_utf8(fold(bytes)) >= is_utf8(bytes));
        if (const auto key = email_key(bytes)) CHECK(is_utf8(*key));
        CHECK(digits_of(bytes).size() <= bytes.size());
    }
}

TEST_CASE("text: a sentence gets its period, once") {
    CHECK(as_sentence("") == "");
    CHECK(as_sentence("No answer came") == "No answer came.");
    CHECK(as_sentence("No answer came.") == "No answer came.");
    CHECK(as_sentence("Really?") == "Really?");
}

}  // namespace
}  // namespace crm
