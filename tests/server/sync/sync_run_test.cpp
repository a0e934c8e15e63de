// Whole runs over perfect and imperfect systems, one behaviour each.
#include "server/sync/sync_run.h"

#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunState;
using std::chrono::seconds;

TEST_CASE("run: a contact made here arrives in every system, once") {
    SyncBench bench;
    bench.create("Ada Lovelace", "ada@example.org");
    const api::Run run = bench.run();
    CHECK(run.state == RunState::Done);
    CHECK(run.pending == 0);
    CHECK(run.writes.at("hubspot") == 1);
    CHECK(run.writes.at("pipedrive") == 1);
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada Lovelace");
    CHECK(text_in(bench.pipedrive, "ada@example.org", "name") == "Ada Lovelace");
    const int writes = bench.writes();
    for (int i = 0; i < 3; ++i) CHECK(bench.run().state == RunState::Done);
    CHECK(bench.writes() == writes);
}

TEST_CASE("run: a record seen in one system becomes a contact and arrives in the other") {
    SyncBench bench;
    bench.hubspot.person_creates(
        {{"name", "Boris"}, {"email", "boris@example.org"}, {"phone", "+44 20 7946 0991"}});
    const api::Run run = bench.run();
    CHECK(run.state == RunState::Done);
    CHECK(bench.only().fields.name == "Boris");
    CHECK_FALSE(bench.only().arriving);
    CHECK(text_in(bench.pipedrive, "boris@example.org", "phone") == "442079460991");
    const int writes = bench.writes();
    bench.run();
    CHECK(bench.writes() == writes);
    CHECK(bench.only().fields.phone == "+44 20 7946 0991");
}

TEST_CASE("run: with old readings possible, a new record is on probation until it is seen again") {
    SyncBench bench(1, seconds(60), seconds(60));
    bench.hubspot.person_creates({{"name", "Boris"}, {"email", "boris@example.org"}});
    CHECK(bench.run().pending == 1);
    CHECK(bench.only().arriving);
    CHECK(bench.pipedrive.live_ids().empty());
    bench.clock.advance(seconds(30));
    bench.run();
    CHECK(bench.only().arriving);
    bench.clock.advance(seconds(60));
    bench.run();
    CHECK_FALSE(bench.only().arriving);
    CHECK(bench.pipedrive.live_ids().size() == 1);
}

TEST_CASE("run: a record that is gone before it is confirmed was never a contact") {
    SyncBench bench(1, seconds(60), seconds(60));
    const std::string id =
        bench.hubspot.person_creates({{"name", "Boris"}, {"email", "boris@example.org"}});
    bench.run();
    bench.hubspot.person_deletes(id);
    bench.clock.advance(seconds(120));
    bench.run();
    CHECK(bench.live().empty());
    CHECK(bench.pipedrive.live_ids().empty());
}

TEST_CASE(
    "run: records with one e-mail are one contact, each system filling what the other lacks") {
    SyncBench bench;
    bench.hubspot.person_creates(
        {{"name", "Chloé Müller"}, {"email", "chloe@example.org"}, {"phone", ""}});
    bench.pipedrive.person_creates(
        {{"name", "Chloé Müller"}, {"email", "Chloe@Example.org"}, {"phone", "4930123456"}});
    bench.run();
    CHECK(bench.only().fields.phone == "4930123456");
    CHECK(text_in(bench.hubspot, "chloe@example.org", "phone") == "4930123456");
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.pipedrive.live_ids().size() == 1);
    CHECK(bench.conflicts().empty());
}

TEST_CASE("run: different values at first sight are a conflict that keeps both") {
    SyncBench bench;
    bench.hubspot.person_creates({{"name", "Chloé Müller"}, {"email", "chloe@example.org"}});
    bench.pipedrive.person_creates({{"name", "C. Mueller"}, {"email", "chloe@example.org"}});
    bench.run();
    CHECK(bench.only().fields.name == "Chloé Müller");
    CHECK(text_in(bench.pipedrive, "chloe@example.org", "name") == "Chloé Müller");
    const auto conflicts = bench.conflicts();
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts.front().remote_value == "C. Mueller");
    CHECK(conflicts.front().kind == "first_sync");
}

TEST_CASE("run: an edit in one system reaches the app and the other system") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.run();
    bench.hubspot.person_edits(bench.hubspot.live_ids().front(), "jobTitle", "Countess");
    bench.run();
    CHECK(bench.only().fields.job_title == "Countess");
    CHECK(text_in(bench.pipedrive, "ada@example.org", "jobTitle") == "Countess");
}

