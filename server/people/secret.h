// Secrets that the server makes: of sessions, tokens and the set-up link. They hold 256 random
// bits, so a plain SHA-256 keeps them: nobody can try them all.
#pragma once

#include <string>
#include <string_view>

#include "server/random.h"

namespace crm::people {

[[nodiscard]] std::string random_bytes(Random& random, std::size_t count);

/// kSecretBytes as base64url: 43 characters, safe in an address, a cookie and a header.
[[nodiscard]] std::string make_secret(Random& random);

/// As it is stored: base64url of its SHA-256.
[[nodiscard]] std::string hash_secret(std::string_view secret);

/// Takes as long whatever differs.
[[nodiscard]] bool is_same_secretly(std::string_view one, std::string_view other);

}  // namespace crm::people
