#include <doctest/doctest.h>

#include "shared/api_connections.h"

namespace crm::api {
namespace {

TEST_CASE("connections arrive as they were sent") {
    const SystemConnection hubspot{.system = "hubspot",
                                   .label = "HubSpot",
                                   .state = "unknown",
                                   .reason = "The workspace did not answer",
                                   .disconnecting = "Nothing is deleted."};
    const SystemConnection pipedrive{
        .system = "pipedrive", .label = "Pipedrive", .state = "connected"};
    const std::vector<SystemConnection> both{hubspot, pipedrive};
    CHECK(read_connections(write_connections(both)).value() == both);
    CHECK(read_connection_answer(write_connection_answer(hubspot)).value() == hubspot);
}

TEST_CASE("only a page's address is one to be sent to") {
    CHECK(read_connect_url(write_connect_url("https://crm.example/in?a=1")).value() ==
          "https://crm.example/in?a=1");
    for (const std::string url : {"", "javascript:alert(1)", "/in", "data:text/html,x"}) {
        CAPTURE(url);
        CHECK(read_connect_url(write_connect_url(url)).error().code == ErrorCode::BadRequest);
    }
    for (const std::string_view json : {"", "[]", "{}", R"({"connections":7,"connection":"x"})"}) {
        CAPTURE(json);
        CHECK_FALSE(read_connections(json).is_ok());
        CHECK_FALSE(read_connection_answer(json).is_ok());
        CHECK_FALSE(read_connect_url(json).is_ok());
    }
}

}  // namespace
}  // namespace crm::api
