// A connector of the built-in HubSpot that talks to a scripted server, with everything a test looks
// at.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/limits.h"
#include "server/sync/connectors/integration_app.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire_server.h"

namespace crm::sync {

inline const std::string kDeskSecret = "the workspace secret";

struct ConnectorDesk {
    explicit ConnectorDesk(ConnectorSpec given = builtin_connectors().front())
        : spec(std::move(given)), connector(connect(server.url())) {}

    [[nodiscard]] std::unique_ptr<Connector> connect(
        const std::string& url, std::chrono::milliseconds call_timeout = kActionTimeout) {
        return make_integration_app_connector(
            spec,
            {.api_url = url, .key = "wskey", .secret = kDeskSecret},
            CustomerId("dev"),
            {.clock = clock,
             .random = random,
             .pause = [this](std::chrono::milliseconds pause) { pauses.push_back(pause); },
             .call_timeout = call_timeout,
             .memory = memory});
    }

    void reply(int status, std::string body) {
        server.reply({.status = status, .body = std::move(body)});
    }

    [[nodiscard]] std::chrono::milliseconds waited() const {
        std::chrono::milliseconds sum{0};
        for (const std::chrono::milliseconds pause : pauses) sum += pause;
        return sum;
    }

    test::FakeClock clock;
    test::SeededRandom random;
    test::WireServer server;
    std::vector<std::chrono::milliseconds> pauses;
    ConnectorSpec spec;
    std::shared_ptr<ConnectorMemory> memory;  // null: each connector has its own
    std::unique_ptr<Connector> connector;
};

}  // namespace crm::sync
