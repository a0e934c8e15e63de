// FNV-1a and SplitMix64: short, well known, and spread evenly enough for practice data.
#include "server/sandbox/derived.h"

#include <cassert>

namespace crm::sandbox {
namespace {

// SplitMix64's finisher: every bit of the input reaches every bit of the output.
std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

std::string hex_digits(std::string_view text, std::size_t count) {
    constexpr std::string_view kHex = "0123456789abcdef";
    Dice dice(hash_text(text));
    std::string digits;
    while (digits.size() < count) digits += kHex[dice.below(kHex.size())];
    return digits;
}

}  // namespace

std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a
    for (const char character : text) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001B3ULL;
    }
    return mix(hash);
}

std::string object_id(std::string_view text) {
    return hex_digits(text, 24);
}

std::string trace_id(std::string_view text) {
    std::string id = hex_digits(text, 32);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) id.insert(dash, 1, '-');
    return id;
}

std::uint64_t Dice::next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return mix(state_);
}

std::size_t Dice::below(std::size_t bound) {
    assert(bound > 0);
    return static_cast<std::size_t>(next() % bound);
}

}  // namespace crm::sandbox
