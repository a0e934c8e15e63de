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
