#include "server/people/secret.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "server/limits.h"
#include "shared/url.h"

namespace crm::people {

std::string random_bytes(Random& random, std::size_t count) {
    std::string bytes;
    bytes.reserve(count + sizeof(std::uint64_t));
    while (bytes.size() < count) {
        const std::uint64_t bits = random.next();
        for (unsigned shift = 0; shift < 64; shift += 8) {
            bytes += static_cast<char>((bits >> shift) & 0xFFU);
        }
    }
    bytes.resize(count);
    return bytes;
}

std::string make_secret(Random& random) {
    return base64url_encode(random_bytes(random, kSecretBytes));
}

std::string hash_secret(std::string_view secret) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data());
    return base64url_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool is_same_secretly(std::string_view one, std::string_view other) {
    return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace crm::people
