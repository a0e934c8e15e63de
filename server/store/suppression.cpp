#include "server/store/suppression.h"

#include <array>

#include <openssl/sha.h>

namespace crm::store {

std::string hashed_key(std::string_view email_key) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(
        reinterpret_cast<const unsigned char*>(email_key.data()), email_key.size(), digest.data());
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(kHashedKeyStart);
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

}  // namespace crm::store

namespace crm::sync {

std::optional<ContactId> find_suppressed(const CustomerNotes& notes, const std::string& email_key) {
    const auto suppressed = notes.suppressed.find(email_key);
    if (suppressed != notes.suppressed.end()) return suppressed->second;
    const bool is_purged = !notes.purged.empty() && !email_key.empty() &&
                           notes.purged.contains(store::hashed_key(email_key));
    return is_purged ? std::optional<ContactId>(ContactId()) : std::nullopt;
}

}  // namespace crm::sync
