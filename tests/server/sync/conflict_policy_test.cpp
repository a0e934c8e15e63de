// Who wins when a field changed on both sides, and that the loser is always kept; fields that go to
// and fro; versions, over whole listings.
#include <algorithm>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/sync/field_merge.h"
#include "tests/support/observe_bench.h"

namespace crm::sync {
namespace {

using std::chrono::seconds;

/// Ada's name was changed here and there.
ObserveBench changed_on_both_sides(const std::string& policy) {
    ObserveBench bench;
    bench.policies.by_field["name"] = policy;
    bench.add_linked("a", "Ada").contact.fields.name = "Ours";
    return bench;
}

const std::string& name_of(const ObserveBench& bench) {
    return bench.notes.contacts.at(ContactId("a")).contact.fields.name;
}

TEST_CASE("policy: by default ours stands; theirs is kept with what was agreed on before") {
    ObserveBench bench = changed_on_both_sides("app");
    const Observed observed = bench.see({record("ra", "Theirs", "a@x.org")});
    CHECK(name_of(bench) == "Ours");
    REQUIRE(observed.conflicts.size() == 1);
    const ConflictRow& row = observed.conflicts[0];
    CHECK(row.base == "Ada");
    CHECK(row.app_value == "Ours");
    CHECK(row.remote_value == "Theirs");
    CHECK(row.winner == "Ours");
    CHECK(row.policy == "app");
    CHECK(row.state == "auto");
}

TEST_CASE("policy: a preferred system wins; ours is kept") {
    ObserveBench bench = changed_on_both_sides("hubspot");
    const Observed observed = bench.see({record("ra", "Theirs", "a@x.org")});
    CHECK(name_of(bench) == "Theirs");
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts[0].app_value == "Ours");
    CHECK(observed.conflicts[0].winner == "Theirs");
    CHECK(observed.conflicts[0].policy == "hubspot");
    CHECK(observed.edited.size() == 1);
    CHECK(observed.history.back().text.find("“Ours”") != std::string::npos);
    ObserveBench other = changed_on_both_sides("pipedrive");
    CHECK(other.see({record("ra", "Theirs", "a@x.org")}).conflicts[0].policy == "app");
    CHECK(name_of(other) == "Ours");
}

TEST_CASE("policy: asked about, ours stands until somebody decides") {
    ObserveBench bench = changed_on_both_sides("ask");
    const Observed observed = bench.see({record("ra", "Theirs", "a@x.org")});
    CHECK(name_of(bench) == "Ours");
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts[0].policy == "ask");
    CHECK(observed.conflicts[0].state == "open");
}

TEST_CASE("policy: what only comes from a system is what that system says, and ours is kept") {
    for (const char* policy : {"app", "ask", "newest", "pipedrive"}) {
        CAPTURE(policy);
        ObserveBench bench = changed_on_both_sides(policy);
        bench.system.directions["name"] = Direction::In;
        const Observed observed = bench.see({record("ra", "Theirs", "a@x.org")});
        CHECK(name_of(bench) == "Theirs");
        REQUIRE(observed.conflicts.size() == 1);
        CHECK(observed.conflicts[0].app_value == "Ours");
        CHECK(observed.conflicts[0].winner == "Theirs");
        CHECK(observed.conflicts[0].policy == "hubspot");
        CHECK(observed.conflicts[0].state == "auto");
    }
}

TEST_CASE("policy: the newest value is the one that was seen last") {
    ObserveBench bench = changed_on_both_sides("newest");
    bench.notes.contacts.at(ContactId("a")).contact.updated_at = at(99);
    CHECK(bench.see({record("ra", "Theirs", "a@x.org")}).conflicts[0].policy == "newest");
    CHECK(name_of(bench) == "Theirs");
    ObserveBench later = changed_on_both_sides("newest");
    later.notes.contacts.at(ContactId("a")).contact.updated_at =
        at(101);  // the listing began at 100
    CHECK(later.see({record("ra", "Theirs", "a@x.org")}).conflicts.size() == 1);
    CHECK(name_of(later) == "Ours");
}

TEST_CASE("policy: at first sight only a younger record is newer") {
    for (const int created : {40, 60}) {
        ObserveBench bench;
        bench.policies.by_field["*"] = "newest";
        bench.add("a", "Ours").contact.updated_at = at(50);
        RemoteRecord shown = record("10", "Theirs", "a@x.org");
        shown.created_at = at(created);
        const Observed observed = bench.see({shown});
        CHECK(name_of(bench) == (created > 50 ? "Theirs" : "Ours"));
        REQUIRE(observed.conflicts.size() == 1);
        CHECK(observed.conflicts[0].kind == "first_sync");
        CHECK(observed.conflicts[0].policy == "newest");
    }
}

