// Compares text and resolves nothing: what a name server says may change between check and use.
#include "server/loopback.h"

#include <algorithm>

namespace crm {
namespace {

/// A number in plain digits, so short that nobody reads it in another way.
bool is_number_up_to(std::string_view text, int most) {
    if (text.empty() || text.size() > 5) return false;
    int number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        number = number * 10 + (c - '0');
    }
    return number <= most;
}

/// Four numbers, the first 127: "127.0.0.1.example.com" is somewhere else.
bool is_loopback_ipv4(std::string_view host) {
    if (!host.starts_with("127.")) return false;
    for (int part = 1; part <= 4; ++part) {
        const std::size_t end = part < 4 ? host.find('.') : host.size();
        if (end > 3 || !is_number_up_to(host.substr(0, end), 255)) return false;
        host.remove_prefix(std::min(end + 1, host.size()));
    }
    return true;
}

bool is_port_or_nothing(std::string_view text) {
    return text.empty() ||
           (text[0] == ':' && text != ":0" && is_number_up_to(text.substr(1), 65535));
}

}  // namespace

bool is_loopback_host(std::string_view host) {
    return host == "localhost" || host == "::1" || host == "[::1]" || is_loopback_ipv4(host);
}

bool is_loopback_url(std::string_view url) {
    if (!url.starts_with("http://") && !url.starts_with("https://")) return false;
    url.remove_prefix(url.find("//") + 2);
    const std::string_view authority = url.substr(0, url.find('/'));
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    const std::size_t host_end = std::min(authority.find(':', bracket), authority.size());
    const std::string_view host = authority.substr(0, host_end);
    if (host == "::1") return false;  // in an address it needs brackets
    return is_loopback_host(host) && is_port_or_nothing(authority.substr(host_end));
}

}  // namespace crm
