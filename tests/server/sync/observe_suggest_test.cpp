// Who a held record may be: told by the phone, decided by a person.
#include <doctest/doctest.h>

#include "server/sync/planner.h"
#include "server/sync/survey.h"
#include "tests/support/observe_bench.h"

namespace crm::sync {
namespace {

const std::string kPhone = "+44 20 7946 0958";

RemoteRecord without_email(const std::string& id, const std::string& phone) {
    RemoteRecord shown = record(id, "A. Lovelace", "");
    shown.values["phone"] = phone;
    return shown;
}

ContactNotes& add_with_phone(ObserveBench& bench, const std::string& id, const std::string& phone) {
    ContactNotes& contact = bench.add(id, "Ada " + id);
    contact.contact.fields.phone = phone;
    return contact;
}

TEST_CASE("suggestion: a record without e-mail is proposed for the one contact with its phone") {
    ObserveBench bench;
    add_with_phone(bench, "a", "+442079460958");
    add_with_phone(bench, "b", "+44 20 7946 0999");
    const Observed observed = bench.see({without_email("10", "0044 (0)20 7946-0958")});
    REQUIRE(bench.hold("10") != nullptr);
    CHECK(bench.hold("10")->reason == HoldReason::NoEmail);
    CHECK(bench.hold("10")->suggested == ContactId("a"));
    CHECK(bench.hold("10")->suggestion ==
          "It has the same phone as Ada a, who has no record in HubSpot.");
    CHECK(observed.holds.size() == 1);
    // Nothing is linked by itself, and it is told once.
    CHECK(bench.record_of("a").empty());
    CHECK(bench.see({without_email("10", "0044 (0)20 7946-0958")}).is_empty());
}

TEST_CASE("suggestion: further phones count, and an e-mail that nobody can use counts as none") {
    ObserveBench bench;
    bench.add("a", "Ada").contact.fields.more_phones = {{kPhone, "work"}};
    RemoteRecord shown = without_email("10", kPhone);
    shown.values["email"] = "not an address";
    (void)bench.see({shown});
    REQUIRE(bench.hold("10") != nullptr);
    CHECK(bench.hold("10")->reason == HoldReason::Invalid);
    CHECK(bench.hold("10")->suggested == ContactId("a"));
}

TEST_CASE("suggestion: two contacts with the phone: nobody is proposed, and why is told") {
    ObserveBench bench;
    add_with_phone(bench, "a", kPhone);
    add_with_phone(bench, "b", kPhone);
    (void)bench.see({without_email("10", kPhone)});
    CHECK_FALSE(bench.hold("10")->suggested.is_set());
    CHECK(hold_message(*bench.hold("10")).find("of 2 contacts here (Ada a is one), so nobody") !=
          std::string::npos);
    CHECK(bench.see({without_email("10", kPhone)}).is_empty());
    // One of them goes: it is the other's.
    bench.notes.contacts.at(ContactId("a")).contact.deleted = true;
    (void)bench.see({without_email("10", kPhone)});
    CHECK(bench.hold("10")->suggested == ContactId("b"));
}

TEST_CASE("suggestion: who has a record there is named, not proposed") {
    ObserveBench bench;
    bench.add_linked("a", "Ada").contact.fields.phone = kPhone;
    (void)bench.see({record("ra", "Ada", "a@x.org"), without_email("10", kPhone)});
    CHECK_FALSE(bench.hold("10")->suggested.is_set());
    CHECK(hold_message(*bench.hold("10")).find("Ada, who is linked to HubSpot record ra") !=
          std::string::npos);
}

TEST_CASE("suggestion: the deleted and the arriving, and a phone that is none, propose nobody") {
    ObserveBench bench;
    add_with_phone(bench, "a", kPhone).contact.deleted = true;
    add_with_phone(bench, "b", kPhone).contact.arriving = true;
    add_with_phone(bench, "c", "020 7946 0958");
    add_with_phone(bench, "d", "+44 20 7946 0958 ext. 12");
    (void)bench.see({without_email("10", kPhone), without_email("11", "020 7946 0958")});
    CHECK_FALSE(bench.hold("10")->suggested.is_set());
    CHECK(bench.hold("10")->suggestion.empty());
    CHECK_FALSE(bench.hold("11")->suggested.is_set());
    // With a country it is a number.
    bench.phone_region = "GB";
    (void)bench.see({without_email("10", kPhone), without_email("11", "020 7946 0958")});
    CHECK(bench.hold("10")->suggested == ContactId("c"));
    CHECK(bench.hold("11")->suggested == ContactId("c"));
}

TEST_CASE("suggestion: a no is remembered for as long as it is the same question") {
    ObserveBench bench;
    add_with_phone(bench, "a", kPhone);
    (void)bench.see({without_email("10", kPhone)});
    bench.notes.holds.at({kHub, RemoteId("10")}).is_suggestion_refused = true;
    CHECK(bench.see({without_email("10", kPhone)}).is_empty());
    CHECK(bench.hold("10")->is_suggestion_refused);
    // The record is edited over there: still no.
    RemoteRecord edited = without_email("10", kPhone);
    edited.values["name"] = "Countess";
    CHECK(bench.see({edited}).holds.size() == 1);
    CHECK(bench.hold("10")->is_suggestion_refused);
    // Nobody else is proposed in her place.
    add_with_phone(bench, "b", kPhone);
    CHECK(bench.see({edited}).is_empty());
    CHECK(bench.hold("10")->suggested == ContactId("a"));
    // She has another phone now: the question is another one.
    bench.notes.contacts.at(ContactId("a")).contact.fields.phone.clear();
    (void)bench.see({edited});
    CHECK(bench.hold("10")->suggested == ContactId("b"));
    CHECK_FALSE(bench.hold("10")->is_suggestion_refused);
}

TEST_CASE("suggestion: it ends with its cause") {
    ObserveBench bench;
    ContactNotes& ada = add_with_phone(bench, "a", kPhone);
    (void)bench.see({without_email("10", kPhone)});
    CHECK(bench.standing("a").is_suggested);
    CHECK(bench.see({without_email("10", "")}).holds.size() == 1);
    CHECK_FALSE(bench.hold("10")->suggested.is_set());
    CHECK_FALSE(bench.standing("a").is_suggested);
    (void)bench.see({without_email("10", kPhone)});
    CHECK(bench.standing("a").is_suggested);
    // The record gets an e-mail: hers.
    RemoteRecord shown = without_email("10", kPhone);
    shown.values["email"] = "a@x.org";
    (void)bench.see({shown});
    CHECK(bench.hold("10") == nullptr);
    CHECK(bench.record_of("a") == "10");
    CHECK_FALSE(ada.systems.at(kHub).is_suggested);
}

TEST_CASE("suggestion: while it is open no second record is made for the contact") {
    ObserveBench bench;
    add_with_phone(bench, "a", kPhone);
    (void)bench.see({without_email("10", kPhone)});
    const SystemView view{.is_reachable = true, .is_complete = true, .started = bench.started()};
    const auto choose = [&] {
        return choose_step(
            bench.notes.contacts.at(ContactId("a")), bench.system, view, kRules, bench.started());
    };
    CHECK(choose().blocker == Blocker::Suggested);
    CHECK_FALSE(choose().step);
    const Survey waiting = survey(bench.notes, {bench.system}, kRules, bench.started());
    CHECK(waiting.pending == 0);
    bench.notes.holds.at({kHub, RemoteId("10")}).is_suggestion_refused = true;
    (void)bench.see({without_email("10", kPhone)});
    REQUIRE(choose().step);
    CHECK(choose().step->kind == IntentKind::Create);
}

/// A record with an e-mail that nobody has.
RemoteRecord with_email(const std::string& phone) {
    RemoteRecord shown = record("10", "A. Lovelace", "countess@x.org");
    shown.values["phone"] = phone;
    return shown;
}

TEST_CASE("suggestion: a new record with an e-mail of its own arrives, and is asked about beside") {
    ObserveBench bench;
    add_with_phone(bench, "a", kPhone);
    const Observed observed = bench.see({with_email(kPhone)});
    REQUIRE(observed.arrived.size() == 1);
    REQUIRE(bench.hold("10") != nullptr);
    CHECK(bench.hold("10")->reason == HoldReason::Similar);
    CHECK(bench.hold("10")->contact == observed.arrived.front());
    CHECK(bench.hold("10")->suggested == ContactId("a"));
    CHECK(bench.hold("10")->suggestion == "It has the same phone as Ada a.");
    CHECK(bench.hold("10")->values.at("email") == "countess@x.org");
    // Neither the import nor the other contact waits, and it is no problem of the run.
    CHECK_FALSE(bench.standing("a").is_suggested);
    const Survey state = survey(bench.notes, {bench.system}, kRules, bench.started());
    CHECK(state.problems.empty());
    CHECK(state.systems.at(kHub).excluded == 0);
    CHECK(bench.see({with_email(kPhone)}).confirmed.size() == 1);
    CHECK(bench.hold("10") != nullptr);
    CHECK(bench.see({with_email(kPhone)}).is_empty());
    // Refused: not asked again.
    bench.notes.holds.at({kHub, RemoteId("10")}).is_suggestion_refused = true;
    CHECK(bench.see({with_email(kPhone)}).is_empty());
    // One of the two is deleted: the question has ended.
    bench.notes.contacts.at(ContactId("a")).contact.deleted = true;
    CHECK(bench.see({with_email(kPhone)}).holds.size() == 1);
    CHECK(bench.hold("10") == nullptr);
}

TEST_CASE("suggestion: new records are asked about only where the phone names one free contact") {
    ObserveBench bench;
    bench.add_linked("a", "Ada").contact.fields.phone = kPhone;
    (void)bench.see({record("ra", "Ada", "a@x.org"), with_email(kPhone)});
    CHECK(bench.hold("10") == nullptr);
    ObserveBench two;
    add_with_phone(two, "a", kPhone);
    add_with_phone(two, "b", kPhone);
    CHECK(two.see({with_email(kPhone)}).holds.empty());
}

TEST_CASE("suggestion: what a partial listing does not show keeps its suggestion") {
    ObserveBench bench;
    add_with_phone(bench, "a", kPhone);
    (void)bench.see({without_email("10", kPhone)});
    CHECK(bench.see({}, false).is_empty());
    CHECK(bench.hold("10")->suggested == ContactId("a"));
    CHECK(bench.standing("a").is_suggested);
    CHECK(bench.see({}).holds.size() == 1);
    CHECK(bench.hold("10") == nullptr);
    CHECK_FALSE(bench.standing("a").is_suggested);
}

}  // namespace
}  // namespace crm::sync
