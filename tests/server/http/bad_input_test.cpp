// Hostile and broken requests: each is refused with its status and a sentence, and nothing is
// changed by it.
#include <doctest/doctest.h>

#include "server/http/application.h"
#include "server/limits.h"
#include "shared/api_json.h"
#include "shared/limits.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::Ask;
using crm::test::LiveServer;
using crm::test::RawConnection;
using crm::test::Reply;

namespace {

void check_refused(const Reply& reply, int status) {
    CHECK(reply.status == status);
    CHECK(reply.header("content-type") == "application/json");
    CHECK_FALSE(reply.header("x-request-id").empty());
    const api::ErrorAnswer answer = api::read_error(reply.status, reply.body);
    CHECK(answer.request_id == reply.header("x-request-id"));
    REQUIRE(answer.error.message.size() > 10);
    CHECK(answer.error.message.back() == '.');
    CHECK(answer.error.message.find('\n') == std::string::npos);
    CHECK(answer.error.message.find(' ') != std::string::npos);
}

std::string nested(std::size_t depth) {
    return R"({"name":)" + std::string(depth, '[') + std::string(depth, ']') + '}';
}

struct BadBody {
    std::string what;
    std::string body;
    int status;
    std::string field = {};  // named in `fields` of a 422
};

std::vector<BadBody> bad_bodies() {
    return {
        {"not JSON", "{\"name\":", 400},
        {"two documents", R"({"name":"a"}{"name":"b"})", 400},
        {"an array", R"([{"name":"a"}])", 400},
        {"a text", R"("name")", 400},
        {"null", "null", 400},
        {"broken UTF-8", "{\"name\":\"a\xff\xfe\"}", 400},
        {"a lone surrogate", R"({"name":"\ud800"})", 400},
        {"too deep", nested(200), 400},
        {"far too deep", nested(100'000), 400},
        {"an unknown field", R"({"name":"a","frobnicate":1})", 422, "frobnicate"},
        {"a number for a text", R"({"name":1})", 422, "name"},
        {"an object for a text", R"({"email":{}})", 422, "email"},
        {"a text for a list", R"({"name":"a","tags":"x"})", 422, "tags"},
        {"NUL", R"({"name":"a\u0000b"})", 422, "name"},
        {"10,000 characters", R"({"name":")" + std::string(10'000, 'n') + "\"}", 422, "name"},
        {"no domain", R"({"name":"a","email":"a@"})", 422, "email"},
        {"a space", R"({"name":"a","email":"a b@c"})", 422, "email"},
        {"two @", R"({"name":"a","email":"a@b@c.example"})", 422, "email"},
        {"a long e-mail",
         R"({"email":")" + std::string(300, 'e') + "@example.com\"}",
         422,
         "email"},
    };
}

}  // namespace

TEST_CASE("a body that cannot be meant is refused and changes nothing") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const std::string before = live.everything_of("dev");
    for (const BadBody& bad : bad_bodies()) {
        for (const std::string method : {"POST", "PATCH"}) {
            CAPTURE(bad.what);
            CAPTURE(method);
            const std::string target =
                method == "POST" ? "/api/contacts" : "/api/contacts/" + ada.id.text;
            const Reply reply = live.ask({.method = method, .target = target, .body = bad.body});
            check_refused(reply, bad.status);
            if (bad.field.empty()) continue;
            const api::ErrorAnswer answer = api::read_error(reply.status, reply.body);
            CHECK_MESSAGE(answer.error.fields.count(bad.field) == 1, reply.body);
        }
    }
    CHECK(live.everything_of("dev") == before);
}

TEST_CASE("a new contact needs something to be known by") {
    LiveServer live;
    check_refused(live.ask({.method = "POST", .target = "/api/contacts", .body = "{}"}), 422);
    check_refused(live.ask({.method = "POST", .target = "/api/contacts"}), 400);
}

TEST_CASE("a body needs to say that it is JSON") {
    LiveServer live;
    for (const std::string type : {"text/plain",
                                   "application/x-www-form-urlencoded",
                                   "multipart/form-data; boundary=x",
                                   "application/jsonp",
                                   ""}) {
        CAPTURE(type);
        check_refused(live.ask({.method = "POST",
                                .target = "/api/contacts",
                                .body = R"({"name":"Ada"})",
                                .headers = {{"Content-Type", type}}}),
                      415);
    }
    CHECK(live.everything_of("dev").find("Ada") == std::string::npos);
}

