#include <atomic>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/sandbox/sandbox.h"
#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

bool is_alive(const World& world) {
    return world.send({.path = "/sandbox/settings"}).status == 200;
}

}  // namespace

TEST_CASE("sandbox server: records outlive a restart, faults and the log do not") {
    World world;
    const std::string kept = world.create("pipedrive", Json::object({{"name", "Kept"}}));
    const std::string gone = world.create("hubspot", Json::object({{"email", "gone@new.example"}}));
    CHECK(world.run("hubspot", "delete-contact", Json::object({{"id", gone}})).status == 200);
    const std::string connection = world.call({.path = "/connections/hubspot"}).json.text_at("id");
    CHECK(world.rest("POST", "/sandbox/faults", R"({"fault":"error_502"})").status == 200);
    world.restart();
    CHECK(world.fields_of("pipedrive", kept).text_at("fullName") == "Kept");
    CHECK(world.fields_of("hubspot", gone).is_null());
    CHECK(world.list_all("pipedrive").size() == 161);
    CHECK(world.list_all("hubspot").size() == 160);
    CHECK(world.call({.path = "/connections/hubspot"}).json.text_at("id") == connection);
}

TEST_CASE("sandbox server: a file or a port that cannot be had is said in a sentence") {
    World world;
    SandboxOptions taken = world.options();
    taken.database = world.folder() / "other.db";
    taken.port = world.port();
    const auto second = Sandbox::start(taken, world.clock());
    REQUIRE_FALSE(second.is_ok());
    CHECK(second.error().code == ErrorCode::Unavailable);
    CHECK(second.error().message.find(std::to_string(taken.port)) != std::string::npos);
    SandboxOptions nowhere = world.options();
    nowhere.database = world.folder() / "missing" / "sandbox.db";
    CHECK_FALSE(Sandbox::start(nowhere, world.clock()).is_ok());
}

TEST_CASE("sandbox server: it answers to its own name only") {
    const World world;
    const auto status = [&](const std::string& host) {
        return world.send({.path = "/hubspot/app", .headers = {{"Host", host}}}).status;
    };
    CHECK(status("evil.example") == 421);
    CHECK(status("127.0.0.1.evil.example") == 421);
    CHECK(status("localhost") == 200);
    CHECK(status("127.0.0.1:" + std::to_string(world.port())) == 200);
    CHECK(status("[::1]:80") == 200);
}

TEST_CASE("sandbox server: bodies beyond the limit are refused") {
    const World world;
    const Reply reply =
        world.rest("POST", "/pipedrive/v1/persons", std::string(kBodyBytesMax + 1, 'x'));
    CHECK((reply.status == 413 || reply.status == 0));
    CHECK(is_alive(world));
}

TEST_CASE("sandbox server: strange addresses are refused, and it lives on") {
    const World world;
    for (const std::string path : {"/%zz",
                                   "/connections/%ff",
                                   "/connections/%00",
                                   "/self?a=%zz",
                                   "/self?a=%ff",
                                   "/..%2f..",
                                   "/a/b/c/d/e/f/g/h/i/j",

                                   "/hubspot",
                                   "/pipedrive/v1",
                                   "/connections//actions//run",
                                   "/hubspot/crm/v3/objects/contacts/%F0%9F%98%80",
                                   "/sandbox",
                                   "/pipedrive/app/contacts/1/2/3"}) {
        CAPTURE(path);
        const Reply reply = world.rest("GET", path);
        CHECK(reply.status >= 400);
        CHECK(reply.status < 500);
        CHECK_FALSE(reply.body.empty());
    }
    CHECK(world.rest("GET", "/" + std::string(20'000, 'a')).status >= 400);
    CHECK(is_alive(world));
}

TEST_CASE("sandbox server: nonsense in every body changes nothing and breaks nothing") {
    const World world;
    const std::string deep = std::string(5000, '[') + std::string(5000, ']');
    const std::string nested = R"({"fields":)" + std::string(70, '[') + std::string(70, ']') + "}";
    for (const std::string& body : {std::string("\xff\xfe"),
                                    deep,
                                    nested,
                                    std::string(R"({"name":)"),
                                    std::string("\0\0", 2),
                                    std::string(R"({"id":1e400,"name":true})"),
                                    std::string(R"({"fields":{"fields":{}}})"),
                                    std::string(R"({"emails":[[]]})"),
                                    std::string(R"({"filter":[],"cursor":{}})")}) {
        CAPTURE(body);
        for (const char* action : {"list-contacts",
                                   "create-contact",
                                   "update-contact",
                                   "delete-contact",
                                   "get-contact"}) {
            for (const char* system : {"hubspot", "pipedrive"}) {
                const Reply reply = world.call(
                    {.method = "POST",
                     .path = std::string("/connections/") + system + "/actions/" + action + "/run",
                     .body = body});
                CHECK(reply.status >= 200);
                CHECK(reply.status < 500);
            }
        }
        CHECK(world.rest("POST", "/sandbox/faults", body).status == 400);
        CHECK(world.rest("POST", "/hubspot/crm/v3/objects/contacts", body).status == 400);
        CHECK(world.rest("POST", "/pipedrive/v1/persons", body).status == 400);
    }
    CHECK(world.list_all("hubspot").size() == 160);
    CHECK(world.list_all("pipedrive").size() == 160);
}

TEST_CASE("sandbox server: random bytes on the socket do not bring it down") {
    const World world;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        std::string bytes =
            seed % 3 == 0 ? "POST /connections HTTP/1.1\r\nHost: localhost\r\n" : "";
        const std::size_t size = random() % 3000;
        for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(random());
        if (seed % 2 == 0) bytes += "\r\n\r\n";
        static_cast<void>(world.send_raw(bytes));
    }
    CHECK(is_alive(world));
}

TEST_CASE("sandbox server: callers at the same time do not disturb one another") {
    const World world;
    constexpr int kThreads = 6;
    constexpr int kEach = 8;
    std::atomic<int> created{0};
    std::atomic<int> conflicts{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            const std::string customer = thread % 2 == 0 ? "ann" : "bob";
            for (int i = 0; i < kEach; ++i) {
                const std::string email = "n" + std::to_string(i) + "@race.example";
                const Reply reply = world.run(
                    "hubspot", "create-contact", Json::object({{"email", email}}), customer);
                if (reply.status == 200) ++created;
                if (crm_status(reply) == 409) ++conflicts;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(created == 2 * kEach);  // one per customer and address
    CHECK(conflicts == kThreads * kEach - 2 * kEach);
    CHECK(world.list_all("hubspot", "ann").size() == 160 + kEach);
    CHECK(world.list_all("hubspot", "bob").size() == 160 + kEach);
}

}  // namespace crm::sandbox::test
