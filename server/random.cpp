// Chance from OpenSSL, and what is built from it. Without it no id is unguessable, so a failure of
// the system's generator ends the process.
#include "server/random.h"

#include <array>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>

#include <openssl/rand.h>

namespace crm {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void append_hex(std::string& text, std::uint64_t bits, int digit_count) {
    for (int digit = digit_count - 1; digit >= 0; --digit) {
        text += kHexDigits[(bits >> (4 * digit)) & 0xF];
    }
}

}  // namespace

std::uint64_t SystemRandom::next() {
    std::array<unsigned char, 8> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        std::fputs("The system gives no random numbers; the server ends.\n", stderr);
        std::abort();
    }
    std::uint64_t bits = 0;
    for (const unsigned char byte : bytes) bits = (bits << 8) | byte;
    return bits;
}

std::string make_uuid(Random& random) {
    const std::uint64_t high = random.next();
    const std::uint64_t low = random.next();
    std::string text;
    text.reserve(36);
    append_hex(text, high >> 32, 8);
    text += '-';
    append_hex(text, high >> 16, 4);
    text += "-4";  // version 4: random
    append_hex(text, high, 3);
    text += '-';
    append_hex(text, 0x8000 | ((low >> 48) & 0x3FFF), 4);  // variant of RFC 9562
    text += '-';
    append_hex(text, low, 12);
    return text;
}

std::uint64_t random_below(Random& random, std::uint64_t bound) {
    assert(bound > 0);
    // Values above the last whole multiple of `bound` would favour small results.
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t limit = most - most % bound;
    std::uint64_t bits = random.next();
    while (bits >= limit) bits = random.next();
    return bits % bound;
}

}  // namespace crm
