// Encodings: told from bytes, and turned into UTF-8 wherever the parts are cut.
#include "server/exchange/text_encoding.h"

#include <random>

#include <doctest/doctest.h>

#include "shared/text.h"
#include "shared/utf8.h"

using namespace crm;
using namespace crm::exchange;

namespace {

Encoding guess(std::string_view bytes, std::size_t part_bytes = 1) {
    EncodingGuess guess;
    for (std::size_t at = 0; at < bytes.size(); at += part_bytes) {
        guess.feed(bytes.substr(at, part_bytes));
    }
    return guess.result();
}

Result<std::string> decode(Encoding encoding, std::string_view bytes, std::size_t part_bytes) {
    Decoder decoder(encoding);
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += part_bytes) {
        text += CRM_TRY(decoder.feed(bytes.substr(at, part_bytes)));
    }
    CRM_TRY(decoder.finish());
    return text;
}

std::string utf16(std::u16string_view text, Encoding encoding) {
    std::string bytes;
    for (const char16_t unit : text) {
        const char high = static_cast<char>(unit >> 8U);
        const char low = static_cast<char>(unit & 0xFFU);
        bytes += encoding == Encoding::Utf16Be ? high : low;
        bytes += encoding == Encoding::Utf16Be ? low : high;
    }
    return bytes;
}

}  // namespace

TEST_CASE("an encoding is told from the bytes of the whole file") {
    CHECK(guess("") == Encoding::Utf8);
    CHECK(guess("Name,Email\n") == Encoding::Utf8);
    CHECK(guess("\xEF\xBB\xBFName") == Encoding::Utf8);
    CHECK(guess("Zo\xC3\xAB") == Encoding::Utf8);
    CHECK(guess("Zo\xEB") == Encoding::Windows1252);
    CHECK(guess("Zo\xC3") == Encoding::Windows1252);
    CHECK(guess("\xFF\xFEN") == Encoding::Utf16Le);
    CHECK(guess(utf16(u"\uFEFFName", Encoding::Utf16Be)) == Encoding::Utf16Be);
    CHECK(guess(utf16(u"Name,Email", Encoding::Utf16Le)) == Encoding::Utf16Le);
    CHECK(guess(utf16(u"Name,Email", Encoding::Utf16Be)) == Encoding::Utf16Be);
    CHECK(guess(std::string(100'000, 'a') + "\xEB", 64) == Encoding::Windows1252);
    CHECK(guess(std::string(100'001, 'a') + "\xC3\xAB", 2) == Encoding::Utf8);
}

TEST_CASE("text comes out as UTF-8, without its mark, wherever it is cut") {
    const std::string expected = "Zoë 👩 €,\n";
    const std::u16string units = u"\uFEFFZoë 👩 €,\n";
    for (std::size_t part = 1; part < 9; ++part) {
        CAPTURE(part);
        CHECK(decode(Encoding::Utf8, "\xEF\xBB\xBF" + expected, part).value() == expected);
        CHECK(decode(Encoding::Utf8, expected, part).value() == expected);
        for (const Encoding encoding : {Encoding::Utf16Le, Encoding::Utf16Be}) {
            CHECK(decode(encoding, utf16(units, encoding), part).value() == expected);
        }
        CHECK(decode(Encoding::Windows1252, "Zo\xEB \x80 \x9F", part).value() == "Zoë € Ÿ");
    }
}

TEST_CASE("bytes that mean nothing are refused") {
    CHECK_FALSE(decode(Encoding::Utf8, "a\xFFz", 1).is_ok());
    CHECK_FALSE(decode(Encoding::Utf8, "a\xC3", 1).is_ok());
    CHECK_FALSE(decode(Encoding::Utf16Le, "a", 1).is_ok());
    CHECK_FALSE(decode(Encoding::Utf16Be, std::string("\xD8\x00", 2), 1).is_ok());
    CHECK_FALSE(decode(Encoding::Utf16Be, std::string("\xDC\x00\x00\x41", 4), 2).is_ok());
    CHECK_FALSE(decode(Encoding::Utf16Be, std::string("\xD8\x00\x00\x41", 4), 2).is_ok());
    CHECK(decode(Encoding::Utf8, "a\xFFz", 1).error().message.find("UTF-8") != std::string::npos);
}

TEST_CASE("any bytes give UTF-8 or a refusal, the same however they are cut") {
    std::mt19937_64 engine(3);
    for (int round = 0; round < 5'000; ++round) {
        std::string bytes;
        for (std::size_t count = engine() % 24; count > 0; --count) {
            bytes += engine() % 2 == 0 ? 'a' : static_cast<char>(engine());
        }
        CHECK(guess(bytes, 1) == guess(bytes, 7));
        for (const Encoding encoding :
             {Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252}) {
            const Result<std::string> whole = decode(encoding, bytes, 100);
            const Result<std::string> cut = decode(encoding, bytes, 1);
            REQUIRE(whole.is_ok() == cut.is_ok());
            if (!whole.is_ok()) continue;
            CHECK(whole.value() == cut.value());
            CHECK(is_utf8(whole.value()));
        }
        CHECK(decode(guess(bytes, 3) == Encoding::Utf8 ? Encoding::Utf8 : Encoding::Windows1252,
                     bytes,
                     3)
                  .is_ok());
    }
}
