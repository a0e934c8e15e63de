// Every fault, as a program meets it that talks to the workspace over its sockets.
#include "server/sandbox/strikes.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

std::set<std::string> ids(const World& world, std::string_view system) {
    std::set<std::string> found;
    for (const Json& record : world.list_all(system)) found.insert(record.text_at("id"));
    return found;
}

bool is_listed(const World& world, std::string_view system, const std::string& id) {
    return ids(world, system).contains(id);
}

Json newest_call(const World& world, std::string_view system) {
    const Json log =
        world.rest("GET", "/sandbox/log?customer=ann&system=" + std::string(system)).json;
    REQUIRE_FALSE(log.find("calls")->items()->empty());
    return log.find("calls")->items()->front();
}

}  // namespace

TEST_CASE("strikes: a stale listing shows everything as it was, a reading by id does not") {
    World world;
    for (const char* system : {"hubspot", "pipedrive"}) {
        CAPTURE(system);
        const std::size_t before = ids(world, system).size();
        world.clock().advance(std::chrono::seconds(100));
        const std::string id = world.create(system, person("Brand New"));
        order(world, R"({"operation":"list","fault":"stale","delayMs":5000,"count":-1})");
        CHECK(ids(world, system).size() == before);
        CHECK(newest_call(world, system).text_at("outcome") == "stale");
        CHECK(world.fields_of(system, id).text_at("fullName") == "Brand New");
        world.clock().advance(std::chrono::seconds(6));
        CHECK(is_listed(world, system, id));
        CHECK(world.run(system, "update-contact", Json::object({{"id", id}, {"name", "Other"}}))
                  .status == 200);
        const auto name = [&] {
            for (const Json& record : world.list_all(system)) {
                if (record.text_at("id") == id) return record.text_at("name");
            }
            return std::string("nobody");
        };
        CHECK(name() == "Brand New");
        world.clock().advance(std::chrono::seconds(6));
        CHECK(name() == "Other");
        CHECK(world.run(system, "delete-contact", Json::object({{"id", id}})).status == 200);
        CHECK(name() == "Other");
        world.clock().advance(std::chrono::seconds(6));
        CHECK(name() == "nobody");
        REQUIRE(world.rest("DELETE", "/sandbox/faults").status == 200);
    }
    CHECK(world.send({.path = "/sandbox/settings"}).json.find("settleSeconds")->number() == 5.0);
}

TEST_CASE("strikes: under lag, every change shows after a time of its own") {
    World world;
    (void)ids(world, "hubspot");
    world.clock().advance(std::chrono::seconds(100));
    std::set<std::string> created;
    for (int i = 0; i < 20; ++i) {
        created.insert(world.create("hubspot", person("New " + std::to_string(i))));
        world.clock().advance(std::chrono::milliseconds(1));
    }
    const auto shown = [&] {
        order(world, R"({"fault":"lag","delayMs":10000,"count":-1,"seed":5})");
        const std::set<std::string> listed = ids(world, "hubspot");
        std::size_t count = 0;
        for (const std::string& id : created) count += listed.contains(id) ? 1U : 0U;
        REQUIRE(world.rest("DELETE", "/sandbox/faults").status == 200);
        return count;
    };
    world.clock().advance(std::chrono::seconds(5));
    const std::size_t half_way = shown();
    CHECK(half_way > 0);
    CHECK(half_way < 20);
    CHECK(shown() == half_way);
    world.clock().advance(std::chrono::seconds(6));
    CHECK(shown() == 20);
}

TEST_CASE("strikes: a page may begin too late or too early, and a listing may end too soon") {
    const World world;
    const std::set<std::string> all = ids(world, "pipedrive");
    REQUIRE(all.size() == 160);
    order(world, R"({"system":"pipedrive","fault":"skip_record"})");
    CHECK(world.list_all("pipedrive").size() == 159);
    order(world, R"({"system":"pipedrive","fault":"repeat_record"})");
    const std::vector<Json> repeated = world.list_all("pipedrive");
    CHECK(repeated.size() == 161);
    CHECK(repeated.at(99).text_at("id") == repeated.at(100).text_at("id"));
    order(world, R"({"system":"hubspot","fault":"short_list"})");
    CHECK(world.list_all("hubspot").size() == 50);
    CHECK(newest_call(world, "hubspot").text_at("outcome") == "short_list");
    CHECK(ids(world, "pipedrive") == all);
}

