// Small stories that the simulation found: each was once a lost edit, a duplicate or a contact that
// waited for ever.
#include <algorithm>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/sync/field_merge.h"
#include "server/sync/outcome.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Some conflict keeps the value.
bool is_kept(SyncBench& bench, const std::string& value) {
    const std::vector<sync::ConflictRow> rows = bench.conflicts();
    return std::any_of(rows.begin(), rows.end(), [&](const sync::ConflictRow& row) {
        return row.app_value == value || row.remote_value == value;
    });
}

TEST_CASE("found: somebody makes a record with the e-mail of a create that was lost") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.hubspot.faults.lost_request = 100;
    bench.run();
    bench.hubspot.faults = {};
    bench.hubspot.person_creates({{"name", "Ada Byron"}, {"email", "ada@example.org"}});
    bench.clock.advance(seconds(60));
    bench.run();
    // Both names are somebody's: neither may go without a trace.
    CHECK(bench.only().fields.name == "Ada");
    CHECK(is_kept(bench, "Ada Byron"));
}

TEST_CASE("found: where creates carry a marker, a record without one is not ours") {
    SyncBench bench;
    bench.settings.systems.front().has_marker = true;
    bench.create("Ada", "ada@example.org");
    bench.hubspot.faults.lost_request = 100;
    bench.run();
    bench.hubspot.faults = {};
    bench.hubspot.person_creates({{"name", "Ada Byron"}, {"email", "ada@example.org"}});
    for (int i = 0; i < 4; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.only().fields.name == "Ada");
    CHECK(is_kept(bench, "Ada Byron"));
}

TEST_CASE("found: a value was seen in doubt, then the contact is deleted here") {
    constexpr milliseconds kSettle = seconds(45);
    SyncBench bench(1, kSettle);
    const std::string id =
        bench.hubspot.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}});
    bench.run();
    bench.clock.advance(seconds(5));
    bench.hubspot.person_edits(id, "phone", "555 1234");
    bench.clock.advance(seconds(1));
    bench.run();  // too early to tell an edit from an old reading
    REQUIRE(bench.contacts->remove(bench.customer, bench.only().id, {}).is_ok());
    bench.clock.advance(seconds(20));
    bench.hubspot.faults.staleness = kSettle;
    bench.hubspot.faults.stale_percent = 100;
    bench.hubspot.dice = [] { return 45'000U; };  // every reading is as old as can be
    bench.run();
    bench.hubspot.faults = {};
    bench.clock.advance(seconds(60));
    bench.run();
    CHECK(bench.hubspot.live_ids().empty());
    CHECK(is_kept(bench, "555 1234"));
}

