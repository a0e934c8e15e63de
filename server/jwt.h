// JSON Web Tokens with a shared secret (RFC 7519, HS256, HS384, HS512). The secret is used as raw
// UTF-8 bytes, as Integration.app does. Never logs; comparison is constant-time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace crm {

/// The claims that Integration.app knows. Empty or absent ones are not written.
struct TokenClaims {
    std::string issuer;   // iss (or workspaceKey when read): the workspace key
    std::string id;       // id (or tenantKey when read): the customer, in our system
    std::string name;     // name
    std::string subject;  // sub: the customer, in tokens that Integration.app signs
    std::optional<std::int64_t> expires;  // exp, seconds since 1970
    std::optional<std::int64_t> issued;   // iat
    bool is_admin = false;                // isAdmin: true or 1

    bool operator==(const TokenClaims&) const = default;
};

/// Signs with HS512.
[[nodiscard]] std::string sign_token(const TokenClaims& claims, std::string_view secret);

/// Unauthorized with a sentence: malformed, another algorithm ("none" too), wrong signature,
/// expired.
[[nodiscard]] Result<TokenClaims> verify_token(std::string_view token,
                                               std::string_view secret,
                                               std::int64_t now_seconds);

}  // namespace crm