TEST_CASE("strikes: a page may be empty and not the last, or name itself as the next one") {
    const World world;
    for (const char* system : {"hubspot", "pipedrive"}) {
        CAPTURE(system);
        const std::string target = std::string(R"({"system":")") + system + R"(","fault":)";
        const std::set<std::string> all = ids(world, system);
        order(world, target + R"("empty_page"})");
        const Reply empty = world.run(system, "list-contacts", Json::object());
        REQUIRE(empty.status == 200);
        CHECK(empty.json.find("output")->find("records")->items()->empty());
        CHECK_FALSE(text_in(empty.json, {"output", "cursor"}).empty());
        order(world, target + R"("empty_page","skip":1})");
        CHECK(ids(world, system) == all);  // a walk that goes on after it misses nobody

        order(world, target + R"("repeat_cursor"})");
        const Reply first = world.run(system, "list-contacts", Json::object());
        const std::string next = text_in(first.json, {"output", "cursor"});
        const Json input = Json::object({{"cursor", next}});
        const Reply circle = world.run(system, "list-contacts", input);
        CHECK(text_in(circle.json, {"output", "cursor"}) == next);
        CHECK(text_in(world.run(system, "list-contacts", input).json, {"output", "cursor"}) !=
              next);
    }
}

TEST_CASE("strikes: a gateway says to slow down in plain text") {
    const World world;
    order(world, R"({"fault":"plain_limit"})");
    const Reply reply = world.run("hubspot", "list-contacts", Json::object());
    CHECK(reply.status == 429);
    CHECK(reply.json.is_null());
    CHECK(newest_call(world, "hubspot").text_at("outcome") == "plain_limit");
}

TEST_CASE("strikes: a late write answers nothing, and takes effect afterwards") {
    const World world;
    order(world, R"({"operation":"create","fault":"late_write","delayMs":300})");
    CHECK(world.run("pipedrive", "create-contact", person("Comes Late")).status == 0);
    while (newest_call(world, "pipedrive").text_at("outcome") != "applied_late") {
        std::this_thread::yield();
    }
    const std::string id = newest_call(world, "pipedrive").text_at("recordId");
    const Json log = world.rest("GET", "/sandbox/log?customer=ann&system=pipedrive").json;
    REQUIRE(log.find("calls")->items()->size() == 2);
    CHECK(log.find("calls")->items()->back().text_at("outcome") == "late_write");
    CHECK(log.find("calls")->items()->back().find("applied")->boolean() == false);
    CHECK(world.fields_of("pipedrive", id).text_at("fullName") == "Comes Late");
    CHECK(world.send({.path = "/sandbox/settings"}).json.find("lateSeconds")->number() ==
          doctest::Approx(1.3));
}

TEST_CASE("strikes: half of an answer is no JSON, and the write took effect") {
    const World world;
    order(world, R"({"operation":"create","fault":"cut_answer"})");
    const Reply reply = world.run("pipedrive", "create-contact", person("Cut"));
    CHECK(reply.status == 200);
    CHECK_FALSE(reply.body.empty());
    CHECK(reply.json.is_null());
    CHECK(newest_call(world, "pipedrive").find("applied")->boolean() == true);
}

TEST_CASE("strikes: each limit is said in the CRM's own words") {
    const World world;
    const auto limited = [&](const char* system, const char* limit) {
        order(world,
              std::string(R"({"operation":"list","fault":"rate_limit","limit":")") + limit + "\"}");
        const Reply reply = world.run(system, "list-contacts", Json::object());
        CHECK(reply.status == 429);
        CHECK(crm_status(reply) == 429);
        return reply;
    };
    CHECK(crm_body(limited("hubspot", "ten_secondly")).text_at("policyName") ==
          "TEN_SECONDLY_ROLLING");
    CHECK(crm_body(limited("hubspot", "daily")).text_at("policyName") == "DAILY");
    const Json search = crm_body(limited("hubspot", "search"));
    CHECK(search.text_at("policyName") == "SECONDLY");
    CHECK(search.text_at("groupName").starts_with("publicapi:crm:search"));
    const auto remaining = [&](const char* limit, const char* header) {
        const Reply reply = limited("pipedrive", limit);
        return text_in(reply.json, {"data", "response", "headers", header});
    };
    CHECK(remaining("burst", "x-ratelimit-remaining") == "0");
    CHECK(remaining("budget", "x-ratelimit-remaining") == "79");
    CHECK(remaining("budget", "x-daily-ratelimit-token-remaining") == "0");
}

TEST_CASE("strikes: an access that expires in the middle of a listing") {
    const World world;
    order(world, R"({"system":"hubspot","operation":"list","fault":"token_expired","skip":1})");
    const Reply first = world.run("hubspot", "list-contacts", Json::object());
    REQUIRE(first.status == 200);
    const Json next = Json::object({{"cursor", text_in(first.json, {"output", "cursor"})}});
    const Reply second = world.run("hubspot", "list-contacts", next);
    CHECK(second.status == 401);
    CHECK(second.json.text_at("key") == "not_authenticated");
    CHECK(world.run("hubspot", "list-contacts", next).status == 200);
    order(world, R"({"system":"hubspot","fault":"access_expired"})");
    const Reply expired = world.run("hubspot", "list-contacts", Json::object());
    CHECK(expired.json.text_at("type") == "connection");
    CHECK(expired.json.text_at("key") == "access_token_expired");
}

TEST_CASE("strikes: records are merged and bumped by nobody's call") {
    World world;
    const std::set<std::string> before = ids(world, "pipedrive");
    order(world, R"({"system":"pipedrive","fault":"merge","seed":3})");
    CHECK(ids(world, "pipedrive").size() == before.size() - 1);
    const auto times = [&] {
        std::multiset<std::string> found;
        for (const Json& record : world.list_all("hubspot")) {
            found.insert(record.text_at("updatedTime"));
        }
        return found;
    };
    const auto names = [&] {
        std::multiset<std::string> found;
        for (const Json& record : world.list_all("hubspot")) {
            found.insert(record.find("fields")->dump().substr(0, 60));
        }
        return found;
    };
    const auto old_times = times();
    const auto old_names = names();
    world.clock().advance(std::chrono::hours(8));
    order(world, R"({"system":"hubspot","fault":"phantom_bump"})");
    CHECK(times() != old_times);
    CHECK(names() == old_names);
    const Json log = world.rest("GET", "/sandbox/log?system=pipedrive").json;
    bool has_event = false;
    for (const Json& call : *log.find("calls")->items()) {
        has_event = has_event || call.text_at("via") == "event";
    }
    CHECK(has_event);
    CHECK(log.find("writes")->find("pipedrive")->integer() == 0);
}

TEST_CASE("strikes: faults can be on from the start, and a wrong one stops the start") {
    const World world;
    SandboxOptions options{.database = world.folder() / "other.db"};
    options.faults = R"([{"fault":"stale","delayMs":2000,"count":-1},{"fault":"locked"}])";
    const crm::test::FakeClock clock;
    CHECK(Sandbox::start(options, clock).is_ok());
    const std::filesystem::path file = world.folder() / "faults.json";
    std::ofstream(file) << options.faults;
    options.faults = file.string();
    CHECK(Sandbox::start(options, clock).is_ok());
    for (const char* wrong : {"{", R"({"fault":"explode"})", "[]", "no/such/file.json"}) {
        options.faults = wrong;
        const auto started = Sandbox::start(options, clock);
        REQUIRE_FALSE(started.is_ok());
        CHECK(started.error().code == ErrorCode::InvalidArgument);
    }
}

}  // namespace crm::sandbox::test