TEST_CASE("run: an edit here reaches both systems, and carries only what changed") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    // Nobody told us about this one yet: it must survive our update of another field.
    bench.pipedrive.person_edits(bench.pipedrive.live_ids().front(), "pronouns", "she/her");
    bench.edit(ada.id, "name", "Ada King");
    bench.run();
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada King");
    CHECK(text_in(bench.pipedrive, "ada@example.org", "name") == "Ada King");
    CHECK(bench.only().fields.pronouns == "she/her");
    CHECK(text_in(bench.hubspot, "ada@example.org", "pronouns") == "she/her");
}

TEST_CASE("run: one field edited here and there is a conflict; ours stands, theirs is kept") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    bench.hubspot.person_edits(bench.hubspot.live_ids().front(), "name", "Ada from HubSpot");
    bench.edit(ada.id, "name", "Ada from here");
    bench.run();
    CHECK(bench.only().fields.name == "Ada from here");
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada from here");
    REQUIRE(bench.conflicts().size() == 1);
    CHECK(bench.conflicts().front().remote_value == "Ada from HubSpot");
    CHECK(bench.conflicts().front().kind == "both_changed");
}

TEST_CASE("run: a contact deleted here is deleted everywhere and never returns") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    CHECK(bench.run().pending == 0);
    CHECK(bench.hubspot.live_ids().empty());
    CHECK(bench.pipedrive.live_ids().empty());
    for (int i = 0; i < 10; ++i) CHECK(bench.run().state == RunState::Done);
    CHECK(bench.live().empty());
    CHECK(bench.hubspot.live_ids().empty());
}

TEST_CASE(
    "run: a contact deleted in a system is created there anew, after three listings without it") {
    SyncBench bench(1, seconds(60), seconds(60));
    bench.create("Ada", "ada@example.org");
    bench.run();
    bench.clock.advance(seconds(120));
    bench.run();
    const std::string old = bench.hubspot.live_ids().front();
    bench.hubspot.person_deletes(old);
    for (int i = 0; i < 2; ++i) {
        bench.clock.advance(seconds(61));
        bench.run();
        CHECK(bench.hubspot.live_ids().empty());
    }
    bench.clock.advance(seconds(61));
    bench.run();
    REQUIRE(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.hubspot.live_ids().front() != old);
    CHECK(bench.live().size() == 1);
}

TEST_CASE(
    "run: a deleted e-mail that appears in a system stays there, with a reason, and is not taken "
    "over") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    bench.run();
    bench.pipedrive.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}});
    const api::Run run = bench.run();
    CHECK(bench.live().empty());
    CHECK(bench.hubspot.live_ids().empty());
    REQUIRE(run.problems.size() == 1);
    CHECK(run.problems.front().code == "suppressed");
    CHECK(run.state == RunState::DoneWithProblems);
    // Creating the contact here again takes the record over.
    bench.create("Ada", "ada@example.org");
    bench.run();
    CHECK(bench.pipedrive.live_ids().size() == 1);
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.run().state == RunState::Done);
}

TEST_CASE("run: a contact created anew after its delete waits for the delete, and is one record") {
    SyncBench bench(1, seconds(60), seconds(60));
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    const Contact again = bench.create("Ada again", "ada@example.org");
    CHECK_FALSE(again.id == ada.id);
    for (int i = 0; i < 6; ++i) {
        bench.run();
        bench.clock.advance(seconds(61));
    }
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada again");
    CHECK(text_in(bench.pipedrive, "ada@example.org", "name") == "Ada again");
}

TEST_CASE("run: an Undo before the delete left costs no call") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const int writes = bench.writes();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    REQUIRE(bench.contacts->restore(bench.customer, ada.id, {}).is_ok());
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.writes() == writes);
}

TEST_CASE("run: a restored contact is created anew where it was deleted") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string old = bench.hubspot.live_ids().front();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    bench.run();
    REQUIRE(bench.contacts->restore(bench.customer, ada.id, {}).is_ok());
    CHECK(bench.run().pending == 0);
    CHECK(bench.only().id == ada.id);
    REQUIRE(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.hubspot.live_ids().front() != old);
    CHECK(bench.pipedrive.live_ids().size() == 1);
}

TEST_CASE("run: a create without an answer is never repeated blindly") {
    SyncBench bench(1, seconds(60), seconds(60));
    bench.create("Ada", "ada@example.org");
    bench.pipedrive.faults.lost_answer = 100;
    bench.run();
    bench.pipedrive.faults.lost_answer = 0;
    for (int i = 0; i < 5; ++i) {
        bench.run();
        bench.clock.advance(seconds(61));
    }
    CHECK(bench.pipedrive.live_ids().size() == 1);
    CHECK(bench.run().pending == 0);
}

TEST_CASE("run: a run that is killed is in the log, as failed") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.pipedrive.faults.crash = 100;
    CHECK_THROWS_AS(bench.run(), Crash);
    bench.pipedrive.faults.crash = 0;
    bench.restart();
    REQUIRE(bench.service->start().is_ok());
    bench.service->stop();
    auto runs = bench.service->runs(bench.customer);
    REQUIRE(runs.is_ok());
    REQUIRE(runs.value().size() == 1);
    CHECK(runs.value().front().state == RunState::Failed);
    CHECK_FALSE(runs.value().front().reason.empty());
}

