// Only keyed hashes: a token that names another algorithm, "none" above all, is refused before its
// signature is looked at. The order of checks never tells a stranger more than "not yours".
#include "server/jwt.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <limits>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "server/jwt_json.h"
#include "server/limits.h"
#include "shared/url.h"

namespace crm {
namespace {

constexpr std::string_view kSigningAlgorithm = "HS512";

Error refusal(std::string message) {
    return Error{.code = ErrorCode::Unauthorized, .message = std::move(message)};
}

const EVP_MD* find_hash(std::string_view algorithm) {
    if (algorithm == "HS256") return EVP_sha256();
    if (algorithm == "HS384") return EVP_sha384();
    if (algorithm == "HS512") return EVP_sha512();
    return nullptr;
}

/// Empty when OpenSSL fails; an empty signature never compares equal to one that was sent.
std::string keyed_hash(const EVP_MD* hash, std::string_view text, std::string_view secret) {
    assert(secret.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int digest_bytes = 0;
    const unsigned char* made = HMAC(hash,
                                     secret.data(),
                                     static_cast<int>(secret.size()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size(),
                                     digest.data(),
                                     &digest_bytes);
    if (made == nullptr) return {};
    return {reinterpret_cast<const char*>(digest.data()), digest_bytes};
}

bool is_same_secretly(std::string_view one, std::string_view other) {
    return !one.empty() && one.size() == other.size() &&
           CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

struct TokenParts {
    std::string_view header;
    std::string_view claims;
    std::string_view signature;
    std::string_view is_signed;  // header and claims with the dot between them
};

std::optional<TokenParts> split_token(std::string_view token) {
    const std::size_t first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    if (token.find('.', second + 1) != std::string_view::npos) return std::nullopt;
    return TokenParts{.header = token.substr(0, first),
                      .claims = token.substr(first + 1, second - first - 1),
                      .signature = token.substr(second + 1),
                      .is_signed = token.substr(0, second)};
}

const char* const kMalformed = "The access token is not a JSON Web Token; sign in again to get one";

/// The algorithm and the signature are good, or why not.
Status check_signature(const TokenParts& parts, std::string_view secret) {
    const std::optional<std::string> header_text = base64url_decode(parts.header);
    const std::optional<TokenHeader> header =
        header_text ? read_token_header(*header_text) : std::nullopt;
    const std::optional<std::string> signature = base64url_decode(parts.signature);
    if (!header || !signature) return refusal(kMalformed);
    const EVP_MD* hash = find_hash(header->algorithm);
    if (hash == nullptr || header->has_critical_part) {
        return refusal(
            "The access token is signed in a way that is not accepted here; use HS256, HS384 or "
            "HS512");
    }
    if (secret.empty() ||
        !is_same_secretly(keyed_hash(hash, parts.is_signed, secret), *signature)) {
        return refusal(
            "The access token was not signed with this workspace's secret; sign in again to get "
            "one");
    }
    return {};
}

}  // namespace

std::string sign_token(const TokenClaims& claims, std::string_view secret) {
    assert(!secret.empty());
    std::string token = base64url_encode(write_token_header(kSigningAlgorithm));
    token += '.';
    token += base64url_encode(write_token_claims(claims));
    const std::string signature = keyed_hash(find_hash(kSigningAlgorithm), token, secret);
    assert(!signature.empty());
    token += '.';
    token += base64url_encode(signature);
    return token;
}

Result<TokenClaims> verify_token(std::string_view token,
                                 std::string_view secret,
                                 std::int64_t now_seconds) {
    if (token.size() > kTokenBytesMax) return refusal(kMalformed);
    const std::optional<TokenParts> parts = split_token(token);
    if (!parts) return refusal(kMalformed);
    CRM_TRY(check_signature(*parts, secret));
    const std::optional<std::string> claims_text = base64url_decode(parts->claims);
    const std::optional<TokenClaims> claims =
        claims_text ? read_token_claims(*claims_text) : std::nullopt;
    if (!claims) return refusal(kMalformed);
    if (claims->expires && *claims->expires <= now_seconds) {
        return refusal("The access token has expired; sign in again to get a new one");
    }
    return *claims;
}

}  // namespace crm
