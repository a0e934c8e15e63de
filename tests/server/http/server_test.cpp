// What holds for every answer: security headers, request ids, HEAD, keep-alive; and that the server
// ends quickly whoever hangs on to it.
#include "server/http/server.h"

#include <set>
#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::LiveServer;
using crm::test::RawConnection;
using crm::test::Reply;

TEST_CASE("every answer has the security headers and an id of its own") {
    LiveServer live(LiveServer::Client::Built);
    std::set<std::string> ids;
    for (const test::Ask& question : std::vector<test::Ask>{
             {.target = "/"},
             {.target = "/api/health"},
             {.target = "/api/nothing"},
             {.method = "PUT", .target = "/api/self", .body = "{}"},
             {.method = "POST", .target = "/api/contacts", .body = "{"},
             {.method = "POST", .target = "/api/contacts", .body = std::string(2'000'000, 'x')},
             {.target = "/api/self", .headers = {{"Range", "bytes=nonsense"}}}}) {
        const Reply reply = live.ask(question);
        CAPTURE(question.target);
        CAPTURE(reply.status);
        const std::string policy = reply.header("content-security-policy");
        CHECK(policy.find("default-src 'none'") != std::string::npos);
        CHECK(policy.find("script-src 'self' 'wasm-unsafe-eval'") != std::string::npos);
        CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
        CHECK(reply.header("x-content-type-options") == "nosniff");
        CHECK(reply.header("referrer-policy") == "no-referrer");
        CHECK(reply.header("cross-origin-opener-policy") == "same-origin");
        CHECK(reply.header("cross-origin-resource-policy") == "same-origin");
        CHECK_FALSE(reply.header("permissions-policy").empty());
        CHECK(reply.header("access-control-allow-origin").empty());
        CHECK(ids.insert(reply.header("x-request-id")).second);
        CHECK_FALSE(reply.header("x-request-id").empty());
    }
}

TEST_CASE("one connection takes many requests, HEAD among them") {
    LiveServer live;
    RawConnection connection(live.port());
    for (int round = 0; round < 5; ++round) {
        connection.send(test::format_request({.method = "HEAD", .target = "/api/contacts"}));
        const Reply head = connection.read_reply(RawConnection::To::Head);
        CHECK(head.status == 200);
        CHECK(head.header("content-length") != "0");
        connection.send(test::format_request({.target = "/api/contacts"}));
        const Reply get = connection.read_reply();
        CHECK(get.status == 200);
        CHECK(get.header("content-length") == head.header("content-length"));
        CHECK(get.header("etag") == head.header("etag"));
        connection.send(test::format_request(
            {.method = "POST", .target = "/api/contacts", .body = R"({"name":"A"})"}));
        CHECK(connection.read_reply().status == 201);
    }
}

TEST_CASE("a request that announces no body has none, and the next one is not kept waiting") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const std::string host = " HTTP/1.1\r\nHost: localhost\r\n";
    struct Row {
        std::string first;
        int status;
    };
    for (const Row& row :
         std::vector<Row>{{"DELETE /api/contacts/" + ada.id.text + host, 200},
                          {"POST /api/contacts/" + ada.id.text + "/restore" + host, 200},
                          {"POST /api/sync" + host, 202},
                          {"POST /api/contacts" + host, 400},  // read as empty, which is not JSON
                          {"PATCH /api/contacts/" + ada.id.text + host, 400},
                          {"PUT /api/contacts" + host, 405},    // refused before the body
                          {"DELETE /api/nowhere" + host, 404},  // the same
                          {"DELETE /api/contacts" + host, 400}}) {
        CAPTURE(row.first);
        RawConnection connection(live.port());
        const auto start = std::chrono::steady_clock::now();
        connection.send(row.first + "\r\n");
        CHECK(connection.read_reply().status == row.status);
        // Refusals announce the end of the connection; that its thread is free shows all the same.
        connection.send("GET /api/health" + host + "\r\n");
        const Reply second = connection.read_reply();
        CHECK(second.status == 200);
        CHECK(second.body.find("\"schema\"") != std::string::npos);
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{3});
    }
}

