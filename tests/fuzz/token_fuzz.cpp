// Any bytes as a token, a cookie or an address of who asks: nobody gets in with what was not
// signed, and a token that was cut or changed anywhere is no token.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/http/access.h"
#include "server/http/session_cookie.h"
#include "server/jwt.h"

namespace {

constexpr std::string_view kSecret = "a secret that no input knows";
constexpr std::int64_t kNow = 1'767'225'600;

void require(bool is_true) {
    if (!is_true) std::abort();
}

void check_changed_token(const std::string& bytes) {
    crm::TokenClaims claims;
    claims.issuer = "workspace";
    claims.subject = bytes.substr(0, 40);
    claims.expires = kNow + 60;
    const std::string good = crm::sign_token(claims, kSecret);
    if (bytes.size() < 2) return;
    std::string changed = good;
    const std::size_t at = static_cast<unsigned char>(bytes[0]) * changed.size() / 256;
    if (changed[at] == bytes[1]) return;
    changed[at] = bytes[1];
    // The last letter of base64 has bits that mean nothing; the reader must refuse those, too.
    require(!crm::verify_token(changed, kSecret, kNow).is_ok());
    require(!crm::verify_token(good.substr(0, at), kSecret, kNow).is_ok());
    require(!crm::verify_token(good, kSecret, kNow + 120).is_ok());
}

void check_request(const std::string& text) {
    crm::http::Request request;
    request.method = "GET";
    request.target = "/api/contacts";
    request.peer = "127.0.0.1";
    const std::size_t half = text.size() / 2;
    for (const char* name : {"Authorization", "Cookie", "X-Forwarded-For", "X-Membrane-Token"}) {
        request.headers = {{"Host", "localhost"}, {name, text.substr(0, half)}};
        if (half % 2 == 1) request.headers.emplace_back(name, text.substr(half));
        require(crm::http::client_address(request).size() <= 128);
        static_cast<void>(crm::http::find_session_secret(request));
        static_cast<void>(crm::http::token_mark(request));
        crm::http::AccessRules rules;
        rules.read_workspace_token = [](std::string_view token) -> crm::Result<crm::CustomerId> {
            const auto claims = crm::verify_token(token, kSecret, kNow);
            if (!claims.is_ok()) return claims.error();
            return crm::CustomerId(claims.value().subject);
        };
        // Without people nobody is known, whatever is sent.
        require(!crm::http::identify(request, rules).is_ok());
        rules.mode = crm::AuthMode::Dev;
        const auto caller = crm::http::identify(request, rules);
        if (caller.is_ok()) require(caller.value().customer.text == "dev");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    require(!crm::verify_token(text, kSecret, kNow).is_ok());
    check_changed_token(text);
    check_request(text);
    return 0;
}
