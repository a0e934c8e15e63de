#include <string>

#include <doctest/doctest.h>

#include "client-wasm/state/select.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

Driver with_open_contact() {
    Driver driver;
    Contact ada = person("a", "Ada");
    ada.version = 3;
    driver.start_with({ada, person("b", "Bob")});
    driver.open("a");
    return driver;
}

const Draft& draft_of(const Driver& driver) {
    return *driver.state.panel.draft;
}

RequestFailed refused(RequestId id, ErrorCode code) {
    RequestFailed failed{id, Failure::Refused, {}};
    failed.answer.error.code = code;
    failed.answer.error.message = "It was refused";
    return failed;
}

}  // namespace

TEST_CASE("form: opening a row shows it at once and makes an address") {
    Driver driver = with_open_contact();
    CHECK(draft_of(driver).fields.name == "Ada");
    CHECK(driver.all<OpenHash>()[0] == OpenHash{"#/contacts/a", HistoryMode::Push});
    CHECK(driver.sent<FetchHistory>().size() == 1);
    CHECK(driver.sent<FetchContact>().empty());
}

TEST_CASE("form: an address whose contact is not in the list fetches it, and a wrong one says so") {
    Driver driver;
    driver.act(Started{"#/contacts/zzz", ThemeChoice::System});
    REQUIRE(driver.sent<FetchContact>().size() == 1);
    driver.act(refused(driver.waiting<FetchContact>(), ErrorCode::NotFound));
    CHECK(driver.state.panel.is_missing);
}

TEST_CASE("form: Save sends only what was changed, with the version that was seen") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "  Acme "});
    CHECK(driver.all<GuardUnload>() == std::vector<GuardUnload>{{true}});
    driver.act(SaveClicked{});
    const auto sent = driver.sent<PatchContact>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].second.version == 3);
    CHECK(sent[0].second.patch.texts == std::map<std::string, std::string>{{"company", "Acme"}});
    driver.act(SaveClicked{});
    CHECK(driver.sent<PatchContact>().empty());  // one save at a time
}

TEST_CASE("form: the answer is said, becomes the base, and leaves what was typed meanwhile") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "Acme"});
    driver.act(SaveClicked{});
    const RequestId save = driver.waiting<PatchContact>();
    driver.act(FieldEdited{"phone", "+44 20 7946 0991"});
    Contact saved = person("a", "Ada");
    saved.version = 4;
    saved.fields.company = "Acme";
    driver.act(ContactAnswered{save, saved, SaveOutcome::Updated});
    CHECK(driver.said("Saved Ada"));
    CHECK(draft_of(driver).base.version == 4);
    CHECK(draft_of(driver).fields.phone == "+44 20 7946 0991");
    CHECK(is_dirty(driver.state));
    CHECK(find_row(driver.state.contacts, 0)->fields.company == "Acme");
}

TEST_CASE("form: a bad email is said beside the field once it was left, and never sent") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"email", "not an address"});
    CHECK(shown_problems(draft_of(driver)).empty());
    driver.act(FieldLeft{"email"});
    CHECK(shown_problems(draft_of(driver)).count("email") == 1);
    driver.act(SaveClicked{});
    CHECK(driver.sent<PatchContact>().empty());
    CHECK(driver.said("Not saved"));
    CHECK(draft_of(driver).fields.email == "not an address");
    driver.act(FieldEdited{"email", "ada@example.org"});
    CHECK(shown_problems(draft_of(driver)).empty());
}

TEST_CASE("form: a new contact needs something, is created, and takes its address") {
    Driver driver;
    driver.start_with({});
    driver.open_new();
    CHECK(shown_problems(draft_of(driver)).empty());
    driver.act(SaveClicked{});
    CHECK(driver.sent<CreateContact>().empty());
    CHECK_FALSE(shown_problems(draft_of(driver)).empty());
    driver.act(FieldEdited{"name", "Grace"});
    driver.act(SaveClicked{});
    REQUIRE(driver.sent<CreateContact>().size() == 1);
    driver.act(ContactAnswered{
        driver.waiting<CreateContact>(), person("g", "Grace"), SaveOutcome::Created});
    CHECK(driver.said("Created Grace"));
    CHECK(driver.state.route.contact == ContactId("g"));
    CHECK(driver.all<OpenHash>()[0].mode == HistoryMode::Replace);
    CHECK_FALSE(is_dirty(driver.state));
}

TEST_CASE("form: an email that was there already is told in words") {
    Driver driver;
    driver.start_with({});
    driver.open_new();
    driver.act(FieldEdited{"email", "ada@example.com"});
    driver.act(SaveClicked{});
    driver.act(
        ContactAnswered{driver.waiting<CreateContact>(), person("a", "Ada"), SaveOutcome::Updated});
    CHECK(driver.said("was there already"));
}

TEST_CASE("form: what the server refuses stands beside its field, or above the form") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"email", "bob@example.com"});
    driver.act(SaveClicked{});
    RequestFailed failed = refused(driver.waiting<PatchContact>(), ErrorCode::InvalidArgument);
    failed.answer.error.fields["email"] = "No.";
    driver.act(failed);
    CHECK(shown_problems(draft_of(driver)).at("email") == "No.");
    driver.act(FieldEdited{"email", "c@example.com"});
    CHECK(shown_problems(draft_of(driver)).empty());

    driver.act(SaveClicked{});
    driver.act(refused(driver.waiting<PatchContact>(), ErrorCode::Internal));
    REQUIRE(driver.state.notices.size() == 1);
    CHECK(driver.state.notices[0].place == NoticePlace::Panel);
    CHECK(driver.state.notices[0].meaning.find("still here") != std::string::npos);
    driver.act(FieldEdited{"email", "d@example.com"});
    driver.act(RetryClicked{driver.state.notices[0].id});
    REQUIRE(driver.sent<PatchContact>().size() == 1);  // what is typed by now
    CHECK(driver.sent<PatchContact>()[0].second.patch.texts.at("email") == "d@example.com");
}

