// Percent-encoding, query strings and base64url.
#include "shared/url.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace crm {
namespace {

bool is_unreserved(char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
           letter == '~';
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return -1;
}

std::optional<std::string> decode_form_text(std::string_view text) {
    std::string spaced(text);
    for (char& letter : spaced) {
        if (letter == '+') letter = ' ';
    }
    return percent_decode(spaced);
}

constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> make_base64_values() {
    std::array<std::int8_t, 256> values{};
    for (std::int8_t& value : values) value = -1;
    for (std::size_t index = 0; index < kBase64Digits.size(); ++index) {
        values[static_cast<std::uint8_t>(kBase64Digits[index])] = static_cast<std::int8_t>(index);
    }
    return values;
}

constexpr std::array<std::int8_t, 256> kBase64Values = make_base64_values();

}  // namespace

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kHexDigits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char letter : text) {
        if (is_unreserved(letter)) {
            encoded += letter;
            continue;
        }
        const auto byte = static_cast<std::uint8_t>(letter);
        encoded += '%';
        encoded += kHexDigits[byte >> 4U];
        encoded += kHexDigits[byte & 0x0FU];
    }
    return encoded;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t index = 0; index < text.size(); ++index) {
        if (text[index] != '%') {
            decoded += text[index];
            continue;
        }
        if (text.size() - index < 3) return std::nullopt;
        const int high = hex_value(text[index + 1]);
        const int low = hex_value(text[index + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(static_cast<std::uint8_t>(high * 16 + low));
        index += 2;
    }
    return decoded;
}

std::string format_query(const QueryParams& params) {
    std::string text;
    for (const auto& [name, value] : params) {
        if (!text.empty()) text += '&';
        text += percent_encode(name);
        text += '=';
        text += percent_encode(value);
    }
    return text;
}

std::optional<QueryParams> parse_query(std::string_view text) {
    QueryParams params;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(pair.size() < text.size() ? pair.size() + 1 : pair.size());
        if (pair.empty()) continue;
        const std::string_view name = pair.substr(0, pair.find('='));
        const std::string_view value =
            name.size() < pair.size() ? pair.substr(name.size() + 1) : std::string_view{};
        std::optional<std::string> decoded_name = decode_form_text(name);
        std::optional<std::string> decoded_value = decode_form_text(value);
        if (!decoded_name || !decoded_value) return std::nullopt;
        params.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
    }
    return params;
}

std::string base64url_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        buffer = (buffer << 8U) | static_cast<std::uint8_t>(byte);
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            text += kBase64Digits[(buffer >> bits) & 0x3FU];
        }
        buffer &= (1U << bits) - 1U;
    }
    if (bits > 0) text += kBase64Digits[(buffer << (6U - bits)) & 0x3FU];
    return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char digit : text) {
        const std::int8_t value = kBase64Values[static_cast<std::uint8_t>(digit)];
        if (value < 0) return std::nullopt;
        buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(static_cast<std::uint8_t>(buffer >> bits));
        }
        buffer &= (1U << bits) - 1U;
    }
    // Left-over bits must be zero: otherwise two texts would stand for the same bytes.
    if (buffer != 0) return std::nullopt;
    return bytes;
}

}  // namespace crm
