// The engine with its threads: starting, joining, cancelling, the timer, and the end.
#include "tests/server/sync/running_service.h"

namespace crm::test {
namespace {

TEST_CASE("service: Sync Now runs to its end, and the log knows it") {
    Running running(milliseconds(0));
    running.create("Ada", "ada@example.org");
    const api::Run done = running.wait(running.run().id);
    CHECK(done.state == api::RunState::Done);
    CHECK(done.trigger == "person");
    CHECK(running.hubspot.live_ids().size() == 1);
    auto log = running.service().runs(running.customer);
    REQUIRE(log.is_ok());
    REQUIRE(log.value().size() == 1);
    CHECK(log.value().front().id == done.id);
}

TEST_CASE("service: Sync Now while a run is on goes round once more in that run") {
    Running running(milliseconds(0));
    running.gate.close();
    const api::Run first = running.run();
    running.gate.await_visitor();
    running.create("Ada", "ada@example.org");
    const api::Run joined = running.run();
    CHECK(joined.id == first.id);
    running.gate.open();
    CHECK(running.wait(first.id).state == api::RunState::Done);
    CHECK(running.hubspot.live_ids().size() == 1);
    CHECK(running.pipedrive.live_ids().size() == 1);
}

TEST_CASE("service: a cancelled run ends, and the next one does the rest") {
    Running running(milliseconds(0));
    running.create("Ada", "ada@example.org");
    running.gate.close();
    const api::Run first = running.run();
    running.gate.await_visitor();
    REQUIRE(running.service().cancel(running.customer, first.id).is_ok());
    running.gate.open();
    CHECK(running.wait(first.id).state == api::RunState::Cancelled);
    CHECK(running.hubspot.live_ids().empty());
    CHECK(running.wait(running.run().id).state == api::RunState::Done);
    CHECK(running.hubspot.live_ids().size() == 1);
}

TEST_CASE("service: the timer visits a customer again and again, without a browser") {
    Running running(milliseconds(50));
    running.service().use(running.customer);
    running.hubspot.person_creates({{"name", "Boris"}, {"email", "boris@example.org"}});
    running.await_ended(4);
    running.service().stop();
    CHECK(running.pipedrive.live_ids().size() == 1);
}

TEST_CASE("service: a person's change wakes a run before the timer does") {
    Running running(seconds(3600));
    running.service().use(running.customer);
    running.await_ended(1);
    running.create("Ada", "ada@example.org");
    running.await_ended(2);
    CHECK(running.hubspot.live_ids().size() == 1);
}

TEST_CASE("service: with the timer off nothing but Sync Now makes a run") {
    Running running(milliseconds(0));
    running.service().use(running.customer);
    running.create("Ada", "ada@example.org");
    auto status = running.service().status(running.customer);
    REQUIRE(status.is_ok());
    CHECK_FALSE(status.value().running);
    CHECK_FALSE(status.value().next_run_at);
    CHECK(status.value().systems.size() == 2);
    CHECK(status.value().systems[0].pending == 1);
    CHECK(running.hubspot.calls() == 0);
}

TEST_CASE("service: stopping ends a run that is on, and later calls are refused") {
    Running running(milliseconds(0));
    running.create("Ada", "ada@example.org");
    running.gate.close();
    const api::Run first = running.run();
    running.gate.await_visitor();
    running.gate.open();
    running.service().stop();
    running.service().stop();
    auto ended = running.service().find_run(running.customer, first.id);
    REQUIRE(ended.is_ok());
    CHECK(ended.value().ended_at);
    CHECK_FALSE(running.service().run(running.customer).is_ok());
}

TEST_CASE("service: a paused system is left alone, and resuming loses nothing") {
    Running running(milliseconds(0));
    running.create("Ada", "ada@example.org");
    running.wait(running.run().id);
    auto paused = running.service().pause(running.customer, "pipedrive");
    REQUIRE(paused.is_ok());
    CHECK(paused.value().systems.at(0).state == "connected");
    CHECK(paused.value().systems.at(1).state == "paused");
    CHECK_FALSE(paused.value().systems.at(1).reason.empty());

    const int calls = running.pipedrive.calls();
    running.create("Boris", "boris@example.org");
    running.pipedrive.person_creates({{"name", "Cleo"}, {"email", "cleo@example.org"}});
    const api::Run run = running.wait(running.run().id);
    CHECK(run.state == api::RunState::Done);
    CHECK(run.pending == 1);
    CHECK(running.pipedrive.calls() == calls);
    CHECK(running.hubspot.live_ids().size() == 2);
    CHECK(running.system(1).state == "paused");
    CHECK(running.system(1).pending == 1);

    REQUIRE(running.service().resume(running.customer, "pipedrive").is_ok());
    CHECK(running.system(1).state == "connected");
    CHECK(running.wait(running.run().id).pending == 0);
    CHECK(running.pipedrive.live_ids().size() == 3);
    CHECK(running.hubspot.live_ids().size() == 3);
}

TEST_CASE("service: pausing everything makes runs that do nothing and say so") {
    Running running(milliseconds(0));
    running.create("Ada", "ada@example.org");
    REQUIRE(running.service().pause(running.customer, "").is_ok());
    const api::Run run = running.wait(running.run().id);
    CHECK(run.state == api::RunState::Done);
    CHECK(run.reason.find("paused") != std::string::npos);
    CHECK(run.pending == 2);
    CHECK(running.hubspot.calls() == 0);
    CHECK(running.system(0).state == "paused");
    CHECK(running.service().pause(running.customer, "sugar").error().code == ErrorCode::BadRequest);
    CHECK(running.service().pause(running.customer, "sugar").error().message.find("hubspot") !=
          std::string::npos);
}

TEST_CASE("service: a system that is paused while a run is on is not written any more") {
    Running running(milliseconds(0));
    running.create("Ada", "ada@example.org");
    running.gate.close();
    const api::Run first = running.run();
    running.gate.await_visitor();
    REQUIRE(running.service().pause(running.customer, "hubspot").is_ok());
    running.gate.open();
    running.wait(first.id);
    CHECK(running.hubspot.live_ids().empty());
    CHECK(running.pipedrive.live_ids().size() == 1);
}

TEST_CASE("service: a resumed system is visited soon") {
    Running running(seconds(3600));
    running.service().use(running.customer);
    running.await_ended(1);
    REQUIRE(running.service().pause(running.customer, "").is_ok());
    REQUIRE(running.service().resume(running.customer, "").is_ok());
    running.await_ended(2);
    auto log = running.service().runs(running.customer);
    REQUIRE(log.is_ok());
    CHECK(log.value().front().trigger == "change");
}

TEST_CASE("service: a preview waits for the run that is on, and is a run of its own") {
    Running running(milliseconds(0));
    running.gate.close();
    const api::Run real = running.run();
    running.gate.await_visitor();
    const api::Run preview = running.run({.is_preview = true, .system = "hubspot"});
    CHECK_FALSE(preview.id == real.id);
    CHECK(preview.state == api::RunState::Queued);
    CHECK(preview.is_preview);
    CHECK(preview.system == "hubspot");
    auto log = running.service().runs(running.customer);
    REQUIRE(log.is_ok());
    REQUIRE(log.value().size() == 2);
    CHECK(log.value().front().id == preview.id);
    running.gate.open();
    running.wait(real.id);
    CHECK(running.wait(preview.id).is_preview);
    auto status = running.service().status(running.customer);
    REQUIRE(status.is_ok());
    REQUIRE(status.value().run.has_value());
    CHECK(status.value().run->id == real.id);  // what was only shown is not the last run
}

TEST_CASE("service: a run that waits can be cancelled before it begins") {
    Running running(milliseconds(0));
    running.gate.close();
    const api::Run real = running.run();
    running.gate.await_visitor();
    const api::Run preview = running.run({.is_preview = true});
    auto cancelled = running.service().cancel(running.customer, preview.id);
    REQUIRE(cancelled.is_ok());
    CHECK(cancelled.value().state == api::RunState::Cancelled);
    running.gate.open();
    CHECK(running.wait(real.id).state == api::RunState::Done);
    CHECK(running.wait(preview.id).state == api::RunState::Cancelled);
}

TEST_CASE("service: what nobody has cannot be synced") {
    Running running(milliseconds(0));
    const Contact ada = running.create("Ada", "ada@example.org");
    const auto code = [&](const CustomerId& customer, const api::RunRequest& request) {
        auto run = running.service().run(customer, request);
        return run.is_ok() ? std::nullopt : std::optional(run.error().code);
    };
    CHECK(code(running.customer, {.system = "sugar"}) == ErrorCode::BadRequest);
    CHECK(code(running.customer, {.contact_id = "nobody"}) == ErrorCode::NotFound);
    CHECK(code(CustomerId("other"), {.contact_id = ada.id.text}) == ErrorCode::NotFound);
    CHECK_FALSE(code(running.customer, {.system = "hubspot", .contact_id = ada.id.text}));
}

TEST_CASE("service: conflicts are told of when they are recorded and when they are decided") {
    Running running(milliseconds(0));
    const Contact ada = running.create("Ada", "ada@example.org");
    running.wait(running.run().id);
    running.edit(ada.id, "name", "Ada from here");
    running.hubspot.person_edits(
        running.hubspot.ids_with_email("ada@example.org").front(), "name", "Ada there");
    running.wait(running.run().id);
    const std::vector<api::Conflict> recorded = running.await_conflicts(1);
    CHECK(recorded.front().sides.back().value == "Ada there");
    REQUIRE(running.service()
                .resolve(running.customer, recorded.front().id, {.value = {}, .side = "app"}, "ann")
                .is_ok());
    CHECK(running.await_conflicts(2).back().state == "resolved");
    running.wait(running.run().id);
    running.service().stop();
    CHECK(running.await_conflicts(2).size() == 2);
}

TEST_CASE("service: runs of another customer are not found") {
    Running running(milliseconds(0));
    const api::Run run = running.wait(running.run().id);
    CHECK(running.service().find_run(CustomerId("other"), run.id).error().code ==
          ErrorCode::NotFound);
    CHECK(running.service().approve(CustomerId("other"), run.id).error().code ==
          ErrorCode::NotFound);
    CHECK(running.service().approve(running.customer, run.id).error().code == ErrorCode::Conflict);
}

}  // namespace
}  // namespace crm::test