TEST_CASE("found: the record goes, and one that was there all along has the same e-mail") {
    SyncBench bench;
    bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string ours = bench.pipedrive.live_ids().front();
    bench.pipedrive.person_creates({{"name", "Ada Byron"}, {"email", "ada@example.org"}});
    bench.clock.advance(seconds(60));
    bench.run();
    bench.pipedrive.person_deletes(ours);
    for (int i = 0; i < 5; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    CHECK(bench.pipedrive.live_ids().size() == 1);
    CHECK(bench.only().fields.name == "Ada");
    CHECK(is_kept(bench, "Ada Byron"));
}

TEST_CASE("found: two records became one, and the contact whose marker it has is deleted here") {
    SyncBench bench;
    FakeCrm marked(
        "pipedrive", bench.clock, bench.random, {.has_marker = true, .merges_to_new_id = true});
    bench.crms[1] = &marked;
    bench.settings.systems.back().has_marker = true;
    bench.create("Ada", "ada@example.org");
    const Contact other = bench.create("Ben", "ben@example.org");
    bench.run();
    REQUIRE(marked.live_ids().size() == 2);
    marked.person_merges(marked.ids_with_email("ben@example.org").front(),
                         marked.ids_with_email("ada@example.org").front());
    REQUIRE(bench.contacts->remove(bench.customer, other.id, {}).is_ok());
    for (int i = 0; i < 8; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    const sync::ContactNotes ada = bench.notes().contacts.at(bench.only().id);
    REQUIRE(ada.systems.contains(SystemKey("pipedrive")));
    CHECK(ada.systems.at(SystemKey("pipedrive")).link.has_value());
}

TEST_CASE("found: of two records with the e-mail of a lost create, ours is the one that we sent") {
    SyncBench bench(1, milliseconds(0), seconds(30));
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.edit(ada.id, "phone", "555 1234");
    // Somebody makes a record with that e-mail while our create is on its way.
    bench.pipedrive.meanwhile = [&] {
        if (bench.pipedrive.live_ids().empty() && !bench.hubspot.live_ids().empty())
            bench.pipedrive.person_creates({{"name", "Ada Byron"}, {"email", "ada@example.org"}});
    };
    bench.pipedrive.faults.lost_answer = 100;
    bench.run();
    bench.pipedrive.meanwhile = {};
    bench.pipedrive.faults = {};
    REQUIRE(bench.pipedrive.live_ids().size() == 2);
    bench.edit(ada.id, "email", "byron@example.org");
    for (int i = 0; i < 4; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    const sync::ContactNotes notes = bench.notes().contacts.at(ada.id);
    const std::string record = notes.systems.at(SystemKey("pipedrive")).link->id.text;
    CHECK(bench.pipedrive.is_made_by_engine(record));
}

TEST_CASE("found: an older edit is taken while a newer one is still in doubt") {
    const sync::Rules rules{.settle = seconds(90), .late = seconds(1)};
    const TimePoint begin{seconds(1000)};
    sync::FieldShadow shadow;
    shadow.raw = "Ada";
    shadow.app = "Ada";
    shadow.settle_until = begin;
    const auto read = [&](const std::string& raw, TimePoint started) {
        const sync::FieldReading reading{.spec = *find_field("name"),
                                         .shadow = &shadow,
                                         .app = "Ada C",
                                         .raw = raw,
                                         .window = {started, started}};
        const sync::FieldVerdict verdict = sync::merge_field(reading, rules);
        shadow = verdict.shadow;
        return verdict;
    };
    CHECK(read("Ada D", begin - seconds(1)).decidable_at == begin);
    const TimePoint doubt_until = shadow.doubt_until;
    CHECK(doubt_until == begin - seconds(1) + rules.settle);
    // An older reading, but after the window: this one is believed.
    CHECK(read("Ada B", begin).conflict == "both_changed");
    CHECK(shadow.doubt_until == doubt_until);
}

TEST_CASE("found: an edit was taken, then a late write of the whole record turns it back") {
    SyncBench bench(1, seconds(0), seconds(120));
    FakeCrm whole("copper", bench.clock, bench.random, {.is_replacing = true});
    bench.crms.push_back(&whole);
    bench.settings.systems.push_back(bench.settings.systems.back());
    bench.settings.systems.back().key = SystemKey("copper");
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string record = whole.live_ids().front();
    bench.edit(ada.id, "phone", "555 1234");
    whole.faults.late = 100;
    whole.faults.lateness = seconds(60);
    whole.dice = [] { return 50'000; };  // ms late
    bench.run();
    whole.faults = {};
    whole.person_edits(record, "name", "Ada Byron");
    bench.run();
    REQUIRE(bench.only().fields.name == "Ada Byron");
    bench.clock.advance(seconds(60));
    bench.run();
    REQUIRE(whole.values(record).at("name") == "Ada");
    CHECK(bench.only().fields.name == "Ada");
    CHECK(is_kept(bench, "Ada Byron"));
    CHECK(bench.run().pending == 0);
}

TEST_CASE("found: an edit showed before the token was refused in the middle of a listing") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    bench.pipedrive.person_edits(bench.pipedrive.live_ids().front(), "name", "Ada Byron");
    bench.pipedrive.faults.disconnected = 100;
    bench.pipedrive.dice = [] { return 1; };  // one record came before that
    const api::Run run = bench.run();
    bench.pipedrive.dice = {};
    bench.pipedrive.faults = {};
    REQUIRE(run.problems.size() == 1);
    CHECK(run.problems.front().code == "reconnect");
    CHECK(run.writes.at("pipedrive") == 0);
    CHECK(bench.only().fields.name == "Ada Byron");
}

TEST_CASE("found: a record is restored over there again and again, and the contact here as well") {
    SyncBench bench(1, seconds(10));
    const SystemKey pipedrive{"pipedrive"};
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string record = bench.pipedrive.live_ids().front();
    bool is_early = false;
    SUBCASE("in the end") {}
    SUBCASE("before that") {
        is_early = true;
    }
    const auto restore_here = [&] {
        REQUIRE(bench.contacts->restore(bench.customer, ada.id, {.actor = "ann"}).is_ok());
    };
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {.actor = "ann"}).is_ok());
    bench.run();
    if (is_early) restore_here();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(bench.pipedrive.person_restores(record));
        bench.pipedrive.person_edits(record, "phone", "555 1234");
        bench.clock.advance(seconds(60));
        bench.run();
    }
    if (!is_early) restore_here();
    for (int i = 0; i < 3; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    CHECK(bench.run().pending == 0);
    CHECK(bench.pipedrive.live_ids() == std::vector<std::string>{record});
    CHECK(bench.only().fields.phone == "5551234");
    const sync::CustomerNotes notes = bench.notes();
    CHECK(notes.contacts.at(ada.id).systems.at(pipedrive).link->id.text == record);
    CHECK_FALSE(notes.contacts.at(ada.id).systems.at(pipedrive).link->is_dying);
    CHECK_FALSE(notes.dead.contains({pipedrive, RemoteId(record)}));
}

TEST_CASE("found: the record goes, and an older copy of it with our marker stays") {
    SyncBench bench;
    FakeCrm marked("pipedrive", bench.clock, bench.random, {.has_marker = true});
    bench.crms[1] = &marked;
    bench.settings.systems.back().has_marker = true;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string ours = marked.live_ids().front();
    marked.person_clones(ours);
    bench.clock.advance(seconds(60));
    bench.run();
    bench.edit(ada.id, "name", "Ada Byron");
    bench.edit(ada.id, "email", "byron@example.org");
    bench.run();
    REQUIRE(marked.values(ours).at("name") == "Ada Byron");
    marked.person_deletes(ours);
    for (int i = 0; i < 6; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    // What the copy still says is older than the edit here.
    CHECK(bench.only().fields.name == "Ada Byron");
    CHECK(bench.only().fields.email == "byron@example.org");
    CHECK(marked.live_ids().size() == 1);
}

TEST_CASE("found: what answered an update was there, whatever listings left out before") {
    const sync::Rules rules{.settle = seconds(45), .late = seconds(1)};
    const sync::SystemSpec system{SystemKey("hubspot"), "HubSpot", {"name"}, true, true};
    const TimePoint now{seconds(1000)};
    sync::ContactNotes ada;
    sync::Standing& standing = ada.systems[system.key];
    standing.link = sync::Link{.id = RemoteId("7"), .absent_count = kAbsencesNeeded - 1};
    sync::Step step;
    step.kind = sync::IntentKind::Update;
    step.system = system.key;
    step.record = RemoteId("7");
    step.raw = step.app = {{"name", "Ada"}};
    sync::note_step(standing, step, now);
    const sync::CallOutcome outcome{.end = sync::CallEnd::Applied, .id = RemoteId("7")};
    (void)sync::note_outcome(ada, step, system, outcome, {}, {now, rules});
    CHECK(standing.link->absent_count == 0);
    CHECK(standing.link->visible_until == now + rules.settle);
}

TEST_CASE(
    "found: somebody new has the e-mail of an arrival that is withdrawn in the same listing") {
    SyncBench bench(1, seconds(30));
    const Contact gone = bench.create("Gone", "gone@example.org");
    bench.run();
    REQUIRE(bench.contacts->remove(bench.customer, gone.id, {}).is_ok());
    for (int i = 0; i < 3; ++i) {
        bench.clock.advance(seconds(60));
        bench.run();
    }
    const std::string id =
        bench.pipedrive.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}});
    bench.run();
    REQUIRE(bench.only().arriving);
    bench.pipedrive.person_edits(id, "email", "gone@example.org");
    bench.pipedrive.person_creates({{"name", "Ben"}, {"email", "ada@example.org"}});
    bench.clock.advance(seconds(60));
    CHECK(bench.run().state != api::RunState::Failed);
    CHECK(bench.only().fields.name == "Ben");
    const sync::CustomerNotes notes = bench.notes();
    const auto hold = notes.holds.find({SystemKey("pipedrive"), RemoteId(id)});
    REQUIRE(hold != notes.holds.end());
    CHECK(hold->second.reason == sync::HoldReason::Suppressed);
}

