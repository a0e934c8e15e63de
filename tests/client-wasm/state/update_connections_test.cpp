#include <doctest/doctest.h>

#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

api::SystemConnection hubspot(const std::string& state) {
    return {.system = "hubspot",
            .label = "HubSpot",
            .state = state,
            .disconnecting = "Nothing is deleted."};
}

Driver in_settings(const std::string& state) {
    Driver driver;
    driver.act(Started{"#/settings", ThemeChoice::System});
    driver.act(ConnectionsLoaded{driver.waiting<FetchConnections>(), {hubspot(state)}});
    return driver;
}

}  // namespace

TEST_CASE("connections: disconnecting is asked about first, and told as what it is") {
    Driver driver = in_settings("connected");
    driver.act(DisconnectClicked{"hubspot"});
    CHECK(driver.sent<DisconnectSystem>().empty());
    REQUIRE(std::holds_alternative<DisconnectDialog>(driver.state.dialog));
    driver.act(DialogClosed{});
    CHECK(driver.waiting<DisconnectSystem>() == 0);
    driver.act(DisconnectClicked{"hubspot"});
    driver.act(DialogConfirmed{});
    REQUIRE(driver.sent<DisconnectSystem>().size() == 1);
    driver.act(ConnectionAnswered{driver.waiting<DisconnectSystem>(), hubspot("not_connected")});
    CHECK(driver.state.connections->front().state == "not_connected");
    CHECK(driver.said("HubSpot is disconnected. Nothing was deleted"));
    CHECK(driver.sent<FetchSync>().size() == 1);
}

TEST_CASE("connections: the question about connecting goes away when it is done") {
    Driver driver = in_settings("reconnect");
    driver.act(ConnectClicked{"hubspot"});
    REQUIRE(driver.sent<ConnectSystem>().size() == 1);
    driver.act(ConnectClicked{"hubspot"});
    CHECK(driver.sent<ConnectSystem>().empty());
    driver.act(ConnectPageFound{driver.waiting<ConnectSystem>(), "https://crm.example/in"});
    REQUIRE(std::holds_alternative<ConnectDialog>(driver.state.dialog));
    driver.fire(TimerKind::ConnectionPoll);
    REQUIRE(driver.sent<FetchConnections>().size() == 1);
    driver.act(ConnectionsLoaded{driver.waiting<FetchConnections>(), {hubspot("reconnect")}});
    CHECK(std::holds_alternative<ConnectDialog>(driver.state.dialog));
    driver.fire(TimerKind::ConnectionPoll);
    RequestFailed lost{driver.waiting<FetchConnections>(), Failure::NoConnection, {}};
    driver.act(lost);
    CHECK(driver.state.notices.empty());  // it is simply asked again
    driver.fire(TimerKind::ConnectionPoll);
    driver.act(ConnectionsLoaded{driver.waiting<FetchConnections>(), {hubspot("connected")}});
    CHECK(std::holds_alternative<std::monostate>(driver.state.dialog));
    CHECK(driver.said("HubSpot is connected"));
}

TEST_CASE("connections: closing the question ends the asking") {
    Driver driver = in_settings("not_connected");
    driver.act(ConnectClicked{"hubspot"});
    driver.act(ConnectPageFound{driver.waiting<ConnectSystem>(), "https://crm.example/in"});
    driver.act(DialogClosed{});
    driver.fire(TimerKind::ConnectionPoll);
    CHECK(driver.sent<FetchConnections>().empty());
}

TEST_CASE("connections: that they cannot be read is told with a way to try again") {
    Driver driver;
    driver.act(Started{"#/settings", ThemeChoice::System});
    RequestFailed failed{driver.waiting<FetchConnections>(), Failure::Refused, {}};
    failed.answer.error = {ErrorCode::Unavailable, "No workspace is connected"};
    driver.act(failed);
    REQUIRE(driver.state.notices.size() == 1);
    CHECK(driver.state.notices[0].retry.has_value());
}
