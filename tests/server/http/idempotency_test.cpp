// A request that comes twice is done once, over real sockets; and conditions on versions.
#include "server/http/idempotency.h"

#include <atomic>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/api_json.h"
#include "tests/server/http/live_server.h"
#include "tests/support/fake_clock.h"

namespace crm::http {

using test::Ask;
using test::FakeClock;
using test::HeaderList;
using test::LiveServer;
using test::Reply;
using test::TempStore;

namespace {

Ask creation(const std::string& key, const std::string& name, const std::string& customer = "dev") {
    return {.method = "POST",
            .target = "/api/contacts",
            .body = R"({"name":")" + name + R"("})",
            .headers = {{"Idempotency-Key", key}, {"x-auth-id", customer}}};
}

std::int64_t count_of(const LiveServer& live, const std::string& customer = "dev") {
    const Reply reply = live.ask({.target = "/api/contacts", .headers = {{"x-auth-id", customer}}});
    return api::read_contact_page(reply.body).value().total;
}

}  // namespace

TEST_CASE("idempotency: the same key and body get the same answer, and one contact is made") {
    const LiveServer live;
    const Reply first = live.ask(creation("k-1", "Ada"));
    const Reply second = live.ask(creation("k-1", "Ada"));
    CHECK(first.status == 201);
    CHECK(first.header("idempotent-replayed").empty());
    CHECK(second.status == 201);
    CHECK(second.body == first.body);
    CHECK(second.header("location") == first.header("location"));
    CHECK(second.header("etag") == first.header("etag"));
    CHECK(second.header("idempotent-replayed") == "true");
    CHECK(count_of(live) == 1);
    CHECK(live.ask(creation("k-2", "Ada")).status == 201);
    CHECK(count_of(live) == 2);
}

TEST_CASE("idempotency: a key that came with another request is refused") {
    const LiveServer live;
    REQUIRE(live.ask(creation("k-1", "Ada")).status == 201);
    const Reply other = live.ask(creation("k-1", "Eve"));
    CHECK(other.status == 422);
    CHECK(other.body.find("another request") != std::string::npos);
    Ask elsewhere = creation("k-1", "Ada");
    elsewhere.target = "/api/sync";
    CHECK(live.ask(elsewhere).status == 422);
    CHECK(count_of(live) == 1);
}

TEST_CASE("idempotency: a key belongs to its customer") {
    const LiveServer live;
    const Reply ours = live.ask(creation("k-1", "Ada", "ours"));
    const Reply theirs = live.ask(creation("k-1", "Ada", "theirs"));
    CHECK(theirs.status == 201);
    CHECK(theirs.body != ours.body);
    CHECK(count_of(live, "ours") == 1);
    CHECK(count_of(live, "theirs") == 1);
}

TEST_CASE("idempotency: what was refused may come again, and succeed") {
    LiveServer live;
    live.sync().is_down = true;
    const Ask run{.method = "POST", .target = "/api/sync", .headers = {{"Idempotency-Key", "k-1"}}};
    CHECK(live.ask(run).status == 503);
    live.sync().is_down = false;
    CHECK(live.ask(run).status == 202);
    static_cast<void>(live.sync().taken_calls());
    CHECK(live.ask(run).status == 202);
    CHECK(live.sync().taken_calls().empty());
}

TEST_CASE("idempotency: of many at once one works, and the others say so or repeat it") {
    const LiveServer live;
    std::atomic<int> good{0};
    std::atomic<int> waiting{0};
    std::vector<std::thread> clients;
    clients.reserve(12);
    for (int i = 0; i < 12; ++i) {
        clients.emplace_back([&] {
            const int status = live.ask(creation("k-1", "Ada")).status;
            if (status == 201) ++good;
            if (status == 409) ++waiting;
        });
    }
    for (std::thread& client : clients) client.join();
    CHECK(good >= 1);
    CHECK(good + waiting == 12);
    CHECK(count_of(live) == 1);
}

TEST_CASE("idempotency: a key must be one printable text of some length") {
    const LiveServer live;
    CHECK(live.ask(creation("", "Ada")).status == 400);
    CHECK(live.ask(creation("a b", "Ada")).status == 400);
    CHECK(live.ask(creation("\xc3\xa9", "Ada")).status == 400);
    CHECK(live.ask(creation(std::string(kIdempotencyKeyBytesMax + 1, 'k'), "Ada")).status == 400);
    Ask twice = creation("k-1", "Ada");
    twice.headers.emplace_back("Idempotency-Key", "k-2");
    CHECK(live.ask(twice).status == 400);
    CHECK(count_of(live) == 0);
    CHECK(live.ask(creation(std::string(kIdempotencyKeyBytesMax, 'k'), "Ada")).status == 201);
}

TEST_CASE("idempotency: secrets are not kept") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login);
    live.add_user("ada@ours.test");
    HeaderList headers = live.cookie_of("ada@ours.test");
    headers.emplace_back("Idempotency-Key", "k-1");
    const Ask make{.method = "POST",
                   .target = "/api/tokens",
                   .body = R"({"name":"a","scope":"read"})",
                   .headers = headers};
    const Reply first = live.ask(make);
    const Reply second = live.ask(make);
    CHECK(first.status == 201);
    CHECK(second.status == 201);
    CHECK(second.body != first.body);
}

