// The planner's table, row by row.
#include "server/sync/planner.h"

#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/sync/brakes.h"

namespace crm::sync {
namespace {

using std::chrono::seconds;

TimePoint at(int second) {
    return TimePoint(seconds(1'000'000 + second));
}

const Rules kRules{seconds(10), seconds(20)};
const SystemKey kHub{"hubspot"};

SystemSpec hubspot() {
    return {kHub, "HubSpot", {"name", "email"}, true, false, 0};
}

SystemView seen_all() {
    SystemView view;
    view.is_reachable = true;
    view.is_complete = true;
    view.started = at(100);
    return view;
}

ContactNotes contact(const std::string& id, const std::string& email) {
    ContactNotes notes;
    notes.contact.id = ContactId(id);
    notes.contact.fields.name = "Name " + id;
    notes.contact.fields.email = email;
    notes.aliases = {email};
    return notes;
}

/// Linked, and all agreed.
ContactNotes linked(const std::string& id, const std::string& email) {
    ContactNotes notes = contact(id, email);
    Link link;
    link.id = RemoteId("r" + id);
    link.fields["name"].raw = link.fields["name"].app = notes.contact.fields.name;
    link.fields["email"].raw = link.fields["email"].app = email;
    notes.systems[kHub].link = link;
    return notes;
}

StepChoice choose(const ContactNotes& notes, const SystemView& view = seen_all()) {
    return choose_step(notes, hubspot(), view, kRules, at(101));
}

Plan plan(const std::vector<ContactNotes>& all, const SystemView& view = seen_all()) {
    CustomerNotes notes;
    for (const ContactNotes& one : all) notes.contacts[one.contact.id] = one;
    return plan_steps(notes, {hubspot()}, {{kHub, view}}, kRules, at(101));
}

TEST_CASE("planner: a contact that agrees needs nothing") {
    CHECK(choose(linked("1", "a@x.org")).blocker == Blocker::NothingToDo);
    CHECK(plan({linked("1", "a@x.org")}).steps.empty());
    CHECK(plan({linked("1", "a@x.org")}).blocked == 0);
}

TEST_CASE("planner: an update carries only what differs") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.fields.name = "Other";
    const StepChoice choice = choose(notes);
    REQUIRE(choice.step);
    CHECK(choice.step->kind == IntentKind::Update);
    CHECK(choice.step->raw == FieldTexts{{"name", "Other"}});
}

TEST_CASE("planner: a contact without record is created when the listing is complete") {
    CHECK(choose(contact("1", "a@x.org")).step->kind == IntentKind::Create);
    SystemView partial = seen_all();
    partial.is_complete = false;
    CHECK(choose(contact("1", "a@x.org"), partial).blocker == Blocker::Incomplete);
    CHECK(choose(contact("1", "a@x.org"), SystemView{}).blocker == Blocker::Unreachable);
}

TEST_CASE("planner: nothing is created for a contact without e-mail, or in probation") {
    CHECK(choose(contact("1", "")).blocker == Blocker::NoEmail);
    ContactNotes arriving = contact("1", "a@x.org");
    arriving.contact.arriving = true;
    CHECK(choose(arriving).blocker == Blocker::Probation);
}

TEST_CASE("planner: nothing is created for a contact that was left out of a system") {
    ContactNotes detached = contact("1", "a@x.org");
    detached.systems[kHub].is_detached = true;
    CHECK(choose(detached).blocker == Blocker::NothingToDo);
    CHECK(plan({detached}).blocked == 0);
}

TEST_CASE("planner: nothing is created while a visible record has the e-mail") {
    SystemView view = seen_all();
    view.unlinked_emails = {"a@x.org"};
    CHECK(choose(contact("1", "a@x.org"), view).blocker == Blocker::EmailInUse);
}

TEST_CASE("planner: nothing at all while a call is open") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.fields.name = "Other";
    notes.systems[kHub].intent = Intent{};
    CHECK(choose(notes).blocker == Blocker::OpenCall);
    ContactNotes fresh = contact("2", "b@x.org");
    fresh.systems[kHub].intent = Intent{};
    CHECK(choose(fresh).blocker == Blocker::OpenCall);
}

