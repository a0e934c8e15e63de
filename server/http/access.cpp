// The checks of access.h, in the order in which they cost least.
#include "server/http/access.h"

#include <algorithm>

#include "server/http/session_cookie.h"
#include "server/loopback.h"
#include "server/people/secret.h"
#include "shared/limits.h"

namespace crm::http {
namespace {

std::string_view host_without_port(std::string_view authority) {
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        return end == std::string_view::npos ? authority : authority.substr(0, end + 1);
    }
    return authority.substr(0, authority.find(':'));
}

/// An origin is ours when it is the address that the request was sent to. http:// alone: a TLS
/// proxy in front sends https:// and the same host.
bool is_own_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme) && is_same_word(origin.substr(scheme.size()), host))
            return true;
    }
    return false;
}

Error foreign_page() {
    return {ErrorCode::Forbidden,
            "Another site's page sent this request; nothing was done; open the app itself"};
}

/// "Authorization: Bearer …"; "" when there is no such header, nullopt when it is another one.
std::optional<std::string> find_bearer(const Request& request) {
    const std::vector<std::string_view> values = find_headers(request, "Authorization");
    if (values.empty()) return std::string();
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view value = values[0];
    const bool is_bearer = values.size() == 1 && value.size() > kScheme.size() &&
                           is_same_word(value.substr(0, kScheme.size()), kScheme);
    if (!is_bearer) return std::nullopt;
    return std::string(value.substr(kScheme.size()));
}

/// What Integration.app brings: its own headers, or a bearer that is a JWT (three parts).
std::string find_workspace_token(const Request& request) {
    for (const std::string_view name : {"X-Membrane-Token", "X-Integration-App-Token"}) {
        const std::string_view token = find_header(request, name);
        if (!token.empty()) return std::string(token);
    }
    const std::string bearer = find_bearer(request).value_or("");
    return std::count(bearer.begin(), bearer.end(), '.') == 2 ? bearer : std::string();
}

/// An app of the customer's workspace: it works with contacts and manages nobody.
Result<Caller> identify_app(const std::string& token, const AccessRules& rules) {
    if (!rules.read_workspace_token) {
        return Error{ErrorCode::Unauthorized,
                     "Tokens of a workspace are not taken here: none is connected, or its secret "
                     "is the sandbox's own, which everybody knows"};
    }
    const CustomerId customer = CRM_TRY(rules.read_workspace_token(token));
    return Caller{customer, customer.text, "Integration.app", UserId(), "", Role::Editor};
}

Result<people::Person> find_person(const Request& request,
                                   people::PeopleService& people,
                                   people::Use use) {
    const std::optional<std::string> bearer = find_bearer(request);
    if (!bearer) {
        return Error{ErrorCode::Unauthorized,
                     "The header Authorization must be Bearer and one API token"};
    }
    if (!bearer->empty()) return people.find_token(*bearer, use);
    return people.find_session(find_session_secret(request), use);
}

}  // namespace

Status check_origin(const Request& request, const AccessRules& rules) {
    const std::vector<std::string_view> hosts = find_headers(request, "Host");
    if (hosts.size() != 1 || hosts[0].empty()) {
        return Error{ErrorCode::BadRequest, "The request needs exactly one Host header"};
    }
    std::string host_name(host_without_port(hosts[0]));
    for (char& c : host_name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (rules.mode == AuthMode::Dev && !is_loopback_host(host_name)) {
        return Error{ErrorCode::Forbidden,
                     "Without login the server answers only under localhost or 127.0.0.1; open it "
                     "under that name"};
    }
    const bool is_api = request.path().starts_with("/api/");
    if (is_api && find_header(request, "Sec-Fetch-Site") == "cross-site") return foreign_page();
    if (request.verb() == "GET") return {};
    const std::string_view site = find_header(request, "Sec-Fetch-Site");
    if (site == "cross-site" || site == "same-site") return foreign_page();
    const std::vector<std::string_view> origins = find_headers(request, "Origin");
    for (const std::string_view origin : origins) {
        if (!is_own_origin(origin, hosts[0])) return foreign_page();
    }
    return {};
}

Result<Caller> identify(const Request& request, const AccessRules& rules) {
    const std::string token = find_workspace_token(request);
    if (!token.empty()) return identify_app(token, rules);
    switch (rules.mode) {
        case AuthMode::Login: {
            if (rules.people == nullptr) return Error{ErrorCode::Unauthorized, "Please sign in"};
            const people::Person person =
                CRM_TRY(find_person(request, *rules.people, people::Use::Counted));
            return Caller{person.customer,
                          person.customer.text,
                          person.name,
                          person.id,
                          person.email,
                          person.role};
        }
        case AuthMode::Dev:
            break;
    }
    const std::vector<std::string_view> ids = find_headers(request, "x-auth-id");
    if (ids.size() > 1) {
        return Error{ErrorCode::BadRequest, "The header x-auth-id is there more than once"};
    }
    const std::string id(ids.empty() || ids[0].empty() ? std::string_view(rules.dev_customer)
                                                       : ids[0]);
    if (!is_customer_name(id)) {
        return Error{ErrorCode::BadRequest,
                     "The header x-auth-id must be printable text of at most " +
                         std::to_string(kAuthIdCharsMax) + " characters"};
    }
    return Caller{CustomerId(id), id, "dev", UserId(), "dev", Role::Admin};
}

std::string token_mark(const Request& request) {
    std::string secret = find_workspace_token(request);
    if (secret.empty()) secret = find_bearer(request).value_or("");
    if (secret.empty()) secret = find_session_secret(request);
    return secret.empty() ? secret : people::hash_secret(secret);
}

bool is_still_in(const Request& request, const AccessRules& rules) {
    const std::string token = find_workspace_token(request);
    if (!token.empty()) return identify_app(token, rules).is_ok();
    if (rules.mode == AuthMode::Dev) return true;
    return find_person(request, *rules.people, people::Use::Looked).is_ok();
}

people::Actor actor_of(const Caller& caller, const Request& request) {
    return {caller.user_id, caller.email, client_address(request)};
}

}  // namespace crm::http
