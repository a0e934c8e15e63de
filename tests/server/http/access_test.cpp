// Whose requests are taken, and which pages of which hosts may make a browser send them.
#include "server/http/access.h"

#include <doctest/doctest.h>

using namespace crm;
using namespace crm::http;

namespace {

const AccessRules kDev{AuthMode::Dev, "dev"};

Request request_with(const std::string& method, const std::string& target, Headers headers) {
    Request request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    return request;
}

/// 0: taken.
int refusal(const Request& request, const AccessRules& rules = kDev) {
    const Status status = check_origin(request, rules);
    if (status.is_ok()) return 0;
    CHECK(status.error().message.size() > 20);
    return status.error().code == ErrorCode::Forbidden ? 403 : 400;
}

}  // namespace

TEST_CASE("without login only loopback names are answered") {
    struct Row {
        std::string host;
        int refused;
    };
    for (const Row& row : std::vector<Row>{{"localhost", 0},
                                           {"localhost:8080", 0},
                                           {"LOCALHOST:1", 0},
                                           {"127.0.0.1:8080", 0},
                                           {"[::1]:8080", 0},
                                           {"[::1]", 0},
                                           {"evil.test", 403},
                                           {"evil.test:8080", 403},
                                           {"127.0.0.1.evil.test", 403},
                                           {"localhost.evil.test", 403},
                                           {"[::1", 403},
                                           {"192.168.0.1", 403},
                                           {"", 400}}) {
        CAPTURE(row.host);
        for (const std::string target : {"/", "/api/contacts"}) {
            CHECK(refusal(request_with("GET", target, {{"host", row.host}})) == row.refused);
        }
    }
    CHECK(refusal(request_with("GET", "/", {})) == 400);
    CHECK(refusal(request_with("GET", "/", {{"Host", "localhost"}, {"Host", "localhost"}})) == 400);
}

TEST_CASE("with login the host name may be any, another site's page still may not write") {
    const AccessRules login{AuthMode::Login, "dev"};
    CHECK(refusal(request_with("GET", "/api/self", {{"Host", "crm.test"}}), login) == 0);
    CHECK(refusal(request_with(
                      "POST", "/api/sync", {{"Host", "crm.test"}, {"Origin", "https://crm.test"}}),
                  login) == 0);
    CHECK(refusal(request_with(
                      "POST", "/api/sync", {{"Host", "crm.test"}, {"Origin", "https://evil.test"}}),
                  login) == 403);
}

TEST_CASE("writes from other origins are refused, from our own and from programs they are taken") {
    struct Row {
        std::string origin;
        int refused;
    };
    for (const Row& row : std::vector<Row>{{"http://localhost:8080", 0},
                                           {"https://localhost:8080", 0},
                                           {"http://localhost:3000", 403},
                                           {"http://localhost", 403},
                                           {"http://127.0.0.1:8080", 403},
                                           {"https://evil.test", 403},
                                           {"null", 403},
                                           {"", 403}}) {
        CAPTURE(row.origin);
        for (const std::string method : {"POST", "PATCH", "DELETE", "PUT"}) {
            CHECK(refusal(request_with(method,
                                       "/api/contacts",
                                       {{"Host", "localhost:8080"}, {"Origin", row.origin}})) ==
                  row.refused);
        }
        CHECK(refusal(request_with(
                  "GET", "/api/contacts", {{"Host", "localhost:8080"}, {"Origin", row.origin}})) ==
              0);
    }
    CHECK(refusal(request_with("POST", "/api/contacts", {{"Host", "localhost:8080"}})) == 0);
}

TEST_CASE("a browser that says cross-site is believed, but a link to the app still opens it") {
    const auto from =
        [](const std::string& site, const std::string& method, const std::string& target) {
            return refusal(
                request_with(method, target, {{"Host", "localhost"}, {"Sec-Fetch-Site", site}}));
        };
    CHECK(from("cross-site", "GET", "/api/contacts") == 403);
    CHECK(from("cross-site", "POST", "/api/sync") == 403);
    CHECK(from("cross-site", "GET", "/") == 0);
    for (const std::string site : {"same-origin", "same-site", "none"}) {
        CAPTURE(site);
        CHECK(from(site, "GET", "/api/contacts") == 0);
    }
}

TEST_CASE("in dev mode the header names the customer, else the setting does") {
    const auto customer_for = [](Headers headers) {
        const Result<Caller> caller =
            identify(request_with("GET", "/api/self", std::move(headers)), {AuthMode::Dev, "acme"});
        return caller.is_ok() ? caller.value().customer.text : std::string("refused");
    };
    CHECK(customer_for({}) == "acme");
    CHECK(customer_for({{"X-AUTH-ID", "ada"}}) == "ada");
    CHECK(customer_for({{"x-auth-id", "two words, ünïcode"}}) == "two words, ünïcode");
    CHECK(customer_for({{"x-auth-id", ""}}) == "acme");
    CHECK(customer_for({{"x-auth-id", "   "}}) == "refused");
    CHECK(customer_for({{"x-auth-id", "a\x01"}}) == "refused");
    CHECK(customer_for({{"x-auth-id", "a"}, {"x-auth-id", "b"}}) == "refused");
}

TEST_CASE("with login nobody gets in by a header") {
    const Result<Caller> caller = identify(request_with("GET", "/api/self", {{"x-auth-id", "ada"}}),
                                           {AuthMode::Login, "dev"});
    REQUIRE_FALSE(caller.is_ok());
    CHECK(caller.error().code == ErrorCode::Unauthorized);
}
