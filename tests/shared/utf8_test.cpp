#include "shared/utf8.h"

#include <doctest/doctest.h>

#include "shared/text.h"

namespace crm {
namespace {

TEST_CASE("every code point survives encoding and decoding") {
    for (char32_t value = 0; value <= 0x10FFFF; ++value) {
        if (value == 0xD800) value = 0xE000;  // surrogates are no characters
        std::string text;
        append_char(text, value);
        const DecodedChar decoded = decode_char(text, 0);
        const bool is_same =
            decoded.is_valid && decoded.value == value && decoded.bytes == text.size();
        if (!is_same) FAIL("U+" << static_cast<unsigned>(value));
    }
}

TEST_CASE("surrogates and values above U+10FFFF are not UTF-8") {
    std::string text;
    append_char(text, 0xD800);
    CHECK_FALSE(is_utf8(text));
    CHECK_FALSE(is_utf8("\xF4\x90\x80\x80"));
    CHECK_FALSE(is_utf8("\xF5\x80\x80\x80"));
}

TEST_CASE("broken bytes are one step each and never read past the end") {
    const std::string whole = "a€😀";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string cut = whole.substr(0, size);
        std::size_t position = 0;
        while (position < cut.size()) position += decode_char(cut, position).bytes;
        CHECK(position == cut.size());
    }
    CHECK_FALSE(decode_char("\xE2\x82", 0).is_valid);
    CHECK(decode_char("\xE2\x82", 0).bytes == 1);
}

TEST_CASE("spaces, controls, invisible characters and digits") {
    for (const char32_t space :
         {0x09U, 0x0AU, 0x20U, 0xA0U, 0x1680U, 0x2003U, 0x200BU, 0x3000U, 0xFEFFU}) {
        CHECK(is_space_char(space));
    }
    for (const char32_t letter : {0x00U, 0x1FU, 0x41U, 0x200CU, 0x4E00U})
        CHECK_FALSE(is_space_char(letter));
    CHECK(is_control_char(0));
    CHECK(is_control_char(0x7F));
    CHECK(is_control_char(0x9F));
    CHECK_FALSE(is_control_char(0xA0));
    CHECK(is_invisible_char(0x202E));
    CHECK_FALSE(is_invisible_char(U'a'));
    CHECK(digit_value(U'7') == 7);
    CHECK(digit_value(U'٧') == 7);
    CHECK(digit_value(U'７') == 7);
    CHECK(digit_value(U'a') == -1);
    CHECK(digit_value(U'/') == -1);
    CHECK(digit_value(U':') == -1);
}

}  // namespace
}  // namespace crm
