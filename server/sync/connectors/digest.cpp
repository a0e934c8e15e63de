#include "server/sync/connectors/digest.h"

#include <tuple>

#include <openssl/sha.h>

namespace crm::sync {

static_assert(std::tuple_size_v<Digest> == SHA256_DIGEST_LENGTH);

Digest digest_of(std::string_view text) {
    Digest digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return digest;
}

std::string to_hex(const Digest& digest) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(2 * digest.size());
    for (const unsigned char byte : digest) {
        text += kHex[byte >> 4U];
        text += kHex[byte & 0xFU];
    }
    return text;
}

}  // namespace crm::sync
