// Settings → Connections without a browser.
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

namespace {

void show(Screenshot& screen, const std::string& state, float width) {
    screen.width = width;
    fill(screen);
    screen.driver.act(RouteOpened{screen_route(Screen::Settings)});
    const api::SystemConnection hubspot{.system = "hubspot",
                                        .label = "HubSpot",
                                        .state = state,
                                        .disconnecting = "Nothing is deleted, here or there."};
    const api::SystemConnection pipedrive{.system = "pipedrive",
                                          .label = "Pipedrive",
                                          .state = "unknown",
                                          .reason = "The workspace did not answer"};
    screen.driver.act(
        ConnectionsLoaded{screen.driver.waiting<FetchConnections>(), {hubspot, pipedrive}});
    screen.settle();
}

TEST_CASE("screen: what disconnecting means is said before it is done") {
    for (const float width : {1440.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        show(screen, "connected", width);
        screen.check_names();
        CHECK(screen.shows("The workspace did not answer"));
        CHECK(screen.count("button", "Connect Pipedrive") == 1);
        CHECK(screen.count("button", "Connect HubSpot") == 0);
        screen.click("button", "Disconnect HubSpot…");
        screen.settle();
        CHECK(screen.count("dialog", "Disconnect HubSpot?") == 1);
        CHECK(screen.shows("Nothing is deleted, here or there."));
        screen.check_names();
        screen.click("button", "Disconnect");
        CHECK(screen.driver.waiting<DisconnectSystem>() != 0);
    }
}

TEST_CASE("screen: connecting leads to the system's own page") {
    Screenshot screen;
    show(screen, "reconnect", 1440);
    screen.click("button", "Reconnect HubSpot");
    screen.driver.act(
        ConnectPageFound{screen.driver.waiting<ConnectSystem>(), "https://crm.example/in"});
    screen.settle();
    CHECK(screen.count("dialog", "Connect HubSpot") == 1);
    CHECK(screen.count("link", "Open the page of HubSpot") == 1);
    screen.check_names();
    CHECK(screen.press("Escape"));
    screen.settle();
    CHECK(screen.count("dialog", "Connect HubSpot") == 0);
}

}  // namespace