TEST_CASE("another site's page is refused on the wire") {
    LiveServer live;
    CHECK(live.ask({.target = "/api/contacts", .headers = {{"Host", "evil.test"}}}).status == 403);
    CHECK(live.ask({.target = "/", .headers = {{"Host", "evil.test"}}}).status == 403);
    CHECK(live.ask({.method = "POST",
                    .target = "/api/contacts",
                    .body = R"({"name":"Eve"})",
                    .headers = {{"Origin", "https://evil.test"}}})
              .status == 403);
    CHECK(live.ask({.method = "POST",
                    .target = "/api/contacts",
                    .body = R"({"name":"Ada"})",
                    .headers = {{"Host", "localhost:9"}, {"Origin", "http://localhost:9"}}})
              .status == 201);
    CHECK(live.everything_of("dev").find("Eve") == std::string::npos);
}

TEST_CASE("the log tells every request and nothing personal") {
    LiveServer live;
    const Contact ada = live.create("Ada Private", "ada.private@example.com");
    const test::HeaderList as_eve{{"x-auth-id", "eve.private"}};
    CHECK(live.ask({.target = "/api/contacts?q=private", .headers = as_eve}).status == 200);
    CHECK(live.ask({.target = "/api/contacts/" + ada.id.text, .headers = as_eve}).status == 404);
    CHECK(live.ask({.target = "/private/page"}).status == 404);
    CHECK(live.ask({.method = "DELETE", .target = "/api/contacts?email=ada.private@example.com"})
              .status == 200);
    const std::string log = live.logged();
    CHECK(log.find("info request method=GET route=/api/contacts/{} status=404") !=
          std::string::npos);
    CHECK(log.find("debug request method=DELETE route=/api/contacts status=200") !=
          std::string::npos);
    CHECK(log.find("rivate") == std::string::npos);
    CHECK(log.find(ada.id.text) == std::string::npos);
}

TEST_CASE("a port that is taken is said, not shared") {
    LiveServer live;
    struct Nothing final : http::Handler {
        std::optional<http::Response> refuse(const http::Request&) override { return std::nullopt; }
        http::Response handle(const http::Request&) override { return {}; }
    } nothing;
    const SystemClock clock;
    Log log(clock, LogLevel::Error, 2);
    http::ServerOptions options;
    options.port = live.port();
    const auto second = http::Server::start(options, nothing, log);
    REQUIRE_FALSE(second.is_ok());
    CHECK(second.error().message.find(std::to_string(live.port())) != std::string::npos);
}

TEST_CASE("what a handler throws stays inside") {
    struct Throwing final : http::Handler {
        std::optional<http::Response> refuse(const http::Request&) override { return std::nullopt; }
        http::Response handle(const http::Request&) override {
            throw std::runtime_error("private words");
        }
    } throwing;
    const SystemClock clock;
    Log log(clock, LogLevel::Error, -1);
    auto server = http::Server::start({.boot_id = "b"}, throwing, log);
    REQUIRE(server.is_ok());
    for (const test::HeaderList& headers :
         {test::HeaderList{},
          test::HeaderList{{"Upgrade", "websocket"},
                           {"Connection", "Upgrade"},
                           {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                           {"Sec-WebSocket-Version", "13"}}}) {
        for (const std::string method : {"GET", "POST"}) {
            const Reply reply = test::ask(server.value()->port(),
                                          {.method = method, .target = "/", .headers = headers});
            CHECK(reply.status == 500);
            CHECK(reply.body.find("private words") == std::string::npos);
            CHECK(reply.header("exception-what").empty());
        }
    }
}

TEST_CASE("stopping is quick with streams, idle connections and half a request open") {
    auto live = std::make_unique<LiveServer>();
    RawConnection stream(live->port());
    stream.send(test::format_request({.target = "/api/events"}));
    REQUIRE(stream.read_head().status == 200);
    RawConnection idle(live->port());
    idle.send(test::format_request({.target = "/api/health"}));
    REQUIRE(idle.read_reply().status == 200);
    live->sync().waits_until_done = 1'000'000;
    RawConnection waiting(live->port());
    waiting.send(test::format_request({.method = "POST", .target = "/api/sync?wait=true"}));

    const auto start = std::chrono::steady_clock::now();
    live.reset();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
    CHECK(stream.is_closed_within(std::chrono::seconds{1}));
    CHECK(idle.is_closed_within(std::chrono::seconds{1}));
}
