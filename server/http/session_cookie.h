// The cookie of a browser that is signed in, and where a request comes from. Behind https (a proxy
// says so in X-Forwarded-Proto) the cookie is Secure and its name begins with __Host-, so that no
// page of a neighbouring host can set it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.h"

namespace crm::http {

/// This server, or a proxy in front took the request over TLS. Whoever only claims so gets a cookie
/// that their own browser does not send.
[[nodiscard]] bool is_https(const Request& request);

/// The secret, or "": none, or more than one.
[[nodiscard]] std::string find_session_secret(const Request& request);

/// The value of Set-Cookie.
[[nodiscard]] std::string make_session_cookie(const Request& request, std::string_view secret);
[[nodiscard]] std::string end_session_cookie(const Request& request);

/// The other side of the socket; behind a proxy on this machine the address that it saw.
[[nodiscard]] std::string client_address(const Request& request);

}  // namespace crm::http
