// Tokens are small, but anybody may send one: no exception leaves this file, and what is nested
// too deeply is refused before it is parsed.
#include "server/jwt_json.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "shared/json_text.h"
#include "shared/limits.h"

namespace crm {
namespace {

using nlohmann::json;

std::optional<json> parse_object(std::string_view text) {
    if (json_depth(text) > kJsonDepthMax) return std::nullopt;
    json value = json::parse(text.begin(), text.end(), nullptr, false);
    if (!value.is_object()) return std::nullopt;
    return value;
}

const json* find_member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

/// False when the claim is there and neither text nor a whole number.
bool read_text(const json& object, const char* name, std::string& text) {
    const json* member = find_member(object, name);
    if (member == nullptr) return true;
    if (member->is_string()) {
        text = member->get<std::string>();
        return true;
    }
    if (!member->is_number_integer()) return false;
    text = member->dump();
    return true;
}

/// A NumericDate may have a fraction. False when the claim is there and no sensible number.
bool read_seconds(const json& object, const char* name, std::optional<std::int64_t>& seconds) {
    constexpr double kSecondsMax = 1e15;
    const json* member = find_member(object, name);
    if (member == nullptr) return true;
    if (!member->is_number()) return false;
    const double number = member->get<double>();
    if (!std::isfinite(number) || std::abs(number) > kSecondsMax) return false;
    seconds = static_cast<std::int64_t>(std::floor(number));
    return true;
}

bool is_true(const json* member) {
    if (member == nullptr) return false;
    if (member->is_boolean()) return member->get<bool>();
    return member->is_number_integer() && *member == 1;
}

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string write_token_header(std::string_view algorithm) {
    return dump(json{{"alg", algorithm}, {"typ", "JWT"}});
}

std::optional<TokenHeader> read_token_header(std::string_view text) {
    const std::optional<json> object = parse_object(text);
    if (!object) return std::nullopt;
    const json* algorithm = find_member(*object, "alg");
    if (algorithm == nullptr || !algorithm->is_string()) return std::nullopt;
    return TokenHeader{.algorithm = algorithm->get<std::string>(),
                       .has_critical_part = object->contains("crit")};
}

std::string write_token_claims(const TokenClaims& claims) {
    json object = json::object();
    const auto put = [&object](const char* name, const std::string& text) {
        if (!text.empty()) object[name] = text;
    };
    put("iss", claims.issuer);
    put("id", claims.id);
    put("name", claims.name);
    put("sub", claims.subject);
    if (claims.expires) object["exp"] = *claims.expires;
    if (claims.issued) object["iat"] = *claims.issued;
    if (claims.is_admin) object["isAdmin"] = true;
    return dump(object);
}

std::optional<TokenClaims> read_token_claims(std::string_view text) {
    const std::optional<json> object = parse_object(text);
    if (!object) return std::nullopt;
    TokenClaims claims;
    std::string workspace_key;
    std::string tenant_key;
    const bool is_readable =
        read_text(*object, "iss", claims.issuer) &&
        read_text(*object, "workspaceKey", workspace_key) && read_text(*object, "id", claims.id) &&
        read_text(*object, "tenantKey", tenant_key) && read_text(*object, "name", claims.name) &&
        read_text(*object, "sub", claims.subject) && read_seconds(*object, "exp", claims.expires) &&
        read_seconds(*object, "iat", claims.issued);
    if (!is_readable) return std::nullopt;
    if (claims.issuer.empty()) claims.issuer = workspace_key;
    if (claims.id.empty()) claims.id = tenant_key;
    claims.is_admin = is_true(find_member(*object, "isAdmin"));
    return claims;
}

}  // namespace crm