TEST_CASE("idempotency: answers outlive a restart and end after a day, a cut-off one is told") {
    TempStore files;
    FakeClock clock;
    http::Request request;
    request.method = "POST";
    request.target = "/api/contacts";
    request.headers = {{"Idempotency-Key", "k-1"}};
    http::Caller ada;
    ada.customer = CustomerId("ours");
    ada.user_id = UserId("u1");
    const http::Call call{request, ada, {}, {}};
    int done = 0;
    const auto work = [&]() -> Result<http::Response> {
        ++done;
        http::Response response;
        response.status = 201;
        response.body = std::to_string(done);
        return response;
    };
    const auto answer = [&](const std::string& boot) {
        return http::RepeatGuard(files.database(), clock, boot).answer(call, work);
    };
    CHECK(answer("one").value().body == "1");
    files.close();
    files.open();
    CHECK(answer("two").value().body == "1");
    clock.advance(kIdempotencyLife - std::chrono::minutes(1));
    CHECK(answer("two").value().body == "1");
    clock.advance(std::chrono::minutes(2));
    CHECK(answer("two").value().body == "2");

    request.headers = {{"Idempotency-Key", "k-2"}};
    const auto die = [&]() -> Result<http::Response> { throw std::bad_alloc(); };
    CHECK_THROWS_AS(
        static_cast<void>(http::RepeatGuard(files.database(), clock, "two").answer(call, die)),
        std::bad_alloc);
    const Result<http::Response> cut = answer("three");
    REQUIRE_FALSE(cut.is_ok());
    CHECK(cut.error().code == ErrorCode::Conflict);
    CHECK(cut.error().message.find("restart") != std::string::npos);
}

TEST_CASE("a contact's ETag answers a repeated question, and guards a delete") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@ours.test");
    const std::string target = "/api/contacts/" + ada.id.text;
    const std::string tag = live.ask({.target = target}).header("etag");
    CHECK(live.ask({.target = target, .headers = {{"If-None-Match", tag}}}).status == 304);
    REQUIRE(live.ask({.method = "PATCH", .target = target, .body = R"({"name":"A."})"}).status ==
            200);
    const Reply changed = live.ask({.target = target, .headers = {{"If-None-Match", tag}}});
    CHECK(changed.status == 200);
    const auto remove = [&](const std::string& if_match) {
        return live.ask(
            {.method = "DELETE", .target = target, .headers = {{"If-Match", if_match}}});
    };
    CHECK(remove(tag).status == 412);
    CHECK(remove("nonsense").status == 400);
    CHECK(live.ask({.target = target}).body.find("\"deleted\":false") != std::string::npos);
    const Reply removed = remove(changed.header("etag"));
    CHECK(removed.status == 200);
    CHECK(removed.body.find("\"deleted\":true") != std::string::npos);
    CHECK(live.ask({.method = "DELETE",
                    .target = "/api/contacts/none",
                    .headers = {{"If-Match", tag}}})
              .status == 404);
}

}  // namespace crm::http
