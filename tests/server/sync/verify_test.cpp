// Reading a record by its id right before it is written: what was edited meanwhile is understood,
// not written over.
#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunState;
using std::chrono::seconds;

struct Scene {
    SyncBench bench;
    Contact ada;
    std::string record;

    explicit Scene(std::chrono::milliseconds settle = seconds(0))
        : bench(1, settle, std::chrono::milliseconds(0)) {
        bench.settings.systems[0].has_get = true;
        ada = bench.create("Ada", "ada@example.org");
        bench.run();
        record = bench.hubspot.live_ids().front();
        bench.clock.advance(seconds(600));
        bench.run();
    }
    /// Between the listing and the reading that precedes the write.
    void before_the_write(std::function<void()> what) {
        const auto seen = bench.hubspot.counts();
        const int gets = seen.contains("get") ? seen.at("get") : 0;
        bench.hubspot.meanwhile = [this, gets, what = std::move(what)] {
            if (bench.hubspot.counts().contains("get") && bench.hubspot.counts().at("get") > gets) {
                // The function that runs here is a part of what is taken off.
                const std::function<void()> now = what;
                bench.hubspot.meanwhile = nullptr;
                now();
            }
        };
    }
};

TEST_CASE("verify: another field that was edited meanwhile comes in, ours goes out") {
    Scene scene;
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0100");
    scene.before_the_write(
        [&] { scene.bench.hubspot.person_edits(scene.record, "jobTitle", "Countess"); });
    const api::Run run = scene.bench.run();
    CHECK(scene.bench.only().fields.job_title == "Countess");
    CHECK(text_in(scene.bench.hubspot, "ada@example.org", "phone") == "+1 555 0100");
    CHECK(text_in(scene.bench.hubspot, "ada@example.org", "jobTitle") == "Countess");
    CHECK(run.writes.at("app") == 1);
    CHECK(scene.bench.hubspot.blindly_replaced().empty());
    CHECK(scene.bench.conflicts().empty());
}

TEST_CASE("verify: the same field that was edited meanwhile is a conflict and not lost") {
    Scene scene;
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0100");
    scene.before_the_write(
        [&] { scene.bench.hubspot.person_edits(scene.record, "phone", "+1 555 0199"); });
    scene.bench.run();
    CHECK(scene.bench.hubspot.blindly_replaced().empty());
    REQUIRE(scene.bench.conflicts().size() == 1);
    CHECK(scene.bench.conflicts().front().remote_value == "+1 555 0199");
    CHECK(text_in(scene.bench.hubspot, "ada@example.org", "phone") == "+1 555 0100");
}

TEST_CASE("verify: an edit to the very value that was to be sent spares the call") {
    Scene scene;
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0100");
    scene.before_the_write(
        [&] { scene.bench.hubspot.person_edits(scene.record, "phone", "+1 555 0100"); });
    const int writes = scene.bench.hubspot.writes();
    scene.bench.run();
    CHECK(scene.bench.hubspot.writes() == writes);
    CHECK(scene.bench.run().pending == 0);
}

TEST_CASE("verify: a reading settles what a listing must leave in doubt") {
    Scene scene(seconds(60));
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0100");
    scene.bench.run();
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0101");
    // Inside the window of our first write a listing could not tell this from an older value.
    scene.before_the_write(
        [&] { scene.bench.hubspot.person_edits(scene.record, "phone", "+1 555 0199"); });
    scene.bench.run();
    REQUIRE(scene.bench.conflicts().size() == 1);
    CHECK(scene.bench.conflicts().front().kind == "both_changed");
    CHECK(text_in(scene.bench.hubspot, "ada@example.org", "phone") == "+1 555 0101");
}

TEST_CASE("verify: an edit of a record that is deleted here goes to the trash") {
    Scene scene;
    REQUIRE(scene.bench.contacts->remove(scene.bench.customer, scene.ada.id, {}).is_ok());
    scene.before_the_write(
        [&] { scene.bench.hubspot.person_edits(scene.record, "phone", "+1 555 0199"); });
    scene.bench.run();
    CHECK(scene.bench.hubspot.live_ids().empty());
    REQUIRE(scene.bench.conflicts().size() == 1);
    CHECK(scene.bench.conflicts().front().kind == "deleted_here");
    CHECK(scene.bench.conflicts().front().remote_value == "+1 555 0199");
}

TEST_CASE("verify: a record that is gone is not written, and one listing more proves it") {
    Scene scene(seconds(60));
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0100");
    scene.before_the_write([&] { scene.bench.hubspot.person_deletes(scene.record); });
    scene.bench.run();
    CHECK_FALSE(scene.bench.hubspot.counts().contains("update"));
    // The next listing proves it: created anew, with what was to be sent.
    scene.bench.clock.advance(seconds(61));
    scene.bench.run();
    CHECK(text_in(scene.bench.hubspot, "ada@example.org", "phone") == "+1 555 0100");
}

TEST_CASE("verify: a deletion of what is gone already is spared") {
    Scene scene;
    REQUIRE(scene.bench.contacts->remove(scene.bench.customer, scene.ada.id, {}).is_ok());
    scene.before_the_write([&] { scene.bench.hubspot.person_deletes(scene.record); });
    const int deletes = scene.bench.hubspot.writes();
    scene.bench.run();
    CHECK(scene.bench.hubspot.writes() == deletes);
    CHECK(scene.bench.run().pending == 0);
}

TEST_CASE("verify: an e-mail that another contact has is not taken from it") {
    Scene scene;
    scene.bench.create("Bob", "bob@example.org");
    scene.bench.run();
    scene.bench.edit(scene.ada.id, "phone", "+1 555 0100");
    scene.bench.settings.systems[0].is_email_unique = false;
    scene.before_the_write(
        [&] { scene.bench.hubspot.person_edits(scene.record, "email", "BOB@example.org"); });
    const api::Run run = scene.bench.run();
    CHECK(run.state != RunState::Failed);
    CHECK(scene.bench.contacts->find(scene.bench.customer, scene.ada.id).value().fields.email ==
          "ada@example.org");
}

}  // namespace
}  // namespace crm::test