TEST_CASE("form: leaving unsaved text asks; keeping stays, discarding goes") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "Acme"});
    driver.open("b");
    REQUIRE(std::holds_alternative<LeaveDialog>(driver.state.dialog));
    CHECK(driver.state.route.contact == ContactId("a"));
    driver.act(DialogClosed{});
    CHECK(draft_of(driver).fields.company == "Acme");
    driver.open("b");
    driver.act(DialogConfirmed{});
    CHECK(driver.state.route.contact == ContactId("b"));
    CHECK(draft_of(driver).fields.name == "Bob");
    CHECK_FALSE(is_dirty(driver.state));
}

TEST_CASE("form: Back with unsaved text puts the address back and asks") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "Acme"});
    driver.act(HashChanged{"#/contacts"});
    REQUIRE(driver.all<OpenHash>().size() == 1);
    CHECK(driver.all<OpenHash>()[0].hash == "#/contacts/a");
    CHECK(std::holds_alternative<LeaveDialog>(driver.state.dialog));
    CHECK(draft_of(driver).fields.company == "Acme");
}

TEST_CASE("form: Cancel gives up the text and closes") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "Acme"});
    driver.act(CancelClicked{});
    CHECK_FALSE(has_panel(driver.state.route));
    CHECK(driver.all<GuardUnload>() == std::vector<GuardUnload>{{false}});
}

TEST_CASE("form: Delete asks, deletes, offers Undo; Undo restores") {
    Driver driver = with_open_contact();
    driver.act(DeleteClicked{});
    REQUIRE(std::holds_alternative<DeleteDialog>(driver.state.dialog));
    CHECK(driver.waiting<DeleteContact>() == 0);
    driver.act(DialogConfirmed{});
    Contact gone = person("a", "Ada");
    gone.deleted = true;
    gone.version = 4;
    driver.act(ContactAnswered{driver.waiting<DeleteContact>(), gone, SaveOutcome::Deleted});
    CHECK_FALSE(has_panel(driver.state.route));
    CHECK(find_contact(driver.state.contacts, ContactId("a")) == nullptr);
    REQUIRE(driver.state.toasts.size() == 1);
    CHECK(driver.said("Trash"));
    driver.act(UndoClicked{driver.state.toasts[0].id});
    REQUIRE(driver.sent<RestoreContact>().size() == 1);
    CHECK(driver.state.toasts.empty());
    driver.act(ContactAnswered{
        driver.waiting<RestoreContact>(), person("a", "Ada"), SaveOutcome::Restored});
    CHECK(driver.said("Restored Ada"));
}

TEST_CASE("form: a live change fills a clean form and leaves a dirty one alone") {
    Driver driver = with_open_contact();
    Contact theirs = person("a", "Ada");
    theirs.version = 4;
    theirs.fields.company = "Theirs";
    driver.act(ContactChanged{theirs});
    CHECK(draft_of(driver).fields.company == "Theirs");
    driver.act(FieldEdited{"company", "Mine"});
    theirs.version = 5;
    theirs.fields.phone = "12345";
    driver.act(ContactChanged{theirs});
    CHECK(draft_of(driver).fields.company == "Mine");
    CHECK(draft_of(driver).base.version == 4);
}

TEST_CASE(
    "form: the same field changed by two is a choice per field, and the choice is what is sent") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "Mine"});
    driver.act(FieldEdited{"phone", "11111"});
    driver.act(FieldEdited{"pronouns", "she/her"});
    driver.act(SaveClicked{});
    RequestFailed failed = refused(driver.waiting<PatchContact>(), ErrorCode::VersionMismatch);
    api::VersionConflict conflict;
    conflict.fields = {"company", "phone"};
    conflict.contact = person("a", "Ada");
    conflict.contact.version = 9;
    conflict.contact.fields.company = "Theirs";
    conflict.contact.fields.phone = "22222";
    conflict.version = 9;
    failed.answer.conflict = conflict;
    driver.act(failed);
    REQUIRE(std::holds_alternative<ConflictDialog>(driver.state.dialog));
    driver.act(SideChosen{"phone", Side::Theirs});
    driver.act(DialogConfirmed{});
    const auto sent = driver.sent<PatchContact>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].second.version == 9);
    CHECK(sent[0].second.patch.texts ==
          std::map<std::string, std::string>{{"company", "Mine"}, {"pronouns", "she/her"}});
}

TEST_CASE("form: a session that ended leads to signing in and back to the same place") {
    const Driver driver = with_open_contact();
    CHECK(sign_in_address(driver.state, 401) == "/login?next=%2F%23%2Fcontacts%2Fa");
    for (const int status : {0, 200, 403, 404, 500}) {
        CHECK(sign_in_address(driver.state, status).empty());
    }
}

TEST_CASE("form: a session that ended while somebody types keeps what is typed and says so") {
    Driver driver = with_open_contact();
    driver.act(FieldEdited{"company", "Acme"});
    driver.act(SaveClicked{});
    CHECK(sign_in_address(driver.state, 401).empty());
    driver.act(refused(driver.waiting<PatchContact>(), ErrorCode::Unauthorized));
    CHECK(draft_of(driver).fields.company == "Acme");
    REQUIRE(driver.state.notices.size() == 1);
    CHECK(driver.state.notices.front().what.find("another tab") != std::string::npos);
}