TEST_CASE("a body over the limit is refused, announced or chunked") {
    LiveServer live;
    const std::string before = live.everything_of("dev");
    const std::string big = R"({"name":")" + std::string(kBodyBytesMax, 'n') + "\"}";
    check_refused(live.ask({.method = "POST", .target = "/api/contacts", .body = big}), 413);

    RawConnection chunked(live.port());
    chunked.send(
        "POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n");
    for (int chunk = 0; chunk < 40; ++chunk) {
        if (!chunked.send("10000\r\n" + std::string(0x10000, 'n') + "\r\n")) break;
    }
    chunked.send("0\r\n\r\n");
    check_refused(chunked.read_reply(), 413);
    CHECK(live.everything_of("dev") == before);
}

TEST_CASE("a chunked body within the limit is a body like any other") {
    LiveServer live;
    RawConnection connection(live.port());
    connection.send(
        "POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\ne\r\n{\"name\":\"Ada\"}\r\n0\r\n\r\n");
    CHECK(connection.read_reply().status == 201);
}

TEST_CASE("query parameters are checked") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    for (const std::string target : {"/api/contacts?limit=0",
                                     "/api/contacts?limit=1001",
                                     "/api/contacts?limit=ten",
                                     "/api/contacts?limit=",
                                     "/api/contacts?limit=1&limit=2",
                                     "/api/contacts?sort=salary",
                                     "/api/contacts?sort=notes",
                                     "/api/contacts?deleted=maybe",
                                     "/api/contacts?filter=tag:x",
                                     "/api/contacts?cursor=from-nowhere",
                                     "/api/contacts?cursor=%00",
                                     "/api/contacts?colour=red",
                                     "/api/contacts?q=%ff",
                                     "/api/contacts?q=%zz",
                                     "/api/contacts?q=%00",
                                     "/api/self?verbose=true",
                                     "/api/sync/runs?limit=1"}) {
        CAPTURE(target);
        check_refused(live.ask({.target = target}), 400);
    }
    check_refused(live.ask({.target = "/api/contacts?q=" + std::string(kSearchCharsMax + 1, 'a')}),
                  400);
    for (const std::string target : {"/api/sync?wait=yes",
                                     "/api/sync?preview=1",
                                     "/api/sync?system=",
                                     "/api/sync?contact=",
                                     "/api/sync?system=a&system=b",
                                     "/api/sync?dry=true",
                                     "/api/sync/pause?system=",
                                     "/api/sync/pause?contact=c",
                                     "/api/sync/resume?until=now"}) {
        CAPTURE(target);
        check_refused(live.ask({.method = "POST", .target = target}), 400);
    }
    CHECK(live.sync().taken_calls().empty());
}

TEST_CASE("If-Match must hold one version") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    for (const std::string value : {"1",
                                    "\"\"",
                                    "\"one\"",
                                    "W/\"1\"",
                                    "\"1\", \"2\"",
                                    "\"-1\"",
                                    "\"99999999999999999999\"",
                                    "\"1"}) {
        CAPTURE(value);
        check_refused(live.ask({.method = "PATCH",
                                .target = "/api/contacts/" + ada.id.text,
                                .body = R"({"name":"Eve"})",
                                .headers = {{"If-Match", value}}}),
                      400);
    }
    CHECK(live.everything_of("dev").find("Eve") == std::string::npos);
    CHECK(live.ask({.method = "PATCH",
                    .target = "/api/contacts/" + ada.id.text,
                    .body = R"({"name":"Any"})",
                    .headers = {{"If-Match", "*"}}})
              .status == 200);
}

TEST_CASE("ids that cannot be are no such thing") {
    LiveServer live;
    for (const std::string& id : {std::string("nope"),
                                  std::string("%00"),
                                  std::string("%ff"),
                                  std::string("..%2f..%2fetc"),
                                  std::string(500, 'a'),
                                  std::string("' OR 1=1 --%20"),
                                  std::string("%zz")}) {
        CAPTURE(id);
        std::string target = "/api/contacts/";
        for (const char c : id) target += c == ' ' ? std::string("%20") : std::string(1, c);
        check_refused(live.ask({.target = target}), 404);
        check_refused(live.ask({.method = "DELETE", .target = target}), 404);
        check_refused(live.ask({.method = "PATCH", .target = target, .body = R"({"name":"x"})"}),
                      404);
    }
}

