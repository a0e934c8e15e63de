// What an app hears of changes over there, over real sockets.
#include "server/sandbox/webhooks.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include <doctest/doctest.h>

#include "server/jwt.h"
#include "tests/server/sandbox/sandbox_world.h"
#include "tests/support/wire_server.h"

namespace crm::sandbox::test {
namespace {

using crm::test::WireEnd;
using crm::test::WireRequest;
using crm::test::WireServer;

/// The sandbox of `ann` tells this app; calls come without delay.
struct Told {
    explicit Told(std::string_view more = "") {
        const std::string body =
            R"({"url":")" + app.url() + R"(/api/webhooks","delayMs":0)" + std::string(more) + "}";
        REQUIRE(world.rest("POST", "/sandbox/webhooks", body).status == 200);
    }

    /// The calls, once there are so many.
    [[nodiscard]] std::vector<WireRequest> calls(std::size_t count) const {
        while (app.requests().size() < count) {
            REQUIRE(Moment::clock::now() < patience_);
            std::this_thread::yield();
        }
        return app.requests();
    }
    /// Newest first; once the newest one ended so.
    [[nodiscard]] std::vector<Json> log_until(std::string_view outcome) const {
        for (;;) {
            const Json log = world.rest("GET", "/sandbox/log?customer=ann").json;
            std::vector<Json> webhooks;
            for (const Json& call : *log.find("calls")->items()) {
                if (call.text_at("via") == "webhook") webhooks.push_back(call);
            }
            if (!webhooks.empty() && webhooks.front().text_at("outcome") == outcome) {
                return webhooks;
            }
            REQUIRE(Moment::clock::now() < patience_);
            std::this_thread::yield();
        }
    }

    World world;
    WireServer app;

