// Imports over a real socket: dry run first, the same limits as elsewhere and larger bodies only
// here.
#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/api_json.h"
#include "shared/url.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::Ask;
using crm::test::LiveServer;
using crm::test::RawConnection;
using crm::test::Reply;

namespace {

const std::string kFile = "Name,Email\nAda,ada@example.com\nBerta,berta@example.com\n";

Ask import(const std::string& query, const std::string& body = kFile) {
    return {.method = "POST",
            .target = "/api/import" + query,
            .body = body,
            .headers = {{"Content-Type", "text/csv"}}};
}

bool has(const Reply& reply, const std::string& text) {
    return reply.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("an import is a dry run unless it is told to change something") {
    LiveServer live;
    const Reply dry = live.ask(import("?format=csv"));
    REQUIRE_MESSAGE(dry.status == 200, dry.body);
    CHECK(has(dry, R"("id":null,"dryRun":true,"format":"csv","encoding":"UTF-8")"));
    CHECK(has(dry, R"("rows":2,"created":2,"updated":0,"unchanged":0,"refused":0)"));
    CHECK(has(dry, R"("columns":[{"header":"Name","field":"name","label":""})"));
    CHECK_FALSE(live.everything_of("dev").find("ada@example.com") != std::string::npos);

    const Reply done = live.ask(import("?format=csv&dryRun=false&file=people.csv"));
    REQUIRE_MESSAGE(done.status == 200, done.body);
    CHECK(has(done, R"("id":"import-)"));
    CHECK(has(done, R"("created":2)"));
    CHECK(has(live.ask(import("?dryRun=false")), R"("created":0,"updated":0,"unchanged":2)"));
    CHECK(live.everything_of("dev").find("ada@example.com") != std::string::npos);
    CHECK(live.everything_of("other").find("ada@example.com") == std::string::npos);
}

TEST_CASE("a mapping comes with the request") {
    LiveServer live;
    const std::string map = percent_encode(R"({"Mail":"email","#2":"company"})");
    const Reply reply = live.ask(import("?map=" + map, "Mail,Shop\na@example.com,X\n"));
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    CHECK(has(reply, R"({"field":"company","from":"","to":"X"})"));
}

TEST_CASE("cards go out and come in") {
    LiveServer live;
    REQUIRE(
        live.ask(import("?dryRun=false", "Name,Email,Phone\nAda,a@example.com,+48 600\n")).status ==
        200);
    const Reply cards = live.ask({.target = "/api/export?format=vcf&version=4.0"});
    CHECK(cards.header("content-type") == "text/vcard; charset=utf-8");
    CHECK(cards.body.find("VERSION:4.0") != std::string::npos);
    Ask back = import("?format=vcf&dryRun=false", cards.body);
    back.headers = {{"Content-Type", "text/vcard"}};
    CHECK(has(live.ask(back), R"("format":"vcf")"));
    CHECK(has(live.ask(back), R"("rows":1,"created":0,"updated":0,"unchanged":1,"refused":0)"));
    back.headers.emplace_back("x-auth-id", "other");
    CHECK(has(live.ask(back), R"("created":1)"));
    CHECK(live.ask(import("?format=vcf", "Name\n")).status == 422);
    CHECK(live.ask(import("?format=vcf&map=%7B%22a%22:%22name%22%7D", cards.body)).status == 400);
    CHECK(live.ask({.target = "/api/export?format=vcf&version=2.1"}).status == 400);
}

TEST_CASE("live listeners hear of an import") {
    LiveServer live;
    RawConnection events(live.port());
    REQUIRE(events.send(test::format_request({.target = "/api/events"})));
    CHECK(events.read_head().status == 200);
    REQUIRE(live.ask(import("?dryRun=false")).status == 200);
    CHECK(events.read_until("berta@example.com").find("event: contact") != std::string::npos);
    std::string many = "Email\n";
    for (std::size_t row = 0; row < kImportAnnouncedMax + 1; ++row) {
        many += 'p' + std::to_string(row) + "@example.com\n";
    }
    REQUIRE(live.ask(import("?dryRun=false", many)).status == 200);
    CHECK_FALSE(events.read_until("event: reset").empty());
}

TEST_CASE("an import is undone by its id") {
    LiveServer live;
    const Reply done = live.ask(import("?dryRun=false"));
    const std::size_t begin = done.body.find("import-");
    const std::string id = done.body.substr(begin, done.body.find('"', begin) - begin);
    const Ask undo{.method = "POST", .target = "/api/undo/" + id};
    Ask others = undo;
    others.headers = {{"x-auth-id", "other"}};
    CHECK(live.ask(others).status == 404);
    CHECK(has(live.ask(undo), R"("undone":2)"));
    CHECK(has(live.ask({.target = "/api/contacts"}), R"("total":0)"));
    CHECK(has(live.ask(undo), R"("undone":0)"));
    CHECK(has(live.ask(import("?dryRun=false")), R"("created":2)"));
    CHECK(live.ask({.method = "POST", .target = "/api/undo/import-none"}).status == 404);
}

TEST_CASE("old tombstones are removed for good") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    static_cast<void>(live.ask({.method = "DELETE", .target = "/api/contacts/" + ada.id.text}));
    const auto purge = [&](const std::string& body) {
        return live.ask({.method = "POST", .target = "/api/contacts/purge", .body = body});
    };
    CHECK(purge(R"({"olderThanDays":1})").body == R"({"purged":0,"waiting":0})");
    for (const char* body : {"{}",
                             R"({"olderThanDays":-1})",
                             R"({"olderThanDays":"1"})",
                             R"({"olderThanDays":1.5})",
                             R"({"olderThanDays":36501})",
                             R"({"olderThanDays":0,"all":true})"}) {
        CAPTURE(body);
        CHECK(purge(body).status == 422);
    }
    CHECK(purge("[]").status == 400);
    CHECK(live.ask({.target = "/api/contacts/" + ada.id.text}).status == 200);
    CHECK(purge(R"({"olderThanDays":0})").body == R"({"purged":1,"waiting":0})");
    CHECK(live.ask({.target = "/api/contacts/" + ada.id.text}).status == 404);
}

TEST_CASE("what an import cannot take is said, and nothing is changed") {
    LiveServer live;
    const std::string before = live.everything_of("dev");
    for (const char* query : {"?format=xlsx",
                              "?format=json",
                              "?dryRun=perhaps",
                              "?key=shoe",
                              "?map=x",
                              "?map=[]",
                              "?map=%7B%22Name%22:1%7D",
                              "?map=%7B%22Hat%22:%22name%22%7D",
                              "?unknown=1"}) {
        CAPTURE(query);
        CHECK(live.ask(import(query)).status == 400);
    }
    CHECK(live.ask(import("?dryRun=false", "Name\n\"open\n")).status == 422);
    CHECK(live.ask(import("?dryRun=false", "a,b\n1,2\n")).status == 422);
    CHECK(live.ask({.method = "POST", .target = "/api/import"}).status == 422);
    CHECK(live.ask({.method = "GET", .target = "/api/import"}).status == 405);
    for (const char* type : {"application/json", "text/plain", "multipart/form-data; boundary=x"}) {
        Ask ask = import("?dryRun=false");
        ask.headers = {{"Content-Type", type}};
        CHECK(live.ask(ask).status == 415);
    }
    CHECK(live.everything_of("dev") == before);
}

TEST_CASE("a file may be larger than other bodies, up to its own limit") {
    LiveServer live;
    const std::string large =
        "Name,Email,Other\nAda,ada@example.com,\n" + std::string(2 * kBodyBytesMax, '\n');
    CHECK(live.ask(import("", large)).status == 200);

    RawConnection announced(live.port());
    announced.send(
        "POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
        "Content-Length: " +
        std::to_string(kImportBytesMax + 1) + "\r\n\r\n");
    const Reply refused = announced.read_reply();
    CHECK(refused.status == 413);
    CHECK(has(refused, "larger than 64 MiB"));
}
