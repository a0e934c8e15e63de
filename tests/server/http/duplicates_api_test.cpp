// Duplicates and merges over a real socket.
#include <doctest/doctest.h>

#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::LiveServer;
using crm::test::Reply;

namespace {

bool holds(const Reply& reply, const std::string& part) {
    return reply.body.find(part) != std::string::npos;
}

std::string create(const LiveServer& live, const std::string& body) {
    const Reply made = live.ask({.method = "POST", .target = "/api/contacts", .body = body});
    REQUIRE(made.status == 201);
    return api::read_contact_answer(made.body).value().id.text;
}

Reply post(const LiveServer& live, const std::string& target, const std::string& body) {
    return live.ask({.method = "POST", .target = target, .body = body});
}

}  // namespace

TEST_CASE("duplicates API: found, typed, merged, undone, kept separate") {
    LiveServer live;
    const std::string ada = create(
        live,
        R"({"name":"Ada Byron","company":"Acme","email":"ada@x.org","phone":"+442079460991"})");
    const std::string twin =
        create(live, R"({"name":"Ada Byrom","company":"Acme","email":"byron@x.org"})");
    const Reply list = live.ask({.target = "/api/duplicates"});
    CHECK(list.status == 200);
    CHECK(holds(list, R"("total":1)"));
    CHECK(holds(list, R"("code":"similar_name")"));
    CHECK(holds(list, twin));
    CHECK(holds(live.ask({.target = "/api/duplicates?phone=0044%2020%2079460991"}), ada));
    CHECK_FALSE(
        holds(live.ask({.target = "/api/duplicates?email=ada%40x.org&except=" + ada}), ada));
    CHECK(live.ask({.target = "/api/duplicates?cursor=abc"}).status == 400);

    const std::string body =
        R"({"winner":")" + ada + R"(","loser":")" + twin + R"(","fields":{"name":"loser"}})";
    const Reply preview = post(live, "/api/contacts/merge?preview=true", body);
    CHECK(preview.status == 200);
    CHECK(holds(preview, R"("preview":true)"));
    CHECK(holds(live.ask({.target = "/api/contacts"}), R"("total":2)"));
    const Reply merged = post(live, "/api/contacts/merge", body);
    CHECK(merged.status == 200);
    CHECK(holds(live.ask({.target = "/api/contacts"}), R"("total":1)"));
    const std::size_t start = merged.body.find("merge-");
    REQUIRE(start != std::string::npos);
    const std::string id = merged.body.substr(start, merged.body.find('"', start) - start);
    CHECK(post(live, "/api/undo/" + id, "").status == 200);
    CHECK(holds(live.ask({.target = "/api/contacts"}), R"("total":2)"));
    CHECK(post(live, "/api/undo/" + id, "").status == 409);

    const std::string pair = R"({"ids":[")" + ada + R"(",")" + twin + R"("]})";
    CHECK(post(live, "/api/duplicates/separate", pair).status == 200);
    CHECK(holds(live.ask({.target = "/api/duplicates"}), R"("total":0)"));
}

TEST_CASE("duplicates API: bad requests change nothing and say what is wrong") {
    LiveServer live;
    const std::string ada = create(live, R"({"name":"Ada"})");
    const std::string bob = create(live, R"({"name":"Bob"})");
    for (const std::string& body :
         {std::string("{}"),
          std::string(R"({"winner":1,"loser":2})"),
          R"({"winner":")" + ada + R"(","loser":")" + ada + R"("})",
          R"({"winner":")" + ada + R"(","loser":")" + bob + R"(","fields":{"shoe":"loser"}})",
          R"({"winner":")" + ada + R"(","loser":")" + bob + R"(","fields":{"name":"both"}})",
          R"({"winner":")" + ada + R"(","loser":")" + bob + R"(","fields":[]})",
          R"({"winner":")" + ada + R"(","loser":")" + bob + R"(","also":"x"})"}) {
        CAPTURE(body);
        CHECK(post(live, "/api/contacts/merge", body).status == 422);
    }
    CHECK(post(live, "/api/contacts/merge", "[").status == 400);
    CHECK(post(live, "/api/contacts/merge", R"({"winner":"x","loser":"y"})").status == 404);
    CHECK(post(live, "/api/duplicates/separate", R"({"ids":["x"]})").status == 422);
    CHECK(post(live, "/api/duplicates/separate", R"({"ids":["x","y"]})").status == 404);
    CHECK(holds(live.ask({.target = "/api/contacts"}), R"("total":2)"));
    const Reply then = live.ask({.target = "/api/contacts/" + ada + "?at=2000-01-01T00:00:00Z"});
    CHECK(then.status == 404);
    CHECK(live.ask({.target = "/api/contacts/" + ada + "?at=yesterday"}).status == 400);
    CHECK(holds(live.ask({.target = "/api/contacts/" + ada + "?at=2999-01-01T00:00:00Z"}),
                R"("name":"Ada")"));
}