TEST_CASE("policy: no policy gives a contact the e-mail of another one") {
    ObserveBench bench;
    bench.policies.by_field["*"] = "hubspot";
    bench.add_linked("a", "Ada").contact.fields.email = "ours@x.org";
    bench.add_linked("b", "Bob");
    const Observed observed =
        bench.see({record("ra", "Ada", "b@x.org"), record("rb", "Bob", "b@x.org")});
    CHECK(bench.notes.contacts.at(ContactId("a")).contact.fields.email == "ours@x.org");
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts[0].kind == "email_taken");
}

TEST_CASE("oscillation: a field that keeps turning back is left alone until somebody decides") {
    ObserveBench bench;
    bench.add_linked("a", "One");
    (void)bench.see({record("ra", "Two", "a@x.org")});
    CHECK(bench.standing("a").oscillations.empty());  // an edit is no oscillation
    (void)bench.see({record("ra", "One", "a@x.org")});
    (void)bench.see({record("ra", "Two", "a@x.org")});
    CHECK(name_of(bench) == "Two");
    const Observed observed = bench.see({record("ra", "One", "a@x.org")});
    CHECK(name_of(bench) == "Two");
    const Oscillation& oscillation = bench.standing("a").oscillations.at("name");
    CHECK(oscillation.is_frozen);
    CHECK(oscillation.left.size() <= kLeftValuesKept);
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts[0].kind == "oscillation");
    CHECK(observed.conflicts[0].state == "open");
    CHECK(observed.conflicts[0].app_value == "Two");
    CHECK(observed.history.back().text.find("to and fro") != std::string::npos);
    // Frozen: whatever shows, nothing changes and nothing is written.
    CHECK(bench.see({record("ra", "Two", "a@x.org")}).is_empty());
    CHECK(bench.see({record("ra", "Three", "a@x.org")}).is_empty());
    // Thawed: ours differs from what is agreed on, so ours is sent.
    bench.standing("a").oscillations.clear();
    CHECK(bench.standing("a").link->fields["name"].app == "One");
    CHECK(bench.see({record("ra", "One", "a@x.org")}).conflicts.empty());
    CHECK(name_of(bench) == "Two");
}

TEST_CASE("oscillation: turning back now and then is a person, and forgotten") {
    ObserveBench bench;
    bench.add_linked("a", "One");
    for (int round = 0; round < 6; ++round) {
        const std::string name = round % 2 == 0 ? "Two" : "One";
        for (int i = 0; i < 3; ++i) (void)bench.see({record("ra", name, "a@x.org")});
        CHECK(name_of(bench) == name);
    }
    for (int i = 0; i < 5; ++i) (void)bench.see({record("ra", "One", "a@x.org")});
    (void)bench.see({record("ra", "Something new", "a@x.org")});
    CHECK(bench.standing("a").oscillations.empty());
}

/// Our value is written over theirs, and some minutes and listings later it is theirs again.
Observed turn_back(ObserveBench& bench, const std::string& ours, const std::string& theirs) {
    Link& link = *bench.standing("a").link;
    bench.notes.contacts.at(ContactId("a")).contact.fields.name = ours;
    note_sent(link.fields["name"], ours, ours);
    note_acked(link.fields["name"], ours, ours, bench.started(), kRules);
    for (int i = 0; i < 2 * kFlipCycles; ++i) (void)bench.see({record("ra", ours, "a@x.org")});
    return bench.see({record("ra", theirs, "a@x.org")});
}

TEST_CASE("oscillation: what we write and something turns back is left alone, however slowly") {
    ObserveBench bench;
    bench.add_linked("a", "Theirs");
    for (std::size_t turn = 1; turn < kTurnBacksMax; ++turn) {
        CHECK(turn_back(bench, "Ours", "Theirs").conflicts.empty());
        CHECK(name_of(bench) == "Theirs");
        CHECK_FALSE(bench.standing("a").oscillations.at("name").is_frozen);
    }
    // Another value of ours is the same question.
    const Observed observed = turn_back(bench, "Another one", "Theirs");
    CHECK(bench.standing("a").oscillations.at("name").is_frozen);
    CHECK(name_of(bench) == "Another one");
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts[0].kind == "oscillation");
    CHECK(observed.conflicts[0].state == "open");
    CHECK(bench.see({record("ra", "Theirs", "a@x.org")}).is_empty());
}

