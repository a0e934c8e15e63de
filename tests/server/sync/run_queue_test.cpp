// How requests for runs join: a table of what waits, what is asked, and what becomes of it.
#include "server/sync/run_queue.h"

#include <doctest/doctest.h>

#include "server/limits.h"

namespace crm::sync {
namespace {

const api::RunRequest kAll;
const api::RunRequest kHubSpot{.system = "hubspot"};
const api::RunRequest kPipedrive{.system = "pipedrive"};
const api::RunRequest kAda{.contact_id = "ada"};
const api::RunRequest kPreview{.is_preview = true};

api::Run fresh(const std::string& id) {
    api::Run run;
    run.id = RunId(id);
    return run;
}

api::Run ask(RunQueue& queue, const api::RunRequest& request, const std::string& id) {
    auto run = enqueue(queue, request, fresh(id));
    REQUIRE(run.is_ok());
    return run.value();
}

TEST_CASE("queue: a request joins a run that covers it, and widens one that waits") {
    RunQueue queue;
    CHECK(ask(queue, kHubSpot, "1").system == "hubspot");
    CHECK(ask(queue, kHubSpot, "2").id == RunId("1"));
    CHECK(ask(queue, kPipedrive, "3").id == RunId("1"));
    CHECK(is_full(queue.waiting.front()));
    CHECK(ask(queue, kAda, "4").id == RunId("1"));
    CHECK(queue.waiting.size() == 1);

    RunQueue of_contact;
    CHECK(ask(of_contact, kAda, "1").contact_id == "ada");
    CHECK(ask(of_contact, kAll, "2").id == RunId("1"));
    CHECK(is_full(of_contact.waiting.front()));
}

TEST_CASE("queue: a running run is joined only when it covers the request") {
    RunQueue queue;
    ask(queue, kHubSpot, "1");
    begin_next(queue, fresh("timer"));
    CHECK(ask(queue, kHubSpot, "2").id == RunId("1"));
    CHECK(queue.goes_round_again);
    queue.goes_round_again = false;
    CHECK(ask(queue, kAll, "3").id == RunId("3"));
    CHECK_FALSE(queue.goes_round_again);
    CHECK(queue.find(RunId("1")) != nullptr);
    CHECK(queue.find(RunId("3")) != nullptr);
    CHECK(queue.find(RunId("2")) == nullptr);

    RunQueue full;
    begin_next(full, fresh("timer"));
    CHECK(ask(full, kAda, "1").id == RunId("timer"));
    CHECK(full.goes_round_again);
}

TEST_CASE("queue: a run that leaves systems out which a person may use is not joined") {
    RunQueue queue;
    begin_next(queue, fresh("timer"));
    queue.is_restricted = true;
    CHECK(ask(queue, kAll, "1").id == RunId("1"));
    CHECK_FALSE(queue.goes_round_again);
    CHECK(begin_next(queue, fresh("timer")).id == RunId("1"));
    CHECK(ask(queue, kAll, "2").id == RunId("1"));
}

TEST_CASE("queue: a preview never mixes with a real run") {
    RunQueue queue;
    begin_next(queue, fresh("timer"));
    const api::Run preview = ask(queue, kPreview, "1");
    CHECK(preview.id == RunId("1"));
    CHECK(preview.is_preview);
    CHECK_FALSE(queue.goes_round_again);
    CHECK(ask(queue, {.is_preview = true, .system = "hubspot"}, "2").id == RunId("2"));
    CHECK(ask(queue, kPreview, "3").id == RunId("1"));
    CHECK(ask(queue, kHubSpot, "4").id == RunId("timer"));

    CHECK(begin_next(queue, fresh("timer")).id == RunId("1"));
    CHECK(ask(queue, kAll, "5").id == RunId("5"));
    CHECK(begin_next(queue, fresh("timer")).id == RunId("2"));
    CHECK(begin_next(queue, fresh("timer")).id == RunId("5"));
    CHECK(begin_next(queue, fresh("again")).id == RunId("again"));
}

TEST_CASE("queue: previews that wait are limited, a real run always finds a place to join") {
    RunQueue queue;
    ask(queue, kAll, "real");
    for (std::size_t i = 1; i < kRunsWaitingMax; ++i) {
        const std::string id = std::to_string(i);
        ask(queue, {.is_preview = true, .contact_id = id}, id);
    }
    auto refused = enqueue(queue, {.is_preview = true, .contact_id = "x"}, fresh("x"));
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().code == ErrorCode::RateLimited);
    CHECK(ask(queue, kHubSpot, "y").id == RunId("real"));
}

}  // namespace
}  // namespace crm::sync
