// Undo over a real socket.
#include <doctest/doctest.h>

#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

namespace crm::test {
namespace {

std::string newest_line(const LiveServer& live, const Contact& contact) {
    const Reply reply = live.ask({.target = "/api/contacts/" + contact.id.text + "/history"});
    const auto history = api::read_history(reply.body);
    REQUIRE(history.is_ok());
    return std::to_string(history.value().front().id);
}

bool has(const Reply& reply, const std::string& text) {
    return reply.body.find(text) != std::string::npos;
}

TEST_CASE("an undo is told first, then done, and can be undone") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const std::string target = "/api/contacts/" + ada.id.text;
    REQUIRE(live.ask({.method = "DELETE", .target = target}).status == 200);
    const std::string undo = "/api/undo/" + newest_line(live, ada);

    const Reply told = live.ask({.method = "POST", .target = undo + "?preview=true"});
    CHECK(told.status == 200);
    CHECK(has(told, R"("preview":true,"undone":1)"));
    CHECK(has(told, R"("kind":"restore")"));
    CHECK(has(live.ask({.target = target}), R"("deleted":true)"));

    const Reply done = live.ask({.method = "POST", .target = undo});
    CHECK(done.status == 200);
    CHECK(has(done, R"({"undo":{"id":"undo-)"));
    CHECK(has(live.ask({.target = target}), R"("deleted":false)"));
}

TEST_CASE("an undo of nothing, of somebody else's change or with a bad parameter changes nothing") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const std::string line = newest_line(live, ada);
    const std::string before = live.everything_of("dev");
    CHECK(live.ask({.method = "POST", .target = "/api/undo/unknown"}).status == 404);
    CHECK(live.ask({.method = "POST",
                    .target = "/api/undo/" + line,
                    .headers = {{"x-auth-id", "somebody"}}})
              .status == 404);
    CHECK(live.ask({.method = "POST", .target = "/api/undo/" + line + "?preview=maybe"}).status ==
          400);
    CHECK(live.ask({.target = "/api/undo/" + line}).status == 405);
    CHECK(live.everything_of("dev") == before);
}

}  // namespace
}  // namespace crm::test