   private:
    using Moment = std::chrono::steady_clock::time_point;
    Moment patience_ = Moment::clock::now() + std::chrono::seconds(30);
};

Json body_of(const WireRequest& request) {
    return Json::parse(request.body).value_or(Json());
}

TEST_CASE("webhooks: a create, an update and a delete are told with the workspace's token") {
    Told told;
    for (int i = 0; i < 3; ++i) told.app.reply({});
    const std::string id = told.world.create("hubspot", person("Grace Hopper"));
    const Json changed = Json::object({{"id", id}, {"jobTitle", "Admiral"}});
    REQUIRE(told.world.run("hubspot", "update-contact", changed).status == 200);
    const Json gone = Json::object({{"id", id}});
    REQUIRE(told.world.run("hubspot", "delete-contact", gone).status == 200);

    const std::vector<WireRequest> calls = told.calls(3);
    const char* const events[] = {"on-create", "on-update", "on-delete"};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(calls[i].method == "POST");
        CHECK(calls[i].target == std::string("/api/webhooks/") + events[i]);
        CHECK(body_of(calls[i]).text_at("externalRecordId") == id);
        CHECK(body_of(calls[i]).text_at("instanceKey") == "hubspot");
        const std::string token = calls[i].headers.at("x-membrane-token");
        CHECK(calls[i].headers.at("x-integration-app-token") == token);
        const std::int64_t now = told.world.clock().now().time_since_epoch().count() / 1000;
        const auto claims = verify_token(token, told.world.options().workspace_secret, now);
        REQUIRE(claims.is_ok());
        CHECK(claims.value().issuer == told.world.options().workspace_key);
        CHECK(claims.value().subject == "ann");
        CHECK(claims.value().id.empty());
    }
    CHECK(text_in(body_of(calls[1]), {"data", "fields", "jobTitle"}) == "Admiral");
    CHECK(body_of(calls[2]).find("data") == nullptr);
}

TEST_CASE("webhooks: the pages and the vendors' own surfaces tell as the actions do") {
    Told told;
    told.app.reply({});
    told.app.reply({});
    CHECK(told.world.post_form("/hubspot/app/contacts", "firstname=Ada&lastname=Lovelace").status ==
          303);
    const auto made =
        told.world.rest("POST", "/pipedrive/api/v2/persons", R"({"name":"Alan Turing"})");
    CHECK(made.status == 201);
    const std::vector<WireRequest> calls = told.calls(2);
    CHECK(calls[0].target == "/api/webhooks/on-create");
    CHECK(calls[1].target == "/api/webhooks/on-create");
    CHECK(body_of(calls[1]).text_at("instanceKey") == "pipedrive");
}

TEST_CASE("webhooks: of a merge the one that went counts as deleted") {
    Told told;
    for (int i = 0; i < 4; ++i) told.app.reply({});
    const std::string kept = told.world.create("pipedrive", person("Kept One"), "dev");
    const std::string lost = told.world.create("pipedrive", person("Lost One"), "dev");
    const std::string path = "/pipedrive/v1/persons/" + lost + "/merge";
    REQUIRE(told.world.rest("PUT", path, R"({"merge_with_id":)" + kept + "}").status == 200);
    std::map<std::string, std::string> events;
    for (const WireRequest& call : told.calls(4)) {
        events[body_of(call).text_at("externalRecordId")] = call.target.substr(14);
    }
    CHECK(events[lost] == "on-delete");
    CHECK(events[kept] == "on-update");
}

TEST_CASE("webhooks: a refused one is tried again, and given up after three times") {
    Told told;
    told.app.reply({.end = WireEnd::NoAnswer});
    told.app.reply({.status = 503});
    told.app.reply({.status = 503});
    const std::string id = told.world.create("hubspot", person("Grace Hopper"));
    const std::vector<Json> log = told.log_until("gave_up");
    REQUIRE(log.size() == 4);
    CHECK(log[0].find("status")->integer() == 503);
    CHECK(log[1].text_at("outcome") == "refused");
    CHECK(log[2].text_at("outcome") == "refused");
    CHECK(log[3].text_at("outcome") == "unreachable");
    for (const Json& call : log) CHECK(call.text_at("recordId") == id);
    CHECK(told.app.requests().size() == 3);
}

TEST_CASE("webhooks: they may come twice, or never, and that is written down") {
    Told twice(R"(,"twicePercent":100)");
    twice.app.reply({});
    twice.app.reply({});
    const std::string id = twice.world.create("hubspot", person("Grace Hopper"));
    const std::vector<WireRequest> calls = twice.calls(2);
    CHECK(calls[0].body == calls[1].body);

    Told lost(R"(,"lostPercent":100)");
    const std::string unheard = lost.world.create("hubspot", person("Grace Hopper"));
    CHECK(lost.log_until("lost").front().text_at("recordId") == unheard);
    CHECK(lost.app.requests().empty());
}

TEST_CASE("webhooks: one that waits longer is overtaken") {
    Told told(R"(,"swappedPercent":50)");
    constexpr std::size_t kMany = 12;
    std::vector<std::string> made;
    for (std::size_t i = 0; i < kMany; ++i) {
        told.app.reply({});
        made.push_back(told.world.create("hubspot", person("P" + std::to_string(i))));
    }
    std::vector<std::string> heard;
    for (const WireRequest& call : told.calls(kMany)) {
        heard.push_back(body_of(call).text_at("externalRecordId"));
    }
    CHECK(heard != made);
    std::sort(heard.begin(), heard.end());
    std::sort(made.begin(), made.end());
    CHECK(heard == made);
}

TEST_CASE("webhooks: a broken connection tells nothing, and neither does a workspace by itself") {
    Told told;
    const std::string broken = R"({"system":"hubspot","state":"disconnected","customer":"ann"})";
    REQUIRE(told.world.rest("POST", "/sandbox/connections", broken).status == 200);
    told.app.reply({});
    // A page of the dev customer is not ann's connection; it is told, and nothing before it.
    CHECK(told.world.post_form("/pipedrive/app/contacts", "name=Alan+Turing").status == 303);
    CHECK(body_of(told.calls(1).front()).text_at("instanceKey") == "pipedrive");

    const World quiet;
    const Json rules = quiet.rest("GET", "/sandbox/webhooks").json;
    CHECK(rules.text_at("url").empty());
}

TEST_CASE("webhooks: an order that makes no sense is refused with a sentence") {
    const World world;
    for (const char* body : {R"({"url":"http://example.org/hooks"})",
                             R"({"url":"https://127.0.0.1:1"})",
                             R"({"url":7})",
                             R"({"url":"","delayMs":-1})",
                             R"({"url":"","lostPercent":101})",
                             R"({"adress":"http://127.0.0.1:1"})",
                             "[]",
                             ""}) {
        CAPTURE(body);
        const Reply reply = world.rest("POST", "/sandbox/webhooks", body);
        CHECK(reply.status == 400);
        CHECK_FALSE(reply.json.text_at("message").empty());
    }
    CHECK(world.send({.path = "/sandbox/webhooks"}).status == 401);
}

}  // namespace
}  // namespace crm::sandbox::test
