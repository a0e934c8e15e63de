#include "server/http/session_cookie.h"

#include <algorithm>
#include <chrono>

#include "server/limits.h"
#include "server/loopback.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::http {
namespace {

constexpr std::string_view kName = "contacts_session";
constexpr std::string_view kSecureName = "__Host-contacts_session";

std::string_view name_for(const Request& request) {
    return is_https(request) ? kSecureName : kName;
}

std::string attributes(const Request& request, std::int64_t seconds) {
    return "; Path=/; Max-Age=" + std::to_string(seconds) + "; HttpOnly; SameSite=Strict" +
           (is_https(request) ? "; Secure" : "");
}

/// What the proxy nearest to us added.
std::string last_entry(std::string_view list) {
    const std::size_t comma = list.rfind(',');
    return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

}  // namespace

bool is_https(const Request& request) {
    if (request.is_tls) return true;
    const std::vector<std::string_view> values = find_headers(request, "X-Forwarded-Proto");
    return !values.empty() && is_same_word(last_entry(values.back()), "https");
}

std::string find_session_secret(const Request& request) {
    const std::string_view wanted = name_for(request);
    std::string found;
    for (std::string_view cookies : find_headers(request, "Cookie")) {
        while (!cookies.empty()) {
            const std::size_t end = std::min(cookies.find(';'), cookies.size());
            const std::string cookie = trim(cookies.substr(0, end));
            cookies.remove_prefix(std::min(end + 1, cookies.size()));
            const std::size_t equals = cookie.find('=');
            if (equals == std::string::npos || cookie.substr(0, equals) != wanted) continue;
            // Two of one name: somebody else set one of them, and which one is not known.
            if (!found.empty()) return {};
            found = cookie.substr(equals + 1);
        }
    }
    return found;
}

std::string make_session_cookie(const Request& request, std::string_view secret) {
    const std::int64_t life = std::chrono::seconds(kSessionLifeMax).count();
    return std::string(name_for(request)) + '=' + std::string(secret) + attributes(request, life);
}

std::string end_session_cookie(const Request& request) {
    return std::string(name_for(request)) + '=' + attributes(request, 0);
}

std::string client_address(const Request& request) {
    const std::vector<std::string_view> values = find_headers(request, "X-Forwarded-For");
    if (values.empty() || !is_loopback_host(request.peer)) return request.peer;
    const std::string address = last_entry(values.back());
    const bool is_address =
        !address.empty() && address.size() <= kIdCharsMax &&
        address.find_first_not_of("0123456789abcdefABCDEF.:[]") == std::string::npos;
    return is_address ? address : request.peer;
}

}  // namespace crm::http
