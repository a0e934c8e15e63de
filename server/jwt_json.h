// The two JSON parts of a token as plain data. Nothing here is secret or checked: jwt.cpp decides.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/jwt.h"

namespace crm {

struct TokenHeader {
    std::string algorithm;           // "HS512"
    bool has_critical_part = false;  // "crit": an extension that a reader must know, or refuse

    bool operator==(const TokenHeader&) const = default;
};

/// {"alg":…,"typ":"JWT"}.
[[nodiscard]] std::string write_token_header(std::string_view algorithm);
[[nodiscard]] std::optional<TokenHeader> read_token_header(std::string_view json);

/// Broken UTF-8 is replaced.
[[nodiscard]] std::string write_token_claims(const TokenClaims& claims);
/// nullopt: not an object, or a claim of ours with a type that it cannot have.
[[nodiscard]] std::optional<TokenClaims> read_token_claims(std::string_view json);

}  // namespace crm