TEST_CASE("oscillation: people who change each other's value once a day go on doing so") {
    ObserveBench bench;
    bench.step = 60 * 60;
    bench.add_linked("a", "Theirs");
    for (int day = 0; day < 10; ++day) {
        CHECK(turn_back(bench, "Ours", "Theirs").conflicts.empty());
        CHECK(name_of(bench) == "Theirs");
        for (int hour = 0; hour < 12; ++hour) (void)bench.see({record("ra", "Theirs", "a@x.org")});
    }
}

TEST_CASE("oscillation: new values over ours are edits, as many as they are") {
    ObserveBench bench;
    bench.add_linked("a", "Theirs");
    for (int round = 0; round < 10; ++round) {
        const std::string theirs = "Theirs " + std::to_string(round);
        CHECK(turn_back(bench, "Ours " + std::to_string(round), theirs).conflicts.empty());
        CHECK(name_of(bench) == theirs);
    }
    CHECK(bench.standing("a").oscillations.empty());
}

/// A record of a system whose versions are trusted.
RemoteRecord at_version(std::int64_t version, const std::string& name) {
    RemoteRecord shown = record("ra", name, "a@x.org");
    shown.version = version;
    return shown;
}

ObserveBench with_versions() {
    ObserveBench bench;
    bench.system.is_version_trusted = true;
    bench.add_linked("a", "Ada").systems[kHub].link->version = 5;
    return bench;
}

TEST_CASE("versions: an older reading is ignored, a newer one is believed at once") {
    ObserveBench bench = with_versions();
    FieldShadow& shadow = bench.standing("a").link->fields["name"];
    shadow.settle_until = at(1000);
    CHECK(bench.see({at_version(4, "Old")}).is_empty());
    CHECK(name_of(bench) == "Ada");
    const Observed observed = bench.see({at_version(6, "New")});
    CHECK(name_of(bench) == "New");
    CHECK(observed.doubtful == 0);
    CHECK(bench.standing("a").link->version == 6);
    // Of the same version: the windows decide.
    CHECK(bench.see({at_version(6, "Other")}).doubtful == 0);
    CHECK(name_of(bench) == "Other");
}

TEST_CASE("versions: until the version of our own write is known, the windows decide") {
    ObserveBench bench = with_versions();
    bench.standing("a").link->version.reset();
    FieldShadow& shadow = bench.standing("a").link->fields["name"];
    shadow.raw = shadow.app = "Ours";
    shadow.settle_until = at(250);
    shadow.is_settling_own = true;
    bench.notes.contacts.at(ContactId("a")).contact.fields.name = "Ours";
    CHECK(bench.see({at_version(5, "Before ours")}).doubtful == 1);
    CHECK_FALSE(bench.standing("a").link->version);
    CHECK(bench.see({at_version(6, "Ours")}).doubtful == 0);
    CHECK_FALSE(bench.standing("a").link->version);
    (void)bench.see({at_version(6, "Ours")});
    CHECK(bench.standing("a").link->version == 6);
}

TEST_CASE("versions: of a system whose versions are not trusted they say nothing") {
    ObserveBench bench = with_versions();
    bench.system.is_version_trusted = false;
    (void)bench.see({at_version(4, "New")});
    CHECK(name_of(bench) == "New");
    CHECK(bench.standing("a").link->version == 5);
}

TEST_CASE(
    "windows: a listing that is older than Δ allows is noticed when the newer value returns") {
    ObserveBench bench;
    bench.step = 6;
    bench.add_linked("a", "Ada");
    (void)bench.see({record("ra", "New", "a@x.org")});  // at 6: "Ada" is explained until 17
    CHECK(name_of(bench) == "New");
    (void)bench.see({record("ra", "Ada", "a@x.org")});                // at 12: explained
    Observed observed = bench.see({record("ra", "Ada", "a@x.org")});  // at 18: not any more
    CHECK(name_of(bench) == "New");
    CHECK(observed.doubtful == 1);
    CHECK(observed.incidents == 0);
    observed = bench.see({record("ra", "New", "a@x.org")});
    CHECK(observed.incidents == 1);
    CHECK(observed.late_by == seconds(11));
}

TEST_CASE("windows: a marked record of a contact without any call is a create that came late") {
    ObserveBench bench;
    bench.add("a", "Ada");
    RemoteRecord late = record("10", "Ada", "a@x.org");
    late.marker = "a";
    CHECK(bench.see({late}).late_calls == 1);
    CHECK(bench.record_of("a") == "10");
    CHECK(bench.see({late}).late_calls == 0);
}

}  // namespace
}  // namespace crm::sync
