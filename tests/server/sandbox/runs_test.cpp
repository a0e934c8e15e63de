#include "server/sandbox/runs.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

std::size_t count_named(const World& world, std::string_view name) {
    const Reply reply = world.run(
        "pipedrive", "list-contacts", Json::object({{"filter", Json::object({{"name", name}})}}));
    REQUIRE(reply.status == 200);
    return reply.json.find("output")->find("records")->items()->size();
}

std::int64_t written(const World& world, std::string_view system) {
    const Json log = world.rest("GET", "/sandbox/log?customer=ann").json;
    return log.find("writes")->find(system)->integer().value_or(-1);
}

}  // namespace

TEST_CASE("runs: a lost answer took effect, a lost request did not") {
    const World world;
    order(world, R"({"system":"pipedrive","operation":"create","fault":"lose_answer"})");
    CHECK(world.run("pipedrive", "create-contact", person("Lost Answer")).status == 0);
    CHECK(count_named(world, "Lost Answer") == 1);
    order(world, R"({"system":"pipedrive","operation":"create","fault":"lose_request"})");
    CHECK(world.run("pipedrive", "create-contact", person("Lost Request")).status == 0);
    CHECK(count_named(world, "Lost Request") == 0);
    CHECK(written(world, "pipedrive") == 1);
}

TEST_CASE("runs: a gateway's error page is HTML, and nothing happened") {
    const World world;
    order(world, R"({"operation":"create","fault":"error_502","count":2})");
    for (const char* name : {"First", "Second"}) {
        const Reply reply = world.run("pipedrive", "create-contact", person(name));
        CHECK(reply.status == 502);
        CHECK(reply.headers.at("content-type").starts_with("text/html"));
        CHECK(count_named(world, name) == 0);
    }
    CHECK(world.run("pipedrive", "create-contact", person("Third")).status == 200);
}

TEST_CASE("runs: a rate limit is the CRM's own, wrapped") {
    const World world;
    order(world, R"({"operation":"list","fault":"rate_limit","count":2})");
    const Reply hubspot = world.run("hubspot", "list-contacts", Json::object());
    CHECK(hubspot.status == 429);
    CHECK(hubspot.json.text_at("key") == "rate_limit_exceeded");
    CHECK(crm_status(hubspot) == 429);
    CHECK(crm_body(hubspot).text_at("policyName") == "TEN_SECONDLY_ROLLING");
    CHECK(crm_status(world.run("pipedrive", "list-contacts", Json::object())) == 429);
    CHECK(world.run("hubspot", "list-contacts", Json::object()).status == 200);
}

TEST_CASE("runs: a lock and a firewall answer in place of the CRM") {
    const World world;
    order(world, R"({"operation":"create","fault":"locked"})");
    CHECK(crm_status(world.run("hubspot", "create-contact", person("Nobody Else"))) == 423);
    order(world, R"({"operation":"create","fault":"blocked"})");
    const Reply blocked = world.run("pipedrive", "create-contact", person("Nobody Else"));
    CHECK(crm_status(blocked) == 403);
    REQUIRE(crm_body(blocked).text() != nullptr);
    CHECK(crm_body(blocked).text()->starts_with("<!DOCTYPE html>"));
    CHECK(count_named(world, "Nobody Else") == 0);
}

TEST_CASE("runs: while a system is read-only, reading goes on") {
    const World world;
    order(world, R"({"system":"hubspot","fault":"read_only","count":-1})");
    const Json input = Json::object({{"email", "a@new.example"}});
    CHECK(crm_status(world.run("hubspot", "create-contact", input)) == 403);
    CHECK(world.run("hubspot", "list-contacts", Json::object()).status == 200);
    CHECK(world.run("pipedrive", "create-contact", person("Ann")).status == 200);
    CHECK(world.rest("DELETE", "/sandbox/faults").status == 200);
    CHECK(world.run("hubspot", "create-contact", input).status == 200);
}

