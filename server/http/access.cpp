// The checks of access.h, in the order in which they cost least.
#include "server/http/access.h"

#include "server/loopback.h"
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
    const std::vector<std::string_view> origins = find_headers(request, "Origin");
    for (const std::string_view origin : origins) {
        if (!is_own_origin(origin, hosts[0])) return foreign_page();
    }
    return {};
}

Result<Caller> identify(const Request& request, const AccessRules& rules) {
    switch (rules.mode) {
        case AuthMode::Login:
            return Error{ErrorCode::Unauthorized, "Please sign in"};
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
    return Caller{CustomerId(id), id, "dev", Role::Admin};
}

}  // namespace crm::http