TEST_CASE("planner: a tombstone is deleted once, and again only when it is seen after the window") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.deleted = true;
    CHECK(choose(notes).step->kind == IntentKind::Delete);
    notes.systems[kHub].link->delete_acked = at(50);
    CHECK(choose(notes).blocker == Blocker::Unconfirmed);
    SystemView back = seen_all();
    back.visible = {RemoteId("r1")};
    CHECK(choose(notes, back).step->kind == IntentKind::Delete);
    back.started = at(55);
    CHECK(choose(notes, back).blocker == Blocker::Unconfirmed);
    back.started = at(100);
    notes.systems[kHub].link->redeletes = kRedeletesMax;
    CHECK(choose(notes, back).blocker == Blocker::NothingToDo);
    notes.systems[kHub].link->confirmed_gone = at(60);
    CHECK(choose(notes).blocker == Blocker::NothingToDo);
}

TEST_CASE("planner: a value in doubt is not written over before its record shows again") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.fields.name = "Other";
    notes.systems[kHub].link->fields["name"].doubt_until = at(60);
    SystemView view = seen_all();
    CHECK(choose(notes, view).blocker == Blocker::InDoubt);
    view.visible = {RemoteId("r1")};
    CHECK(choose(notes, view).step);
    view.started = at(59);
    CHECK(choose(notes, view).blocker == Blocker::InDoubt);
}

TEST_CASE("planner: what is in doubt goes to the trash before its record is deleted") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.deleted = true;
    notes.systems[kHub].link->fields["name"].doubt_until = at(60);
    SystemView view = seen_all();
    view.is_complete = false;
    CHECK(choose(notes, view).blocker == Blocker::InDoubt);
    view.visible = {RemoteId("r1")};
    CHECK(choose(notes, view).step);
    // A complete listing does not show it: somebody else deleted it.
    CHECK(choose(notes, seen_all()).step);
}

TEST_CASE(
    "planner: a create waits while another contact's record, delete or create holds the e-mail") {
    const ContactNotes fresh = contact("2", "a@x.org");
    ContactNotes old = linked("1", "a@x.org");
    old.contact.deleted = true;
    Plan both = plan({old, fresh});
    REQUIRE(both.steps.size() == 1);
    CHECK(both.steps[0].kind == IntentKind::Delete);
    CHECK(both.blocked == 1);
    old.systems[kHub].link->delete_acked = at(50);
    old.systems[kHub].link->confirmed_gone = at(70);
    both = plan({old, fresh});
    REQUIRE(both.steps.size() == 1);
    CHECK(both.steps[0].kind == IntentKind::Create);

    ContactNotes renamed = linked("1", "a@x.org");
    renamed.contact.fields.email = "new@x.org";
    both = plan({renamed, fresh});
    REQUIRE(both.steps.size() == 1);
    CHECK(both.steps[0].kind == IntentKind::Update);

    ContactNotes creating = contact("1", "other@x.org");
    creating.systems[kHub].intent = Intent{};
    creating.systems[kHub].intent->email_key = "a@x.org";
    CHECK(plan({creating, fresh}).steps.empty());
}

TEST_CASE("planner: a refused step waits until it is due, or until it is another one") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.fields.name = "Refused";
    Refusal refusal;
    refusal.kind = IntentKind::Update;
    refusal.raw = {{"name", "Refused"}};
    notes.systems[kHub].refusal = refusal;
    CHECK(choose(notes).blocker == Blocker::NothingToDo);  // a person must act: not pending
    notes.systems[kHub].refusal->next_try_at = at(200);
    CHECK(choose(notes).blocker == Blocker::Refused);
    notes.systems[kHub].refusal->next_try_at = at(101);
    CHECK(choose(notes).step);
    notes.systems[kHub].refusal->next_try_at.reset();
    notes.contact.fields.name = "Corrected";
    CHECK(choose(notes).step);
}

TEST_CASE("planner: while an e-mail is refused as taken, the other texts go ahead") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.contact.fields.email = "taken@x.org";
    Refusal refusal;
    refusal.kind = IntentKind::Update;
    refusal.code = "email_taken";
    refusal.raw = {{"email", "taken@x.org"}};
    notes.systems[kHub].refusal = refusal;
    CHECK_FALSE(choose(notes).step);
    notes.contact.fields.name = "Other";
    REQUIRE(choose(notes).step);
    CHECK(choose(notes).step->raw == FieldTexts{{"name", "Other"}});
}

