// The cookie of a session, and where a request comes from.
#include "server/http/session_cookie.h"

#include <doctest/doctest.h>

namespace crm::http {
namespace {

Request request_with(Headers headers, std::string peer = "192.0.2.1") {
    Request request;
    request.headers = std::move(headers);
    request.peer = std::move(peer);
    return request;
}

}  // namespace

TEST_CASE(
    "cookie: no script reads it, no other site sends it, and https alone gets it behind TLS") {
    const std::string plain = make_session_cookie(request_with({}), "secret");
    CHECK(plain == "contacts_session=secret; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict");
    const Request behind = request_with({{"X-Forwarded-Proto", "http, https"}});
    CHECK(make_session_cookie(behind, "secret") ==
          "__Host-contacts_session=secret; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; "
          "Secure");
    CHECK(end_session_cookie(request_with({})) ==
          "contacts_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
}

TEST_CASE("cookie: it is found among others, and two of its name are none") {
    const auto found = [](const std::string& cookies) {
        return find_session_secret(request_with({{"Cookie", cookies}}));
    };
    CHECK(found("a=b; contacts_session=secret; c=d") == "secret");
    CHECK(found("contacts_session=secret") == "secret");
    CHECK(found("xcontacts_session=secret").empty());
    CHECK(found("contacts_session=one; contacts_session=two").empty());
    CHECK(found("contacts_session").empty());
    CHECK(found(";;=;").empty());
    CHECK(found("__Host-contacts_session=secret").empty());
    CHECK(find_session_secret(request_with({{"X-Forwarded-Proto", "https"},
                                            {"Cookie", "contacts_session=planted"}}))
              .empty());
}

TEST_CASE("address: a proxy on this machine is believed, a stranger is not") {
    const Headers forwarded{{"X-Forwarded-For", "203.0.113.9, 198.51.100.7"}};
    CHECK(client_address(request_with(forwarded, "127.0.0.1")) == "198.51.100.7");
    CHECK(client_address(request_with(forwarded, "192.0.2.1")) == "192.0.2.1");
    CHECK(client_address(request_with({}, "127.0.0.1")) == "127.0.0.1");
    CHECK(client_address(request_with({{"X-Forwarded-For", "<script>"}}, "127.0.0.1")) ==
          "127.0.0.1");
    CHECK(client_address(request_with({{"X-Forwarded-For", "2001:db8::1"}}, "::1")) ==
          "2001:db8::1");
}

}  // namespace crm::http
