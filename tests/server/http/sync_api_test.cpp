// The sync API over a socket, with a pretended engine behind it.
#include <doctest/doctest.h>

#include "server/http/application.h"
#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::LiveServer;
using crm::test::Reply;

namespace {

api::RunState state_in(const Reply& reply) {
    const Result<api::Run> run = api::read_run_answer(reply.body);
    REQUIRE_MESSAGE(run.is_ok(), reply.body);
    return run.value().state;
}

using Calls = std::vector<std::string>;

}  // namespace

TEST_CASE("Sync now starts a run of the caller and does not wait") {
    LiveServer live;
    const Reply reply =
        live.ask({.method = "POST", .target = "/api/sync", .headers = {{"x-auth-id", "ada"}}});
    CHECK(reply.status == 202);
    CHECK(state_in(reply) == api::RunState::Queued);
    CHECK(live.sync().taken_calls() == Calls{"run ada"});
    CHECK(live.ask({.method = "POST", .target = "/api/sync?wait=false"}).status == 202);
    CHECK(live.ask({.method = "POST", .target = "/api/sync", .body = "{}"}).status == 202);
}

TEST_CASE("with wait the answer comes when the run is over") {
    LiveServer live;
    live.sync().waits_until_done = 3;
    const Reply reply = live.ask({.method = "POST", .target = "/api/sync?wait=true"});
    CHECK(reply.status == 200);
    CHECK(state_in(reply) == api::RunState::Done);
    CHECK(live.sync().waits_until_done < 0);
}

TEST_CASE("Sync now can be for one system, for one contact, or only for show") {
    LiveServer live;
    const auto post = [&](const std::string& query) {
        return live.ask({.method = "POST", .target = "/api/sync?" + query}).status;
    };
    CHECK(post("preview=true&wait=false") == 202);
    CHECK(post("system=hubspot") == 202);
    CHECK(post("contact=c%201&preview=false") == 202);
    CHECK(post("preview=true&system=hubspot&contact=c1") == 202);
    CHECK(live.sync().taken_calls() == Calls{"run dev preview",
                                             "run dev system=hubspot",
                                             "run dev contact=c 1",
                                             "run dev preview system=hubspot contact=c1"});
}

TEST_CASE("systems are paused and resumed, one or all, and the answer is how sync stands") {
    LiveServer live;
    const auto state_after = [&](const std::string& target) {
        const Reply reply = live.ask({.method = "POST", .target = target});
        REQUIRE(reply.status == 200);
        return api::read_sync_status(reply.body).value().systems.at(0).state;
    };
    CHECK(state_after("/api/sync/pause?system=hubspot") == "paused");
    CHECK(state_after("/api/sync/resume?system=hubspot") == "connected");
    CHECK(state_after("/api/sync/pause") == "paused");
    CHECK(live.sync().taken_calls() ==
          Calls{"pause dev hubspot", "resume dev hubspot", "pause dev "});
    CHECK(live.ask({.target = "/api/sync/pause"}).status == 405);
}

TEST_CASE("an engine that is stopping says so") {
    LiveServer live;
    live.sync().is_down = true;
    const Reply reply = live.ask({.method = "POST", .target = "/api/sync"});
    CHECK(reply.status == 503);
    CHECK_FALSE(reply.header("retry-after").empty());
}

TEST_CASE("status and runs are shown, and held runs answered") {
    LiveServer live;
    const Reply status = live.ask({.target = "/api/sync"});
    REQUIRE(status.status == 200);
    CHECK(api::read_sync_status(status.body).value().systems.at(0).key == "hubspot");
    const Reply runs = live.ask({.target = "/api/sync/runs"});
    REQUIRE(runs.status == 200);
    CHECK(api::read_runs(runs.body).value().size() == 1);

    CHECK(state_in(live.ask({.target = "/api/sync/runs/r1"})) == api::RunState::Done);
    for (const std::string action : {"approve", "discard", "cancel"}) {
        CAPTURE(action);
        const Reply reply = live.ask({.method = "POST", .target = "/api/sync/runs/r1/" + action});
        CHECK(reply.status == 200);
        CHECK(live.ask({.method = "POST", .target = "/api/sync/runs/r2/" + action}).status == 404);
        CHECK(live.ask({.target = "/api/sync/runs/r1/" + action}).status == 405);
    }
    CHECK(live.sync().taken_calls() == Calls{"find dev r1",
                                             "approve dev r1",
                                             "approve dev r2",
                                             "discard dev r1",
                                             "discard dev r2",
                                             "cancel dev r1",
                                             "cancel dev r2"});
    CHECK(live.ask({.method = "POST", .target = "/api/sync/runs/r1/explode"}).status == 404);
}
