// The sentence that says why a contact stands in a system as it does.
#include "server/sync/explain.h"

#include <doctest/doctest.h>

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

const SystemKey kPipedrive("pipedrive");

SystemSpec pipedrive() {
    return {kPipedrive, "Pipedrive", {"name", "email", "phone"}, false, true, 0};
}

TimePoint at(int seconds) {
    return TimePoint(milliseconds(1'700'000'000'000 + 1000 * seconds));
}

ContactNotes contact(const std::string& id, const std::string& name, const std::string& email) {
    ContactNotes notes;
    notes.contact.id = ContactId(id);
    notes.contact.fields.name = name;
    notes.contact.fields.email = email;
    return notes;
}

Link link(const std::string& record, const ContactNotes& notes) {
    Link made;
    made.id = RemoteId(record);
    made.fields["name"] = {.raw = notes.contact.fields.name, .app = notes.contact.fields.name};
    made.fields["email"] = {.raw = notes.contact.fields.email, .app = notes.contact.fields.email};
    made.fields["phone"] = {.raw = notes.contact.fields.phone, .app = notes.contact.fields.phone};
    return made;
}

struct Scene {
    CustomerNotes notes;
    ContactNotes bob = contact("b", "Bob", "shared@example.org");

    Explanation tell() {
        notes.contacts[bob.contact.id] = bob;
        return explain(notes, bob, pipedrive(), {at(0), {milliseconds(60'000), milliseconds(0)}});
    }
};

TEST_CASE("explain: an e-mail that another contact's record has names record and contact") {
    Scene scene;
    ContactNotes ada = contact("a", "Ada Lovelace", "shared@example.org");
    ada.systems[kPipedrive].link = link("4411", ada);
    ada.contact.fields.email = "new@example.org";
    scene.notes.contacts[ada.contact.id] = ada;
    CHECK(scene.tell().sentence ==
          "Not in Pipedrive: its e-mail belongs to Pipedrive record 4411, which is linked to Ada "
          "Lovelace.");
    scene.notes.contacts[ada.contact.id].contact.deleted = true;
    CHECK(scene.tell().sentence.find("who was deleted here and is not gone there yet") !=
          std::string::npos);
}

TEST_CASE("explain: a call without answer says until when, and what was sent") {
    Scene scene;
    Intent intent;
    intent.kind = IntentKind::Create;
    intent.is_unknown = true;
    intent.deadline = at(30);
    scene.bob.systems[kPipedrive].intent = intent;
    const Explanation told = scene.tell();
    CHECK(told.state == LinkState::Pending);
    REQUIRE(told.next_try_at.has_value());
    CHECK(*told.next_try_at == at(90));
    CHECK(told.sentence.find("did not answer the call for creating it") != std::string::npos);
    CHECK(told.intent.has_value());
}

TEST_CASE("explain: in step, and each thing that keeps a linked contact from it") {
    Scene scene;
    scene.bob.systems[kPipedrive].link = link("7", scene.bob);
    CHECK(scene.tell().sentence == "In step with Pipedrive record 7.");
    CHECK(scene.tell().state == LinkState::Synced);
    SUBCASE("absent") {
        scene.bob.systems[kPipedrive].link->absent_count = 1;
        CHECK(scene.tell().sentence.find("missing from 1 of the 3 listings") != std::string::npos);
    }
    SUBCASE("a doubt") {
        scene.bob.contact.fields.phone = "1";
        scene.bob.systems[kPipedrive].link->fields["phone"].doubt_until = at(5);
        CHECK(scene.tell().sentence.find("Phone may have been edited") == 0);
        CHECK(*scene.tell().next_try_at == at(5));
    }
    SUBCASE("parked") {
        scene.bob.contact.fields.phone = "1";
        scene.bob.systems[kPipedrive].parked["phone"] = {
            .app = "1", .code = "too_long", .message = "Pipedrive cannot hold the phone"};
        CHECK(scene.tell().sentence == "Pipedrive cannot hold the phone.");
        CHECK(scene.tell().state == LinkState::Error);
        CHECK(scene.tell().fields.at("phone").parked.has_value());
    }
    SUBCASE("frozen") {
        scene.bob.systems[kPipedrive].oscillations["phone"].is_frozen = true;
        CHECK(scene.tell().sentence.find("Phone keeps changing back in Pipedrive") == 0);
        CHECK(scene.tell().state == LinkState::Conflict);
    }
    SUBCASE("a paused system") {
        scene.bob.contact.fields.phone = "1";
        scene.notes.systems[kPipedrive].is_paused = true;
        CHECK(scene.tell().sentence.find("Pipedrive is paused") != std::string::npos);
    }
}

TEST_CASE("explain: without a record: detached, no e-mail, a held record in the way, a refusal") {
    Scene scene;
    CHECK(scene.tell().sentence == "Will be created in Pipedrive by the next run.");
    SUBCASE("detached") {
        scene.bob.systems[kPipedrive].is_detached = true;
        CHECK(scene.tell().sentence.find("Its record in Pipedrive vanished") == 0);
        CHECK(scene.tell().state == LinkState::NotLinked);
    }
    SUBCASE("no e-mail") {
        scene.bob.contact.fields.email.clear();
        CHECK(scene.tell().sentence.find("Not in Pipedrive: it has no e-mail") == 0);
    }
    SUBCASE("held record") {
        Hold hold;
        hold.reason = HoldReason::Restored;
        hold.contact = scene.bob.contact.id;
        hold.message = "It came back.";
        scene.notes.holds[{kPipedrive, RemoteId("9")}] = hold;
        CHECK(scene.tell().sentence ==
              "Not in Pipedrive: record 9 there stands in its way. It came back.");
    }
    SUBCASE("refusal") {
        Refusal refusal;
        refusal.message = "Pipedrive refused the change";
        refusal.next_try_at = at(60);
        scene.bob.systems[kPipedrive].refusal = refusal;
        CHECK(scene.tell().sentence == "Pipedrive refused the change.");
        CHECK(*scene.tell().next_try_at == at(60));
    }
}

}  // namespace
}  // namespace crm::sync