TEST_CASE("unknown addresses and methods are told apart") {
    LiveServer live;
    for (const std::string target : {"/api",
                                     "/api/",
                                     "/api/frobnicate",
                                     "/api/contacts/",
                                     "/api/contacts/a/b",
                                     "/api//contacts",
                                     "/api/Contacts"}) {
        CAPTURE(target);
        check_refused(live.ask({.target = target}), 404);
        check_refused(live.ask({.method = "POST", .target = target, .body = "{}"}), 404);
    }
    const auto check_method =
        [&](const std::string& method, const std::string& target, const std::string& allowed) {
            CAPTURE(method);
            CAPTURE(target);
            const Reply reply = live.ask({.method = method, .target = target});
            check_refused(reply, 405);
            CHECK(reply.header("allow") == allowed);
        };
    check_method("PUT", "/api/contacts", "GET, HEAD, POST, DELETE");
    check_method("PATCH", "/api/contacts", "GET, HEAD, POST, DELETE");
    check_method("POST", "/api/contacts/some-id", "GET, HEAD, PATCH, DELETE");
    check_method("GET", "/api/contacts/some-id/restore", "POST");
    check_method("POST", "/api/health", "GET, HEAD");
    check_method("OPTIONS", "/api/contacts", "GET, HEAD, POST, DELETE");
    check_method("DELETE", "/api/sync", "GET, HEAD, POST");
    check_method("POST", "/", "GET, HEAD");
    check_method("DELETE", "/index.html", "GET, HEAD");
}

TEST_CASE(
    "what is no HTTP gets an answer of ours or a closed connection, and the server lives on") {
    LiveServer live;
    for (const std::string bytes :
         {"nonsense\r\n\r\n",
          "GET\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n",
          "FROB /api/self HTTP/1.1\r\nHost: localhost\r\n\r\n",
          "POST /api/contacts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
        CAPTURE(bytes);
        RawConnection connection(live.port());
        connection.send(bytes);
        const Reply reply = connection.read_reply();
        CHECK(reply.status >= 400);
        CHECK(reply.status < 500);
        CHECK(reply.header("x-content-type-options") == "nosniff");
        CHECK(reply.header("content-type") == "application/json");
    }
    check_refused(live.ask({.target = "/api/contacts?q=" + std::string(kUrlBytesMax, 'a')}), 414);
    check_refused(live.ask({.target = "/api/" + std::string(kPathBytesMax, 'a')}), 414);
    check_refused(
        live.ask(
            {.method = "POST", .target = "/api/" + std::string(kPathBytesMax, 'a'), .body = "{}"}),
        414);
    CHECK(live.ask({.target = "/api/health"}).status == 200);
}

TEST_CASE("a request with a body to an address without one is not answered twice") {
    LiveServer live;
    RawConnection connection(live.port());
    const std::string hidden = "GET /api/self HTTP/1.1\r\nHost: localhost\r\n\r\n";
    connection.send("GET /api/health HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                    std::to_string(hidden.size()) + "\r\n\r\n" + hidden);
    CHECK(connection.read_reply().status == 200);
    connection.send("GET /api/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const Reply second = connection.read_reply();
    CHECK(second.body.find("customerId") == std::string::npos);
}

TEST_CASE("x-auth-id must be an id") {
    LiveServer live;
    const auto status_for = [&](const std::string& id) {
        return live.ask({.target = "/api/self", .headers = {{"x-auth-id", id}}}).status;
    };
    CHECK(status_for(std::string(kAuthIdCharsMax, 'a')) == 200);
    CHECK(status_for(std::string(kAuthIdCharsMax + 1, 'a')) == 400);
    CHECK(status_for("a\xff") == 400);
    CHECK(status_for("a\tb") == 400);
    CHECK(live.ask({.target = "/api/self", .headers = {{"x-auth-id", "a"}, {"x-auth-id", "b"}}})
              .status == 400);
    CHECK(status_for("") == 200);
}
