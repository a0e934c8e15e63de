// What a listing means beyond single fields: markers, merges over there, records that vanish.
#include "server/sync/observe.h"

#include <doctest/doctest.h>

#include "server/sync/explain.h"
#include "server/sync/plan_fields.h"
#include "server/sync/survey.h"
#include "shared/limits.h"
#include "tests/support/observe_bench.h"

namespace crm::sync {
namespace {

TEST_CASE("observe: what carries our marker is linked before what only has the e-mail") {
    ObserveBench bench;
    bench.add("a", "Ada");
    RemoteRecord ours = record("20", "Ada", "a@x.org");
    ours.marker = "a";
    const Observed observed = bench.see({record("10", "Ada", "a@x.org"), ours});
    CHECK(bench.record_of("a") == "20");
    REQUIRE(bench.hold("10") != nullptr);
    CHECK(bench.hold("10")->reason == HoldReason::Duplicate);
    CHECK(observed.history.front().text.find("matched by our marker") != std::string::npos);
}

TEST_CASE("observe: of several records with one e-mail the one with the lowest number is linked") {
    ObserveBench bench;
    bench.add("a", "Ada");
    (void)bench.see({record("100", "Ada", "a@x.org"), record("99", "Ada", "a@x.org")});
    CHECK(bench.record_of("a") == "99");
}

TEST_CASE("observe: the late record of a contact that was deleted meanwhile is deleted as well") {
    ObserveBench bench;
    bench.add("a", "Ada").contact.deleted = true;
    RemoteRecord late = record("10", "Ada", "other@x.org");
    late.marker = "a";
    const Observed observed = bench.see({late});
    CHECK(bench.record_of("a") == "10");
    REQUIRE(observed.died.size() == 1);
    CHECK(bench.notes.dead.contains({kHub, RemoteId("10")}));
    CHECK(observed.arrived.empty());
}

TEST_CASE("observe: our marker may be on the record of an earlier create, which counted as lost") {
    ObserveBench bench;
    bench.add("a", "Ada King");
    Intent open;
    open.raw = open.app = {{"name", "Ada King"}, {"email", "a@x.org"}};
    open.email_key = "a@x.org";
    bench.standing("a").intent = open;
    RemoteRecord earlier = record("10", "Ada", "a@x.org");  // the name that the contact had then
    earlier.marker = "a";
    const Observed observed = bench.see_often({earlier});
    CHECK(bench.record_of("a") == "10");
    CHECK(bench.notes.contacts.at(ContactId("a")).contact.fields.name == "Ada King");
    CHECK(bench.standing("a").link->fields.at("name").raw == "Ada");
}

TEST_CASE("observe: a marker does not bring a dead record back") {
    ObserveBench bench;
    bench.add("a", "Ada");
    bench.notes.dead[{kHub, RemoteId("10")}] = ContactId("a");
    RemoteRecord back = record("10", "Ada", "a@x.org");
    back.marker = "a";
    (void)bench.see({back});
    CHECK(bench.record_of("a").empty());
}

TEST_CASE("observe: two records merged into a new one: the contacts follow, and nothing is made") {
    ObserveBench bench;
    bench.add_linked("a", "Ada");
    bench.add_linked("b", "Ada L.");
    RemoteRecord merged = record("30", "Ada", "a@x.org");
    merged.other_emails = {"b@x.org"};
    const Observed observed = bench.see_often({merged});
    CHECK(bench.record_of("a") == "30");
    CHECK(bench.record_of("b").empty());
    CHECK(bench.standing("b").is_detached);
    CHECK_FALSE(bench.standing("a").is_detached);
    CHECK(bench.notes.dead.size() == 2);
    CHECK(observed.conflicts.empty());
    REQUIRE(bench.hold("30") != nullptr);
    CHECK(bench.hold("30")->reason == HoldReason::Merged);
    CHECK(bench.hold("30")->contact == ContactId("b"));
    CHECK(bench.hold("30")->message.find("Ada L.") != std::string::npos);
    // It is told once, and not written again.
    CHECK(bench.see({merged}).holds.empty());
    CHECK(bench.hold("30") != nullptr);
}

TEST_CASE("observe: a record merged into the linked one of another contact is not made again") {
    ObserveBench bench;
    bench.add_linked("a", "Ada");
    bench.add_linked("b", "Ada L.");
    RemoteRecord survivor = record("ra", "Ada", "a@x.org");
    survivor.other_emails = {"b@x.org"};
    (void)bench.see_often({survivor});
    CHECK(bench.standing("b").is_detached);
    CHECK(bench.record_of("a") == "ra");
    REQUIRE(bench.hold("ra") != nullptr);
    CHECK(bench.hold("ra")->reason == HoldReason::Merged);
    const auto tell = [&] {
        return explain(bench.notes,
                       bench.notes.contacts.at(ContactId("b")),
                       bench.system,
                       {bench.started(), kRules})
            .sentence;
    };
    CHECK(
        tell() ==
        "Merged over there into HubSpot record ra, which is linked to Ada; it is not created there "
        "again. Merge the two contacts here as well, or delete one of them.");
    CHECK(describe_link(bench.notes.contacts.at(ContactId("b")), bench.system)
              .reason.find("became one with that of another contact in HubSpot") !=
          std::string::npos);
    // Merged here as well: nothing is left to ask.
    bench.notes.contacts.at(ContactId("b")).contact.deleted = true;
    CHECK(bench.see({survivor}).holds.size() == 1);
    CHECK(bench.hold("ra") == nullptr);
}

TEST_CASE("observe: a contact follows to the record that replaced its own, without a conflict") {
    ObserveBench bench;
    ContactNotes& ada = bench.add_linked("a", "Ada");
    bench.standing("a").link->fields["phone"].raw = "+44 1";
    bench.standing("a").link->fields["phone"].app = "+44 1";
    ada.contact.fields.phone = "+44 1";
    RemoteRecord successor = record("30", "Ada King", "king@x.org");
    successor.other_emails = {"a@x.org"};
    Observed observed = bench.see_often({successor});
    CHECK(bench.record_of("a") == "30");
    CHECK(observed.arrived.empty());
    CHECK(observed.history.front().kind == "linked");
    // Its texts are believed once they cannot be old ones.
    observed = bench.see({successor});
    CHECK(ada.contact.fields.name == "Ada King");
    CHECK(ada.contact.fields.email == "king@x.org");
    CHECK(observed.conflicts.empty());
    // What it does not have is not cleared here: ours differs, and is sent.
    CHECK(ada.contact.fields.phone == "+44 1");
    CHECK(bench.standing("a").link->fields["phone"].app.empty());
}

TEST_CASE("observe: what was cleared here is not filled by the record that takes the place") {
    ObserveBench bench;
    ContactNotes& ada = bench.add_linked("a", "Ada");
    ada.contact.fields.name.clear();  // and not sent yet
    Observed observed = bench.see_often({record("30", "Countess", "a@x.org")});
    CHECK(bench.record_of("a") == "30");
    observed = bench.see({record("30", "Countess", "a@x.org")});
    CHECK(ada.contact.fields.name.empty());
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts.front().remote_value == "Countess");
    CHECK(observed.conflicts.front().base == "Ada");
}

TEST_CASE("observe: an arrival that turns out to have an e-mail deleted here is held instead") {
    ObserveBench bench;
    bench.notes.suppressed["gone@x.org"] = ContactId("7");
    REQUIRE(bench.see({record("30", "Ada", "ada@x.org")}).arrived.size() == 1);
    const Observed observed = bench.see({record("30", "Ada", "Gone@x.org")});
    CHECK(observed.withdrawn.size() == 1);
    CHECK(observed.confirmed.empty());
    CHECK(observed.edited.empty());
    CHECK(bench.notes.contacts.empty());
    REQUIRE(bench.hold("30") != nullptr);
    CHECK(bench.hold("30")->reason == HoldReason::Suppressed);
    // With an e-mail of its own again it is welcome.
    CHECK(bench.see({record("30", "Ada", "ada@x.org")}).arrived.size() == 1);
    CHECK(bench.hold("30") == nullptr);
}

TEST_CASE("observe: what a record showed while it was held is not forgotten when it is linked") {
    ObserveBench bench;
    bench.notes.suppressed["ada@x.org"] = ContactId("7");
    (void)bench.see({record("30", "Newest", "ada@x.org")});
    REQUIRE(bench.hold("30") != nullptr);
    bench.notes.suppressed.clear();
    bench.add("1", "Ada").contact.fields.email = "ada@x.org";
    bench.notes.contacts.at(ContactId("1")).aliases = {"ada@x.org"};
    // A listing may be old: what it shows may have been replaced by what the hold knows.
    bench.step = 5;
    (void)bench.see({record("30", "Older", "ada@x.org")});
    REQUIRE(bench.record_of("1") == "30");
    CHECK(bench.standing("1").link->fields.at("name").doubt_until > bench.started());
    CHECK(bench.standing("1").link->fields.at("email").doubt_until == TimePoint{});
    bench.step = 100;
    const Observed observed = bench.see({record("30", "Newest", "ada@x.org")});
    REQUIRE(observed.conflicts.size() == 1);
    CHECK(observed.conflicts.front().remote_value == "Newest");
}

TEST_CASE("observe: a record with our marker takes the place of one that is gone") {
    ObserveBench bench;
    bench.add_linked("a", "Ada");
    RemoteRecord successor = record("30", "Ada", "other@x.org");
    successor.marker = "a";
    (void)bench.see({successor});
    CHECK(bench.record_of("a") == "ra");
    (void)bench.see_often({successor});
    CHECK(bench.record_of("a") == "30");
}

TEST_CASE("observe: a record that vanished is made again, left out, or asked about") {
    for (const VanishPolicy policy :
         {VanishPolicy::Restore, VanishPolicy::Detach, VanishPolicy::Ask}) {
        ObserveBench bench;
        bench.system.vanish = policy;
        bench.add_linked("a", "Ada");
        const Observed observed = bench.see_often({});
        const Standing& standing = bench.standing("a");
        CHECK_FALSE(standing.link);
        CHECK(standing.has_vanished);
        CHECK(standing.is_detached == (policy != VanishPolicy::Restore));
        CHECK(standing.refusal.has_value() == (policy == VanishPolicy::Ask));
        REQUIRE(observed.history.size() == 1);
        CHECK(observed.history[0].text.find("Record ra is gone from HubSpot") == 0);
        CHECK(bench.notes.dead.contains({kHub, RemoteId("ra")}));
        // Quiet from then on.
        CHECK(bench.see({}).is_empty());
    }
}

TEST_CASE("observe: whether a vanished record is made again is asked where people look") {
    ObserveBench bench;
    bench.system.vanish = VanishPolicy::Ask;
    bench.add_linked("a", "Ada");
    (void)bench.see_often({});
    const Survey state = survey(bench.notes, {bench.system}, kRules, bench.started());
    REQUIRE(state.problems.size() == 1);
    CHECK(state.problems[0].code == "vanished");
    CHECK(state.problems[0].message.find("Its record ra is gone from HubSpot") !=
          std::string::npos);
    CHECK(state.pending == 0);
    bench.system.vanish = VanishPolicy::Detach;
    bench.standing("a").refusal.reset();
    CHECK(survey(bench.notes, {bench.system}, kRules, bench.started()).problems.empty());
}

TEST_CASE("observe: what is only sent to a system is never taken from it") {
    ObserveBench bench;
    bench.system.directions["phone"] = Direction::Out;
    RemoteRecord shown = record("10", "Ada", "a@x.org");
    shown.values["phone"] = std::string(kPhoneCharsMax + 1, '1');
    const Observed observed = bench.see({shown});
    REQUIRE(observed.arrived.size() == 1);
    const ContactNotes& ada = bench.notes.contacts.at(observed.arrived.front());
    CHECK(ada.contact.fields.phone.empty());
    CHECK(ada.contact.fields.name == "Ada");
    CHECK(find_difference(ada.contact, ada.systems.at(kHub), bench.system).raw.empty());
    CHECK(bench.see({shown}).conflicts.empty());
    // Nor does the trash keep what was never an edit of it.
    bench.notes.contacts.at(observed.arrived.front()).contact.deleted = true;
    CHECK(bench.see({shown}).conflicts.empty());
    shown.values["name"] = "Ada King";
    CHECK(bench.see({shown}).conflicts.size() == 1);
}

TEST_CASE("observe: a detached contact takes a record that somebody makes for it over there") {
    ObserveBench bench;
    bench.system.vanish = VanishPolicy::Detach;
    bench.add_linked("a", "Ada");
    (void)bench.see_often({});
    (void)bench.see({record("40", "Ada", "a@x.org")});
    CHECK(bench.record_of("a") == "40");
    CHECK_FALSE(bench.standing("a").is_detached);
}

TEST_CASE("observe: a partial listing makes nobody vanish") {
    ObserveBench bench;
    bench.add_linked("a", "Ada");
    for (int i = 0; i < 5; ++i) CHECK(bench.see({}, false).is_empty());
    CHECK(bench.record_of("a") == "ra");
}

TEST_CASE("observe: an update without an answer stays open until it shows, or can come no more") {
    ObserveBench bench;
    bench.add_linked("1", "Ada").contact.fields.name = "Ada King";
    Intent intent;
    intent.kind = IntentKind::Update;
    intent.id = RemoteId("r1");
    intent.raw = intent.app = {{"name", "Ada King"}};
    intent.is_unknown = true;
    intent.deadline = at(150);  // with Δ: listings begun at 160 and later tell
    bench.standing("1").intent = intent;
    const Observed early = bench.see({record("r1", "Ada", "1@x.org")});  // at 100
    CHECK(bench.standing("1").intent);
    REQUIRE(early.decidable_at);
    CHECK(*early.decidable_at == at(160));
    SUBCASE("it shows") {
        bench.step = 10;
        (void)bench.see({record("r1", "Ada King", "1@x.org")});  // at 110
        CHECK_FALSE(bench.standing("1").intent);
        CHECK(bench.standing("1").link->fields.at("name").raw == "Ada King");
    }
    SUBCASE("it can come no more") {
        (void)bench.see({record("r1", "Ada", "1@x.org")});  // at 200
        CHECK_FALSE(bench.standing("1").intent);
        CHECK(bench.standing("1").link->fields.at("name").raw == "Ada");
    }
}

}  // namespace
}  // namespace crm::sync
