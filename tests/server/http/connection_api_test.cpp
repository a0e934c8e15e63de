// The connections of a customer over a socket, with a pretended workspace behind them.
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "tests/server/http/live_server.h"

namespace crm::test {
namespace {

bool has(const Reply& reply, const std::string& text) {
    return reply.body.find(text) != std::string::npos;
}

/// Per customer, what it is connected to.
void pretend_workspace(LiveServer& live, std::map<std::string, std::string>& states) {
    http::ConnectionDoor door;
    door.state = [&states](const CustomerId& customer, const std::string&) -> Result<std::string> {
        const auto found = states.find(customer.text);
        if (found != states.end()) return found->second;
        return Error{ErrorCode::Unavailable, "Integration.app does not answer"};
    };
    door.disconnect = [&states](const CustomerId& customer, const std::string&) -> Status {
        states[customer.text] = "not_connected";
        return {};
    };
    door.connect_url = [](const CustomerId& customer,
                          const std::string& system) -> Result<std::string> {
        return "https://ui.example/" + system + "?token=" + customer.text;
    };
    live.services().connections = door;
}

Reply post(const LiveServer& live, const std::string& target, const std::string& customer) {
    return live.ask({.method = "POST", .target = target, .headers = {{"x-auth-id", customer}}});
}

}  // namespace

TEST_CASE("connections: each system says how it is connected and what disconnecting means") {
    LiveServer live;
    std::map<std::string, std::string> states = {{"ada", "connected"}, {"bob", "reconnect"}};
    pretend_workspace(live, states);
    const auto list = [&](const std::string& customer) {
        return live.ask({.target = "/api/connections", .headers = {{"x-auth-id", customer}}});
    };
    const Reply ada = list("ada");
    CHECK(ada.status == 200);
    CHECK(has(ada, R"("system":"hubspot")"));
    CHECK(has(ada, R"("state":"connected")"));
    CHECK(has(ada, "Nothing is deleted"));
    CHECK(has(ada, "0 contacts stay linked to their records there"));
    CHECK(has(list("bob"), R"("state":"reconnect")"));
    const Reply eve = list("eve");
    CHECK(eve.status == 200);
    CHECK(has(eve, R"("state":"unknown","reason":"Integration.app does not answer")"));
}

TEST_CASE("connections: disconnecting is for the caller's own, and connecting gives an address") {
    LiveServer live;
    std::map<std::string, std::string> states = {{"ada", "connected"}, {"bob", "connected"}};
    pretend_workspace(live, states);
    const Reply gone = post(live, "/api/connections/hubspot/disconnect", "ada");
    CHECK(gone.status == 200);
    CHECK(has(gone, R"("state":"not_connected")"));
    CHECK(states ==
          std::map<std::string, std::string>{{"ada", "not_connected"}, {"bob", "connected"}});
    const Reply link = post(live, "/api/connections/hubspot/connect", "ada");
    CHECK(link.body == R"({"url":"https://ui.example/hubspot?token=ada"})");
    CHECK(post(live, "/api/connections/zoho/connect", "ada").status == 404);
    CHECK(post(live, "/api/connections/zoho/disconnect", "ada").status == 404);
}

TEST_CASE("connections: without a workspace there is nothing to connect with") {
    const LiveServer live;
    CHECK(live.ask({.target = "/api/connections"}).status == 503);
    CHECK(post(live, "/api/connections/hubspot/connect", "ada").status == 503);
    CHECK(post(live, "/api/connections/hubspot/disconnect", "ada").status == 503);
}

}  // namespace crm::test