TEST_CASE("runs: a delayed call comes late but whole, and the settings own up to it") {
    const World world;
    order(world, R"({"operation":"create","fault":"delay","delayMs":150})");
    const auto before = std::chrono::steady_clock::now();
    CHECK(world.run("pipedrive", "create-contact", person("Late")).status == 200);
    CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(150));
    const Json settings = world.send({.path = "/sandbox/settings"}).json;
    CHECK(settings.find("settleSeconds")->number() == 0.0);
    CHECK(settings.find("lateSeconds")->number() == doctest::Approx(1.15));
}

TEST_CASE("runs: stopping the sandbox ends a delayed call without an effect") {
    World world;
    order(world, R"({"operation":"create","fault":"delay","delayMs":60000})");
    const auto before = std::chrono::steady_clock::now();
    std::atomic<int> status{-1};
    std::thread caller(
        [&] { status = world.run("pipedrive", "create-contact", person("Never")).status; });
    while (!world.rest("GET", "/sandbox/faults").json.find("faults")->items()->empty()) {
        std::this_thread::yield();
    }
    world.stop();
    caller.join();
    CHECK(status == 0);
    world.restart();
    CHECK(count_named(world, "Never") == 0);
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(30));
}

TEST_CASE("runs: a broken connection says so until it is connected again") {
    const World world;
    const auto set = [&](const char* state) {
        return world
            .rest("POST",
                  "/sandbox/connections",
                  std::string(R"({"system":"hubspot","customer":"ann","state":")") + state + "\"}")
            .status;
    };
    CHECK(set("disconnected") == 200);
    const Reply reply = world.run("hubspot", "list-contacts", Json::object());
    CHECK(reply.json.text_at("type") == "connection");
    CHECK(reply.json.text_at("key") == "connection_is_defunct");
    const Reply shown = world.call({.path = "/connections/hubspot"});
    CHECK(shown.json.find("disconnected")->boolean() == true);
    CHECK(set("connected") == 200);
    CHECK(world.run("hubspot", "list-contacts", Json::object()).status == 200);
    CHECK(set("confused") == 400);
}

TEST_CASE("runs: the log tells what was done, and that reading is no write") {
    const World world;
    CHECK(world.list_all("pipedrive").size() == 160);
    CHECK(written(world, "pipedrive") == 0);
    const std::string id = world.create("pipedrive", person("Ann"));
    const Json same = Json::object({{"id", id}, {"name", "Ann"}});
    CHECK(world.run("pipedrive", "update-contact", same).status == 200);
    const Json log = world.rest("GET", "/sandbox/log?customer=ann").json;
    const Json& newest = log.find("calls")->items()->front();
    CHECK(newest.text_at("action") == "update-contact");
    CHECK(newest.text_at("recordId") == id);
    CHECK(newest.find("applied")->boolean() == false);  // nothing was different
    CHECK(log.find("counters")->find("pipedrive")->find("list-contacts")->integer() == 2);
    CHECK(log.find("writes")->find("pipedrive")->integer() == 1);
}

TEST_CASE("runs: the switches ask for the workspace key, the settings do not") {
    const World world;
    for (const char* path : {"/sandbox/log", "/sandbox/faults"}) {
        CHECK(world.send({.path = path}).status == 401);
        CHECK(world.call({.path = path}).status == 401);  // a customer's token is no workspace key
        CHECK(world.send({.path = std::string(path) + "?api_token=sandbox"}).status == 200);
        CHECK(world.send({.path = path, .headers = {{"x-api-token", "sandbox"}}}).status == 200);
    }
    CHECK(world.send({.path = "/sandbox/settings"}).status == 200);
    CHECK(world.rest("POST", "/sandbox/faults", "[]").status == 400);
    CHECK(world.rest("GET", "/sandbox/log?limit=x").status == 400);
    CHECK(world.rest("GET", "/sandbox/log?system=zoho").status == 400);
    CHECK(world.rest("GET", "/sandbox/log?system=hubspot").status == 200);
    CHECK(world.rest("GET", "/sandbox/nothing").status == 404);
}

}  // namespace crm::sandbox::test
