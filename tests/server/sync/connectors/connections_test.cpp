#include "server/sync/connectors/connections.h"

#include <doctest/doctest.h>

#include "server/sync/connectors/integration_app_json.h"
#include "tests/support/fake_clock.h"

namespace crm::sync {

TEST_CASE("connections: people's pages stand beside the API") {
    CHECK(ui_url("https://api.integration.app") == "https://ui.integration.app");
    CHECK(ui_url("https://api.getmembrane.com") == "https://ui.getmembrane.com");
    CHECK(ui_url("https://workspace.example/api") == "https://workspace.example/api");
    CHECK(ui_url("http://127.0.0.1:4321") == "http://127.0.0.1:4321");
}

TEST_CASE("connections: the newer word counts before the older one, and none means connected") {
    CHECK(read_connected(R"({"id":"1","connected":true,"disconnected":true})") == true);
    CHECK(read_connected(R"({"id":"1","connected":false})") == false);
    CHECK(read_connected(R"({"id":"1","disconnected":true})") == false);
    CHECK(read_connected(R"({"id":"1","disconnected":false})") == true);
    CHECK(read_connected(R"({"id":"1"})") == true);
    CHECK_FALSE(read_connected(R"({"connected":true})").has_value());
    CHECK_FALSE(read_connected("<html>").has_value());
}

TEST_CASE("connections: a workspace that cannot be reached is an error, not a disconnection") {
    const Workspace workspace{"http://127.0.0.1:1", "key", "secret"};
    const std::vector<ConnectorSpec> systems = builtin_connectors();
    const crm::test::FakeClock clock;
    const Connections connections(workspace, systems, clock);
    const CustomerId customer("ada");
    CHECK(connections.state(customer, "hubspot").error().code == ErrorCode::Unavailable);
    CHECK(connections.archive(customer, "hubspot").error().code == ErrorCode::Unavailable);
    CHECK(connections.connect_url(customer, "hubspot").error().code == ErrorCode::Unavailable);
    CHECK(connections.state(customer, "zoho").error().code == ErrorCode::NotFound);
}

}  // namespace crm::sync