TEST_CASE(
    "found: an edit shows before the token is refused, and a late write of ours replaces it") {
    SyncBench bench(1, milliseconds(0), seconds(60));
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const std::string id = bench.hubspot.live_ids().front();
    bench.edit(ada.id, "jobTitle", "Ours");
    bench.hubspot.faults = {.lateness = seconds(60), .late = 100};
    bench.hubspot.dice = [] { return 50'000U; };
    bench.run();
    bench.hubspot.person_edits(id, "jobTitle", "Theirs");
    bench.hubspot.faults = {.disconnected = 100};
    bench.hubspot.dice = [] { return 1U; };  // one record, and then the token is refused
    bench.run();
    REQUIRE(bench.hubspot.values(id).at("jobTitle") == "Theirs");
    bench.hubspot.faults = {};
    bench.clock.advance(seconds(60));
    bench.run();
    REQUIRE(bench.hubspot.values(id).at("jobTitle") == "Ours");
    CHECK(is_kept(bench, "Theirs"));
}

TEST_CASE("run: cancelled between two writes it stops there, and the next one does the rest once") {
    SyncBench bench;
    for (int i = 0; i < 9; ++i) {
        bench.create("Contact " + std::to_string(i), "c" + std::to_string(i) + "@example.org");
    }
    std::vector<std::unique_ptr<sync::Connector>> connectors;
    for (FakeCrm* crm : bench.crms) connectors.push_back(std::make_unique<FakeConnector>(*crm));
    sync::RunControl control;
    control.is_stopping = [&] { return bench.writes() >= 4; };
    control.take_round_again = [] { return false; };
    control.pause_until = [](TimePoint) { return false; };
    control.report = [](const api::Run&) {};
    api::Run run;
    run.id = RunId("cancelled");
    run.trigger = "person";
    run = sync::perform_run({bench.store.database(),
                             *bench.contacts,
                             bench.clock,
                             sync::Concurrency::Sequential,
                             bench.service->quiet_memory(bench.customer).get(),
                             nullptr},
                            bench.settings,
                            bench.customer,
                            connectors,
                            control,
                            run);
    CHECK(run.state == api::RunState::Cancelled);
    CHECK(bench.writes() == 4);
    CHECK(run.writes.at("hubspot") + run.writes.at("pipedrive") == 4);
    CHECK(run.pending == 14);
    for (const auto& [id, contact] : bench.notes().contacts) {
        for (const auto& [system, standing] : contact.systems) CHECK_FALSE(standing.intent);
    }
    CHECK(bench.run().pending == 0);
    CHECK(bench.writes() == 18);
    CHECK(bench.hubspot.live_ids().size() == 9);
    CHECK(bench.pipedrive.live_ids().size() == 9);
}

}  // namespace
}  // namespace crm::test