TEST_CASE("run: a create whose request was lost is made when it provably never will take effect") {
    SyncBench bench(1, seconds(60), seconds(60));
    bench.create("Ada", "ada@example.org");
    bench.pipedrive.faults.lost_request = 100;
    bench.run();
    bench.pipedrive.faults.lost_request = 0;
    bench.clock.advance(seconds(61));
    bench.run();
    CHECK(bench.pipedrive.live_ids().empty());
    for (int i = 0; i < 4; ++i) {
        bench.clock.advance(seconds(61));
        bench.run();
    }
    CHECK(bench.pipedrive.live_ids().size() == 1);
}

TEST_CASE("run: a record that has the e-mail already is linked, not created again") {
    SyncBench bench;
    // HubSpot's listing does not show the record yet, but its uniqueness does.
    bench.hubspot.faults = {.staleness = seconds(3600), .stale_percent = 0};
    bench.create("Ada", "ada@example.org");
    bench.hubspot.person_creates(
        {{"name", "Ada K."}, {"email", "ADA@example.org"}, {"jobTitle", "Countess"}});
    bench.run();
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.only().fields.job_title == "Countess");
}

TEST_CASE("run: a system that cannot be reached does not stop the other") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.hubspot.faults.failed_list = 100;
    const api::Run run = bench.run();
    CHECK(run.state == RunState::DoneWithProblems);
    CHECK(run.pending == 1);
    REQUIRE(run.problems.size() == 1);
    CHECK(run.problems.front().system == "hubspot");
    CHECK(bench.pipedrive.live_ids().size() == 1);
    CHECK(bench.hubspot.live_ids().empty());
    bench.hubspot.faults.failed_list = 0;
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.hubspot.live_ids().size() == 1);
}

TEST_CASE("run: an incomplete listing deletes nothing, creates nothing, and still brings edits") {
    SyncBench bench;
    for (int i = 0; i < 6; ++i)
        bench.create("C" + std::to_string(i), "c" + std::to_string(i) + "@example.org");
    bench.run();
    const int writes = bench.writes();
    bench.pipedrive.faults.truncated_list = 100;
    for (int i = 0; i < 6; ++i) bench.run();
    CHECK(bench.writes() == writes);
    CHECK(bench.live().size() == 6);
}

TEST_CASE("run: records that cannot be contacts are held with their reason, and the rest goes on") {
    SyncBench bench;
    bench.hubspot.person_creates({{"name", "Nobody"}});
    bench.hubspot.person_creates({{"name", "Broken"}, {"email", "a b@c"}});
    bench.hubspot.person_creates(
        {{"name", std::string(10'000, 'x')}, {"email", "long@example.org"}});
    bench.hubspot.person_creates({{"name", "Good"}, {"email", "good@example.org"}});
    const api::Run run = bench.run();
    CHECK(run.state == RunState::DoneWithProblems);
    CHECK(bench.only().fields.name == "Good");
    REQUIRE(run.problems.size() == 3);
    CHECK(run.problems[0].code == "no_email");
    CHECK(run.problems[1].code == "invalid");
    CHECK(run.problems[2].code == "invalid");
    for (const api::RunProblem& problem : run.problems) {
        CHECK_FALSE(problem.message.empty());
        CHECK_FALSE(problem.action.empty());
    }
    CHECK(bench.pipedrive.live_ids().size() == 1);
}

TEST_CASE("run: a second record with the same e-mail is held; the link never flips") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string linked = bench.pipedrive.live_ids().front();
    bench.pipedrive.person_creates({{"name", "Ada the second"}, {"email", "ada@example.org"}});
    const int writes = bench.writes();
    for (int i = 0; i < 3; ++i) {
        const api::Run run = bench.run();
        REQUIRE(run.problems.size() == 1);
        CHECK(run.problems.front().code == "duplicate");
    }
    CHECK(bench.writes() == writes);
    CHECK(bench.only().links.at(SystemKey("pipedrive")).id.text == linked);
    CHECK(bench.only().fields.name == "Ada");
}

TEST_CASE("run: after a merge over there the contact follows to the surviving record") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string survivor =
        bench.pipedrive.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}});
    bench.pipedrive.person_deletes(bench.pipedrive.live_ids().front());
    for (int i = 0; i < 4; ++i) bench.run();
    CHECK(bench.pipedrive.live_ids() == std::vector<std::string>{survivor});
    CHECK(bench.only().links.at(SystemKey("pipedrive")).id.text == survivor);
}

}  // namespace
}  // namespace crm::test
