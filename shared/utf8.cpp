// UTF-8, by the table of well-formed byte sequences in the Unicode standard (chapter 3, table 3-7).
#include "shared/utf8.h"

#include <array>
#include <cstdint>

namespace crm {
namespace {

struct LeadByte {
    std::size_t bytes;
    std::uint8_t second_min;  // narrows the second byte: no overlong forms, no surrogates
    std::uint8_t second_max;
    std::uint8_t payload_mask;
};

LeadByte classify(std::uint8_t lead) {
    if (lead < 0x80) return {1, 0, 0, 0x7F};
    if (lead < 0xC2) return {0, 0, 0, 0};
    if (lead < 0xE0) return {2, 0x80, 0xBF, 0x1F};
    if (lead == 0xE0) return {3, 0xA0, 0xBF, 0x0F};
    if (lead == 0xED) return {3, 0x80, 0x9F, 0x0F};
    if (lead < 0xF0) return {3, 0x80, 0xBF, 0x0F};
    if (lead == 0xF0) return {4, 0x90, 0xBF, 0x07};
    if (lead < 0xF4) return {4, 0x80, 0xBF, 0x07};
    if (lead == 0xF4) return {4, 0x80, 0x8F, 0x07};
    return {0, 0, 0, 0};
}

std::uint8_t byte_at(std::string_view text, std::size_t position) {
    return static_cast<std::uint8_t>(text[position]);
}

char to_byte(char32_t value) {
    return static_cast<char>(static_cast<std::uint8_t>(value));
}

}  // namespace

DecodedChar decode_char(std::string_view text, std::size_t position) {
    const std::uint8_t first = byte_at(text, position);
    const LeadByte lead = classify(first);
    if (lead.bytes == 0 || text.size() - position < lead.bytes) return {first, 1, false};
    char32_t value = first & lead.payload_mask;
    for (std::size_t offset = 1; offset < lead.bytes; ++offset) {
        const std::uint8_t next = byte_at(text, position + offset);
        const bool is_second = offset == 1;
        const std::uint8_t least = is_second ? lead.second_min : std::uint8_t{0x80};
        const std::uint8_t most = is_second ? lead.second_max : std::uint8_t{0xBF};
        if (next < least || next > most) return {first, 1, false};
        value = (value << 6U) | (next & 0x3FU);
    }
    return {value, lead.bytes, true};
}

void append_char(std::string& text, char32_t value) {
    if (value < 0x80) {
        text += to_byte(value);
        return;
    }
    if (value < 0x800) {
        text += to_byte(0xC0U | (value >> 6U));
    } else if (value < 0x10000) {
        text += to_byte(0xE0U | (value >> 12U));
        text += to_byte(0x80U | ((value >> 6U) & 0x3FU));
    } else {
        text += to_byte(0xF0U | (value >> 18U));
        text += to_byte(0x80U | ((value >> 12U) & 0x3FU));
        text += to_byte(0x80U | ((value >> 6U) & 0x3FU));
    }
    text += to_byte(0x80U | (value & 0x3FU));
}

bool is_space_char(char32_t value) {
    if (value <= 0x20) return value == 0x20 || (value >= 0x09 && value <= 0x0D);
    if (value < 0x1680) return value == 0x85 || value == 0xA0;
    if (value >= 0x2000 && value <= 0x200B) return true;
    return value == 0x1680 || value == 0x2028 || value == 0x2029 || value == 0x202F ||
           value == 0x205F || value == 0x3000 || value == 0xFEFF;
}

bool is_control_char(char32_t value) {
    return value < 0x20 || (value >= 0x7F && value <= 0x9F);
}

bool is_invisible_char(char32_t value) {
    return value == 0xAD || (value >= 0x200B && value <= 0x200F) ||
           (value >= 0x202A && value <= 0x202E) || (value >= 0x2060 && value <= 0x2069) ||
           value == 0xFEFF;
}

int digit_value(char32_t value) {
    constexpr std::array<char32_t, 5> kZeros{U'0', 0x0660, 0x06F0, 0x0966, 0xFF10};
    for (const char32_t zero : kZeros) {
        if (value >= zero && value < zero + 10) return static_cast<int>(value - zero);
    }
    return -1;
}

}  // namespace crm
