// Webhooks over a real socket: whoever has the workspace's token gives a hint, and nothing else.
#include <doctest/doctest.h>

#include "server/jwt.h"
#include "server/sync/connectors/integration_app.h"
#include "tests/server/http/live_server.h"

namespace crm::test {
namespace {

using Calls = std::vector<std::string>;

const sync::Workspace kWorkspace{"http://127.0.0.1:1", "key", "secret"};

class Hooked : public LiveServer {
   public:
    Hooked() {
        services().read_webhook_token = [](std::string_view token) {
            return sync::read_webhook_token(kWorkspace, token, TimePoint(std::chrono::hours(1)));
        };
    }
    Reply call(const std::string& event, const HeaderList& headers, const std::string& body = {}) {
        return ask({.method = "POST",
                    .target = "/api/webhooks/on-" + event,
                    .body = body,
                    .headers = headers});
    }
};

std::string token_of(const std::string& customer, const std::string& secret = kWorkspace.secret) {
    return sign_token({.issuer = kWorkspace.key, .subject = customer}, secret);
}

TEST_CASE("webhooks: each kind is a hint for the customer that the token names") {
    Hooked live;
    for (const std::string event : {"create", "update", "delete"}) {
        const Reply reply = live.call(event,
                                      {{"X-Membrane-Token", token_of("ada")}},
                                      R"({"externalRecordId":"101","instanceKey":"x"})");
        CHECK(reply.status == 200);
        CHECK(reply.body == R"({"message":"ok"})");
    }
    CHECK(live.call("update", {{"X-Integration-App-Token", token_of("ben")}}).status == 200);
    // Twice is as good as once, and what the body says counts for nothing.
    CHECK(live.call("update", {{"X-Membrane-Token", token_of("ben")}}, "[1,").status == 200);
    CHECK(live.sync().taken_calls() ==
          Calls{"hint ada", "hint ada", "hint ada", "hint ben", "hint ben"});
}

TEST_CASE("webhooks: without the workspace's token nothing is done") {
    Hooked live;
    CHECK(live.call("create", {}).status == 401);
    for (const std::string& token :
         {std::string("nonsense"),
          token_of("ada", "another secret"),
          token_of(""),
          token_of(std::string(200, 'a')),
          sign_token({.issuer = "other", .subject = "ada"}, kWorkspace.secret),
          sign_token({.issuer = kWorkspace.key, .id = "ada"}, kWorkspace.secret),
          sign_token({.issuer = kWorkspace.key, .subject = "ada", .expires = 60},
                     kWorkspace.secret)}) {
        CAPTURE(token);
        const Reply reply = live.call("create", {{"X-Membrane-Token", token}});
        CHECK(reply.status == 401);
        CHECK(live.logged().find(token) == std::string::npos);
    }
    CHECK(live.ask({.target = "/api/webhooks/on-create"}).status == 405);
    CHECK(live.call("merge", {{"X-Membrane-Token", token_of("ada")}}).status == 404);
    CHECK(live.sync().taken_calls().empty());
    live.services().read_webhook_token = {};
    CHECK(live.call("create", {{"X-Membrane-Token", token_of("ada")}}).status == 503);
}

}  // namespace
}  // namespace crm::test
