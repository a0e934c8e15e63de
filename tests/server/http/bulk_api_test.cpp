// One action on many contacts over a real socket.
#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/api_bulk_json.h"
#include "tests/server/http/live_server.h"

namespace crm::test {
namespace {

Ask bulk(const std::string& body) {
    return {.method = "POST", .target = "/api/contacts/bulk", .body = body};
}

bool has(const Reply& reply, const std::string& text) {
    return reply.body.find(text) != std::string::npos;
}

TEST_CASE("a bulk change by ids tells of each contact and is undone as one") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const Contact ben = live.create("Ben", "ben@example.com");
    const Reply done = live.ask(bulk(R"({"action":"tag","add":["vip"],"ids":[")" + ada.id.text +
                                     R"(",")" + ben.id.text + R"(","nobody"]})"));
    CHECK(done.status == 200);
    const auto report = api::read_bulk_report(done.body);
    REQUIRE(report.is_ok());
    CHECK(report.value().changed == 2);
    CHECK(report.value().refused == 1);
    CHECK(report.value().results[0].contact_id == "nobody");
    CHECK(has(live.ask({.target = "/api/contacts/" + ada.id.text}), R"("tags":["vip"])"));
    const Reply undone = live.ask({.method = "POST", .target = "/api/undo/" + report.value().id});
    CHECK(has(undone, R"("undone":2)"));
    CHECK(has(live.ask({.target = "/api/contacts/" + ada.id.text}), R"("tags":[])"));
}

TEST_CASE("a bulk change by query means all that the list would show") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    (void)live.create("Ben", "ben@example.com");
    const Reply done = live.ask(bulk(R"({"action":"delete","query":{"q":"ada"}})"));
    CHECK(has(done, R"("matched":1,"changed":1)"));
    CHECK(has(live.ask({.target = "/api/contacts"}), R"("total":1)"));
    const Reply back =
        live.ask(bulk(R"({"action":"restore","query":{"deleted":"only"},"without":[]})"));
    CHECK(has(back, R"("matched":1,"changed":1)"));
    CHECK(has(live.ask({.target = "/api/contacts/" + ada.id.text}), R"("deleted":false)"));
    CHECK(live.ask(bulk(R"({"action":"delete","query":{"deleted":"maybe"}})")).status == 400);
}

TEST_CASE("a bulk change that is refused, or of another customer's contacts, changes nothing") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const std::string before = live.everything_of("dev");
    CHECK(live.ask(bulk(R"({"action":"delete"})")).status == 422);
    CHECK(live.ask(bulk("[]")).status == 400);
    CHECK(live.ask({.target = "/api/contacts/bulk"}).status == 404);
    Ask theirs = bulk(R"({"action":"delete","ids":[")" + ada.id.text + R"("]})");
    theirs.headers = {{"x-auth-id", "somebody"}};
    CHECK(has(live.ask(theirs), R"("changed":0,"unchanged":0,"refused":1)"));
    theirs.body = R"({"action":"delete","query":{}})";
    CHECK(has(live.ask(theirs), R"("matched":0)"));
    CHECK(live.everything_of("dev") == before);
}

TEST_CASE("live listeners hear of a bulk change: of few one by one, of many that they look anew") {
    LiveServer live;
    (void)live.create("Ada", "ada@example.com");
    RawConnection events(live.port());
    REQUIRE(events.send(format_request({.target = "/api/events"})));
    CHECK(events.read_head().status == 200);
    REQUIRE(live.ask(bulk(R"({"action":"tag","add":["vip"],"query":{}})")).status == 200);
    CHECK(events.read_until("vip").find("event: contact") != std::string::npos);
    for (std::size_t i = 0; i < kImportAnnouncedMax; ++i) {
        const std::string name = "p" + std::to_string(i);
        (void)live.create(name, name + "@example.com");
    }
    REQUIRE(live.ask(bulk(R"({"action":"delete","query":{}})")).status == 200);
    CHECK_FALSE(events.read_until("event: reset").empty());
}

TEST_CASE("a viewer changes nothing in bulk") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login);
    (void)live.add_user("admin@example.com");
    (void)live.add_user("viewer@example.com", Role::Viewer);
    Ask ask = bulk(R"({"action":"delete","query":{}})");
    ask.headers = live.cookie_of("viewer@example.com");
    CHECK(live.ask(ask).status == 403);
}

}  // namespace
}  // namespace crm::test
