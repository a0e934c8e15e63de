// Server-sent events over a socket: news arrives, a lost connection resumes, and what cannot be
// resumed resets.
#include <sys/resource.h>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::LiveServer;
using crm::test::RawConnection;
using crm::test::Reply;

namespace {

std::unique_ptr<RawConnection> listen(const LiveServer& live, test::HeaderList headers = {}) {
    auto connection = std::make_unique<RawConnection>(live.port());
    connection->send(
        test::format_request({.target = "/api/events", .headers = std::move(headers)}));
    const Reply head = connection->read_head();
    REQUIRE(head.status == 200);
    CHECK(head.header("content-type") == "text/event-stream");
    CHECK(head.header("cache-control") == "no-store");
    return connection;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a change by anybody reaches the listeners of that customer") {
    LiveServer live;
    const auto ada = listen(live, {{"x-auth-id", "ada"}});
    const auto dev = listen(live);
    CHECK(has(dev->read_until("\n\n"), "id: b00t-0"));
    CHECK(has(ada->read_until("\n\n"), "retry: "));
    live.create("Grace", "grace@example.com");
    const std::string event = dev->read_until("\n\n");
    CHECK(has(event, "id: b00t-1\nevent: contact\ndata: {\"contact\":{"));
    CHECK(has(event, "grace@example.com"));
    live.hub().publish(CustomerId("ada"), "run", R"({"run":{}})");
    CHECK(has(ada->read_until("\n\n"), "event: run"));
}

TEST_CASE("a listener that lost the connection gets what it missed") {
    LiveServer live;
    live.create("One", "one@example.com");
    live.create("Two", "two@example.com");
    live.create("Three", "three@example.com");
    const auto back = listen(live, {{"Last-Event-ID", "b00t-1"}});
    CHECK(has(back->read_until("\n\n"), "id: b00t-1\n"));
    CHECK(has(back->read_until("\n\n"), "two@example.com"));
    CHECK(has(back->read_until("\n\n"), "three@example.com"));
}

TEST_CASE("an id of another life of the server resets") {
    LiveServer live;
    live.create("One", "one@example.com");
    const auto back = listen(live, {{"Last-Event-ID", "0ld-17"}});
    CHECK(has(back->read_until("data: {}"), "id: b00t-1\nevent: reset"));
}

TEST_CASE("HEAD opens no stream") {
    LiveServer live;
    const Reply head = live.ask({.method = "HEAD", .target = "/api/events"});
    CHECK(head.status == 200);
    CHECK(head.header("content-type") == "text/event-stream");
}

TEST_CASE("too many listeners are refused, and everything else goes on") {
    // Both ends are files of this process.
    rlimit files{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = files.rlim_max;
    REQUIRE(setrlimit(RLIMIT_NOFILE, &files) == 0);
    REQUIRE(files.rlim_cur > 2 * kEventStreamsMax + 100);
    LiveServer live;
    std::vector<std::unique_ptr<RawConnection>> listeners;
    for (std::size_t count = 0; count < kEventStreamsMax; ++count)
        listeners.push_back(listen(live));
    const Reply refused = live.ask({.target = "/api/events"});
    CHECK(refused.status == 503);
    CHECK(live.ask({.target = "/api/health"}).status == 200);
    live.create("Grace", "grace@example.com");
    for (const auto& listener : listeners) CHECK(has(listener->read_until("\n\n"), "b00t-0"));
    for (const auto& listener : listeners) CHECK(has(listener->read_until("\n\n"), "grace"));
}

TEST_CASE("a listener that does not read holds nobody up") {
    LiveServer live;
    const auto lazy = listen(live);
    const auto busy = listen(live);
    for (int event = 0; event < 300; ++event) {
        live.hub().publish(CustomerId("dev"), "contact", std::string(100'000, 'x'));
        live.hub().publish(CustomerId("dev"), "mark", std::to_string(event));
        REQUIRE(has(busy->read_until("data: " + std::to_string(event) + "\n\n"), "mark"));
    }
    CHECK(live.ask({.target = "/api/health"}).status == 200);
}
