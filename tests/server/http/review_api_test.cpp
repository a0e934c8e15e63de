// What waits for a person, over a socket, with a pretended engine behind it.
#include <doctest/doctest.h>

#include "server/http/application.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::LiveServer;
using crm::test::Reply;

namespace {

using Calls = std::vector<std::string>;

bool has(const Reply& reply, const std::string& text) {
    return reply.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("conflicts are listed, all or some") {
    LiveServer live;
    const Reply all = live.ask({.target = "/api/conflicts", .headers = {{"x-auth-id", "ada"}}});
    CHECK(all.status == 200);
    CHECK(has(all, R"("total":3,"cursor":"7")"));
    CHECK(live.ask({.target = "/api/conflicts?state=open&contact=c1&limit=5&cursor=9"}).status ==
          200);
    CHECK(live.sync().taken_calls() ==
          Calls{"conflicts ada [] [] 100 []", "conflicts dev [open] [c1] 5 [9]"});
    for (const std::string query : {"state=lost", "state=", "contact=", "limit=0", "sort=id"}) {
        CAPTURE(query);
        CHECK(live.ask({.target = "/api/conflicts?" + query}).status == 400);
    }
    CHECK(live.ask({.method = "POST", .target = "/api/conflicts", .body = "{}"}).status == 405);
    CHECK(live.sync().taken_calls().empty());
}

TEST_CASE("a conflict is decided by a value or by a side, in the name of the caller") {
    LiveServer live;
    const auto decide = [&](const std::string& id, const std::string& body) {
        return live.ask(
            {.method = "POST", .target = "/api/conflicts/" + id + "/resolve", .body = body});
    };
    CHECK(has(decide("7", R"({"value":"Ada"})"), R"("conflict":{"id":"7")"));
    CHECK(decide("7", R"({"side":"hubspot","force":true})").status == 200);
    CHECK(decide("8", R"({"side":"app"})").status == 404);
    const Calls calls = live.sync().taken_calls();
    REQUIRE(calls.size() == 3);
    CHECK(calls[0].starts_with("resolve dev 7 Ada/ by "));
    CHECK(calls[1].starts_with("resolve dev 7 /hubspot forced by "));
    CHECK(decide("7", "{}").status == 422);
    CHECK(decide("7", R"({"value":7})").status == 422);
    CHECK(decide("7", "").status == 400);
    CHECK(decide("7", "[]").status == 400);
    CHECK(live.ask({.target = "/api/conflicts/7/resolve"}).status == 405);
    CHECK(live.ask({.target = "/api/conflicts/7"}).status == 404);
    CHECK(live.sync().taken_calls().empty());
}

TEST_CASE("a contact says why it stands in each system as it does") {
    LiveServer live;
    const Reply reply = live.ask({.target = "/api/contacts/c1/sync"});
    CHECK(reply.status == 200);
    CHECK(has(reply, R"({"systems":[{"system":"hubspot",)"));
    CHECK(live.ask({.target = "/api/contacts/c2/sync"}).status == 404);
    CHECK(live.ask({.method = "POST", .target = "/api/contacts/c1/sync"}).status == 405);
    CHECK(live.ask({.target = "/api/contacts/c1/sync?system=hubspot"}).status == 400);
    CHECK(live.sync().taken_calls() == Calls{"why dev c1", "why dev c2"});
}

TEST_CASE("a vanished record is created anew in the name of the caller") {
    LiveServer live;
    const std::string target = "/api/contacts/c1/sync/hubspot/create";
    CHECK(has(live.ask({.method = "POST", .target = target}), R"({"systems":[)"));
    const Calls calls = live.sync().taken_calls();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].starts_with("create_anew dev c1 hubspot "));
    CHECK(live.ask({.target = target}).status == 405);
    CHECK(live.sync().taken_calls().empty());
}

TEST_CASE("held records are listed, linked, refused and imported") {
    LiveServer live;
    const Reply all = live.ask({.target = "/api/sync/holds"});
    CHECK(all.status == 200);
    CHECK(has(all, R"("total":2,"cursor":"hubspot/101")"));
    CHECK(live.ask({.target = "/api/sync/holds?system=hubspot&reason=duplicate&limit=1&"
                              "cursor=hubspot%2F101"})
              .status == 200);
    const auto post = [&](const std::string& path, const std::string& body) {
        return live.ask({.method = "POST", .target = "/api/sync/holds/" + path, .body = body});
    };
    CHECK(has(post("hubspot/101/refuse", ""), R"("hold":{"system":"hubspot","recordId":"101")"));
    CHECK(post("hubspot/101/import", "{}").status == 200);
    CHECK(post("hubspot/102/import", "").status == 404);
    CHECK(has(post("hubspot/101/link", R"({"contactId":"c1"})"), R"("contact":{"id":"c1")"));
    CHECK(live.sync().taken_calls() == Calls{"holds dev [] [] 100 []",
                                             "holds dev [hubspot] [duplicate] 1 [hubspot/101]",
                                             "refuse dev hubspot 101",
                                             "import dev hubspot 101",
                                             "import dev hubspot 102",
                                             "link dev hubspot 101 c1"});
    for (const std::string body :
         {"{}", R"({"contactId":""})", R"({"contactId":7})", R"({"contactId":"c","x":1})"}) {
        CAPTURE(body);
        CHECK(post("hubspot/101/link", body).status == 422);
    }
    CHECK(post("hubspot/101/link", "").status == 400);
    CHECK(post("hubspot/101/explode", "").status == 404);
    CHECK(live.ask({.target = "/api/sync/holds/hubspot/101/link"}).status == 405);
    for (const std::string query : {"reason=ugly", "system=", "limit=0", "contact=c1"}) {
        CAPTURE(query);
        CHECK(live.ask({.target = "/api/sync/holds?" + query}).status == 400);
    }
    CHECK(live.sync().taken_calls().empty());
}
