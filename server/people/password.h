// Passwords: what counts as one, and how it is kept. Argon2id (RFC 9106) in its usual text form
// ("$argon2id$v=19$m=65536,t=3,p=1$salt$hash"), so that the cost can grow later: each hash says its
// own. Pure but for the salt. Nothing here is logged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/limits.h"
#include "server/random.h"
#include "shared/result.h"

namespace crm::people {

/// What one check costs. Tests pass a cheap one.
struct PasswordCost {
    std::uint32_t memory_kib = kPasswordMemoryKib;
    std::uint32_t passes = kPasswordPasses;
    std::uint32_t lanes = kPasswordLanes;
};

/// InvalidArgument with a sentence under "password": too short, too long, too simple, the person's
/// own e-mail. No rule about kinds of characters: length is what counts.
[[nodiscard]] Status check_password_rules(std::string_view password, std::string_view email);

/// Internal: there is not memory enough.
[[nodiscard]] Result<std::string> hash_password(std::string_view password,
                                                const PasswordCost& cost,
                                                Random& random);

/// Takes as long for a wrong one as for the right one. False also for a hash that is none.
[[nodiscard]] bool is_password(std::string_view password, const std::string& hash);

/// The hash was made with another cost: time for a new one, when the password is at hand.
[[nodiscard]] bool has_other_cost(std::string_view hash, const PasswordCost& cost);

}  // namespace crm::people