TEST_CASE("planner: a system that wants a name gets one, and it stands for our empty one") {
    SystemSpec pipedrive{SystemKey("pipedrive"), "Pipedrive", {"name", "email"}, false, true, 0};
    ContactNotes notes = contact("1", "ada@x.org");
    notes.contact.fields.name.clear();
    const StepChoice choice = choose_step(notes, pipedrive, seen_all(), kRules, at(101));
    REQUIRE(choice.step);
    CHECK(choice.step->raw.at("name") == "ada");
    CHECK(choice.step->app.at("name").empty());
}

TEST_CASE("planner: deletes before updates before creates") {
    ContactNotes gone = linked("3", "c@x.org");
    gone.contact.deleted = true;
    ContactNotes edited = linked("2", "b@x.org");
    edited.contact.fields.name = "Edited";
    const Plan all = plan({contact("1", "a@x.org"), edited, gone});
    REQUIRE(all.steps.size() == 3);
    CHECK(all.steps[0].kind == IntentKind::Delete);
    CHECK(all.steps[1].kind == IntentKind::Update);
    CHECK(all.steps[2].kind == IntentKind::Create);
}

TEST_CASE("planner: the delete of a contact restored too late goes on before it is created anew") {
    ContactNotes notes = linked("1", "a@x.org");
    notes.systems[kHub].link->is_dying = true;
    CHECK(choose(notes).step->kind == IntentKind::Delete);
}

TEST_CASE("brake: at the limit everything goes, above it nothing of the class does") {
    for (const int limit : {3, 2}) {
        std::vector<ContactNotes> all;
        for (int i = 0; i < 3; ++i) {
            all.push_back(linked(std::to_string(i), std::to_string(i) + "@x.org"));
            all.back().contact.deleted = true;
        }
        ContactNotes edited = linked("9", "9@x.org");
        edited.contact.fields.name = "Edited";
        all.push_back(edited);
        Plan planned = plan(all);
        CustomerNotes notes;
        for (const ContactNotes& one : all) notes.contacts[one.contact.id] = one;
        std::map<SystemKey, int> done;
        const std::set<std::string> grants;
        const BrakeReport report =
            brake_deletions(planned, notes, {hubspot()}, {limit, grants, done});
        CHECK(report.held.size() == (limit == 3 ? 0U : 3U));
        CHECK(planned.steps.size() == (limit == 3 ? 4U : 1U));
        CHECK(report.problems.size() == (limit == 3 ? 0U : 1U));
    }
}

TEST_CASE("brake: what was approved does not count") {
    std::vector<ContactNotes> all;
    CustomerNotes notes;
    for (int i = 0; i < 3; ++i) {
        all.push_back(linked(std::to_string(i), std::to_string(i) + "@x.org"));
        all.back().contact.deleted = true;
        notes.contacts[all.back().contact.id] = all.back();
    }
    Plan planned = plan(all);
    std::map<SystemKey, int> done;
    const std::set<std::string> grants = {"hubspot delete 0", "hubspot delete 1"};
    const BrakeReport report = brake_deletions(planned, notes, {hubspot()}, {1, grants, done});
    CHECK(report.held.empty());
    CHECK(report.used_grants == grants);
    CHECK(planned.steps.size() == 3);
}

TEST_CASE("planner: an e-mail that another record is about to give up is waited for") {
    ContactNotes first = linked("1", "a@x.org");
    ContactNotes second = linked("2", "b@x.org");
    first.contact.fields.email = "b@x.org";
    second.contact.fields.email = "c@x.org";
    const Plan chain = plan({first, second});
    REQUIRE(chain.steps.size() == 1);
    CHECK(chain.steps[0].raw == FieldTexts{{"email", "c@x.org"}});
    CHECK(chain.blocked == 1);
    // In a ring the first of them lets go, and the others wait.
    second.contact.fields.email = "a@x.org";
    second.contact.fields.name = "Other";
    const Plan ring = plan({first, second});
    REQUIRE(ring.steps.size() == 2);
    CHECK(ring.steps[0].raw == FieldTexts{{"email", ""}});
    CHECK(ring.steps[0].app == FieldTexts{{"email", ""}});
    CHECK(ring.steps[1].raw == FieldTexts{{"name", "Other"}});
}

}  // namespace
}  // namespace crm::sync
