// Tokens against values that another program computed (openssl dgst -hmac, RFC 7515 appendix A.1),
// and against everything a stranger may send instead.
#include "server/jwt.h"

#include <array>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "server/jwt_json.h"
#include "shared/url.h"

namespace crm {
namespace {

constexpr std::string_view kSecret = "a secret of ours";
constexpr std::int64_t kExpires = 1795371969;

const TokenClaims kClaims{.issuer = "wskey", .id = "dev", .name = "Dev", .expires = kExpires};

constexpr std::string_view kHs256 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJpZCI6ImRldiIsImlzcyI6Indza2V5IiwibmFtZSI6IkRldiIsImV4cCI6MTc5NTM3MTk2OX0."
    "VDwDcko7lB_58tT4gnjuhcUIAlaAyKdSEcp4xpxmyS8";
constexpr std::string_view kHs384 =
    "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9."
    "eyJpZCI6ImRldiIsImlzcyI6Indza2V5IiwibmFtZSI6IkRldiIsImV4cCI6MTc5NTM3MTk2OX0."
    "Y4JTBwuS8juyH1VXoT8y9cmwT4EoaXccHNwczbpzM9p3_zqT4VnGYjNRGIIZxQrI";
constexpr std::string_view kHs512 =
    "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9."
    "eyJpZCI6ImRldiIsImlzcyI6Indza2V5IiwibmFtZSI6IkRldiIsImV4cCI6MTc5NTM3MTk2OX0."
    "qON-Uddp3hnfTWHdL5_khmZH-jaxIC3iDQ1gnQYquEIu8fV6JpLldi00Ev4tdclae9ni1p79LEQ_LcuAPL7urA";
constexpr std::string_view kUnsigned =
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."
    "eyJpZCI6ImRldiIsImlzcyI6Indza2V5IiwibmFtZSI6IkRldiIsImV4cCI6MTc5NTM3MTk2OX0.";

/// A token with any header and claims, signed well with SHA-256 whatever the header says.
std::string forge(std::string_view header, std::string_view claims) {
    std::string token = base64url_encode(header) + "." + base64url_encode(claims);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int bytes = 0;
    HMAC(EVP_sha256(),
         kSecret.data(),
         static_cast<int>(kSecret.size()),
         reinterpret_cast<const unsigned char*>(token.data()),
         token.size(),
         digest.data(),
         &bytes);
    return token + "." + base64url_encode({reinterpret_cast<const char*>(digest.data()), bytes});
}

std::string forge(std::string_view claims) {
    return forge(R"({"alg":"HS256"})", claims);
}

void check_refused(std::string_view token, std::string_view secret = kSecret) {
    CAPTURE(token);
    const Result<TokenClaims> claims = verify_token(token, secret, 0);
    REQUIRE_FALSE(claims.is_ok());
    CHECK(claims.error().code == ErrorCode::Unauthorized);
    CHECK(claims.error().message.find(kSecret) == std::string::npos);
}

TEST_CASE("jwt: tokens signed by another program are accepted in all three algorithms") {
    for (const std::string_view token : {kHs256, kHs384, kHs512}) {
        CAPTURE(token);
        const Result<TokenClaims> claims = verify_token(token, kSecret, kExpires - 1);
        REQUIRE(claims.is_ok());
        CHECK(claims.value() == kClaims);
    }
}

TEST_CASE("jwt: the example of RFC 7515 with its binary key") {
    const std::optional<std::string> key = base64url_decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    REQUIRE(key.has_value());
    const std::string token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn"
        "VlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const Result<TokenClaims> claims = verify_token(token, *key, 1300819379);
    REQUIRE(claims.is_ok());
    CHECK(claims.value() == TokenClaims{.issuer = "joe", .expires = 1300819380});
    CHECK_FALSE(verify_token(token, *key, 1300819380).is_ok());
}

TEST_CASE("jwt: what sign_token makes is what another program makes") {
    CHECK(sign_token(kClaims, kSecret) ==
          "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9."
          "eyJleHAiOjE3OTUzNzE5NjksImlkIjoiZGV2IiwiaXNzIjoid3NrZXkiLCJuYW1lIjoiRGV2In0."
          "8Xk8idjRjerwC_BvvlefuyYnLkbnfTeyKmK0EhOCtluvomNMfxe7kM-4H_yX8HGgm1gC_riFL2aP3fCm_nCCog");
}

TEST_CASE("jwt: all claims come back") {
    const TokenClaims claims{.issuer = "ws",
                             .id = "Kunde \"7\" \xC3\xBC",
                             .name = "N",
                             .subject = "s",
                             .expires = 20,
                             .issued = 10,
                             .is_admin = true};
    const Result<TokenClaims> read = verify_token(sign_token(claims, kSecret), kSecret, 19);
    REQUIRE(read.is_ok());
    CHECK(read.value() == claims);
}

TEST_CASE("jwt: broken UTF-8 in a claim is replaced, not thrown at") {
    const Result<TokenClaims> read =
        verify_token(sign_token({.issuer = "ws", .id = "a\xFF"}, kSecret), kSecret, 0);
    REQUIRE(read.is_ok());
    CHECK(read.value().id == "a\xEF\xBF\xBD");
}

TEST_CASE("jwt: a token ends at its second, without leeway") {
    CHECK(verify_token(kHs512, kSecret, kExpires - 1).is_ok());
    CHECK_FALSE(verify_token(kHs512, kSecret, kExpires).is_ok());
    CHECK_FALSE(verify_token(forge(R"({"exp":-1})"), kSecret, 0).is_ok());
    CHECK(verify_token(forge(R"({"iss":"ws"})"), kSecret, 0).is_ok());
    CHECK(verify_token(forge(R"({"exp":100.9})"), kSecret, 99).is_ok());
    CHECK_FALSE(verify_token(forge(R"({"exp":100.9})"), kSecret, 100).is_ok());
}

TEST_CASE("jwt: the other names of the claims") {
    const auto read =
        verify_token(forge(R"({"workspaceKey":"ws","tenantKey":"t1","isAdmin":1})"), kSecret, 0);
    REQUIRE(read.is_ok());
    CHECK(read.value() == TokenClaims{.issuer = "ws", .id = "t1", .is_admin = true});
    const auto both = verify_token(
        forge(R"({"iss":"a","workspaceKey":"b","id":7,"tenantKey":"c","isAdmin":0})"), kSecret, 0);
    REQUIRE(both.is_ok());
    CHECK(both.value() == TokenClaims{.issuer = "a", .id = "7"});
    CHECK_FALSE(verify_token(forge(R"({"isAdmin":"true"})"), kSecret, 0).value().is_admin);
}

TEST_CASE("jwt: unsigned tokens and other algorithms are refused") {
    check_refused(kUnsigned);
    check_refused(forge(R"({"alg":"none"})", R"({"iss":"ws"})"));
    check_refused(forge(R"({"alg":"hs256"})", R"({"iss":"ws"})"));
    check_refused(forge(R"({"alg":"RS256"})", R"({"iss":"ws"})"));
    check_refused(forge(R"({"alg":"HS512"})", R"({"iss":"ws"})"));  // hashed with SHA-256
    check_refused(forge(R"({"alg":"HS256","crit":["b64"]})", R"({"iss":"ws"})"));
    check_refused(forge(R"({"typ":"JWT"})", R"({"iss":"ws"})"));
    check_refused(forge(R"({"alg":256})", R"({"iss":"ws"})"));
}

TEST_CASE("jwt: every changed letter, another secret and no secret are refused") {
    check_refused(kHs512, "another secret");
    check_refused(kHs512, "");
    for (std::size_t at = 0; at < kHs256.size(); ++at) {
        std::string token(kHs256);
        token[at] = token[at] == 'A' ? 'B' : 'A';
        check_refused(token);
    }
    for (std::size_t bytes = 0; bytes < kHs256.size(); ++bytes) {
        check_refused(kHs256.substr(0, bytes));
    }
}

TEST_CASE("jwt: malformed tokens are refused") {
    for (const std::string_view token :
         {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "\xFF.\xFF.\xFF"}) {
        check_refused(token);
    }
    check_refused(std::string(kHs512) + ".");
    check_refused(std::string(100'000, 'e'));
    check_refused(std::string(100'000, '.'));
    for (const std::string_view claims : {"",
                                          "null",
                                          "[]",
                                          "7",
                                          "{",
                                          R"({"exp":"soon"})",
                                          R"({"exp":1e300})",
                                          R"({"iss":["ws"]})",
                                          R"({"id":{}})",
                                          R"({"id":"\ud800"})",
                                          "{\"id\":\"\xFF\"}"}) {
        check_refused(forge(claims));
    }
    std::string deep;
    for (int level = 0; level < 2000; ++level) deep += "[";
    check_refused(forge(R"({"alg":"HS256"})", R"({"id":)" + deep));
    check_refused(forge(deep, "{}"));
}

}  // namespace
}  // namespace crm
