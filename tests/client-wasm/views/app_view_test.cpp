// The screens without a browser: what they say about themselves in the mirror, and what a click
// pushes.
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

TEST_CASE("screen: the names of the contract stand on the contacts screen, once each") {
    Screenshot screen;
    fill(screen);
    for (const char* link :
         {"Contacts", "Sync", "Review", "Trash", "Settings", "Ada Lovelace", "Boris Čížek"}) {
        CAPTURE(link);
        CHECK(screen.count("link", link) == 1);
    }
    CHECK(screen.count("button", "Sync now") == 1);
    CHECK(screen.count("button", "New contact") == 1);
    CHECK(screen.count("search-field", "Search contacts") == 1);
    CHECK(screen.count("grid", "Contacts") == 1);
    for (const char* column :
         {"Name", "Email", "Phone", "Job title", "Company", "HubSpot", "Pipedrive"}) {
        CAPTURE(column);
        CHECK(screen.count("columnheader", column) == 1);
    }
    CHECK(screen.count("heading1", "All contacts") == 1);
    screen.check_names();
}

TEST_CASE("screen: an opened contact is the panel with its fields and buttons") {
    Screenshot screen;
    fill(screen);
    screen.click("link", "Ada Lovelace");
    CHECK(screen.driver.state.route.contact == ContactId("a"));
    screen.settle();
    CHECK(screen.count("complementary", "Contact") == 1);
    CHECK(screen.count("text-field", "Name") == 1);
    CHECK(screen.count("email-field", "Email") == 1);
    CHECK(screen.count("tel-field", "Phone") == 1);
    for (const char* field : {"Job title", "Pronouns", "Company"})
        CHECK(screen.count("text-field", field) == 1);
    CHECK(screen.count("multiline-field", "Notes") == 1);
    for (const char* button : {"Save", "Cancel", "Delete", "Close"})
        CHECK(screen.count("button", button) == 1);
    CHECK(screen.shows("Pipedrive refused it"));
    screen.check_names();
}

TEST_CASE("screen: typing and Save send what was typed") {
    Screenshot screen;
    fill(screen);
    screen.click("link", "Ada Lovelace");
    screen.settle();
    screen.type("text-field", "Company", "Acme");
    screen.settle();
    screen.click("button", "Save");
    REQUIRE(screen.driver.waiting<PatchContact>() != 0);
    const Request& request = screen.driver.state.pending.at(screen.driver.waiting<PatchContact>());
    CHECK(std::get<PatchContact>(request).patch.texts.at("company") == "Acme");
}

TEST_CASE("screen: New contact, a bad email, the sentence beside it") {
    Screenshot screen;
    fill(screen);
    screen.click("button", "New contact");
    screen.settle();
    CHECK(screen.driver.state.route.is_new_contact);
    screen.type("email-field", "Email", "nobody");
    screen.settle();
    screen.click("button", "Save");
    screen.settle();
    CHECK(screen.driver.waiting<CreateContact>() == 0);
    const std::string problem = shown_problems(*screen.driver.state.panel.draft).at("email");
    CHECK_FALSE(problem.empty());
    bool is_described = false;
    for (const ui::Node& node : screen.nodes()) {
        if (node.kind != "email-field") continue;
        for (const ui::Attribute& attribute : node.attributes) {
            is_described = is_described || attribute.value.find(problem) != std::string::npos;
        }
    }
    CHECK((is_described || screen.shows(problem)));
    CHECK(screen.count("button", "Delete") == 0);
}

TEST_CASE("screen: Delete asks in a dialog that tells of each system, then offers Undo") {
    Screenshot screen;
    fill(screen);
    screen.click("link", "Ada Lovelace");
    screen.settle();
    screen.click("button", "Delete");
    screen.settle();
    CHECK(screen.count("dialog", "Delete Ada Lovelace?") == 1);
    CHECK(screen.shows("HubSpot: its record is deleted"));
    CHECK(screen.shows("Pipedrive: it has no record there"));
    screen.check_names();
    screen.click("button", "Delete contact");
    Contact gone = person("a", "Ada Lovelace");
    gone.deleted = true;
    screen.driver.act(
        ContactAnswered{screen.driver.waiting<DeleteContact>(), gone, SaveOutcome::Deleted});
    screen.settle();
    CHECK(screen.count("button", "Undo") == 1);
    api::Run run;
    run.id = RunId("r");
    run.state = api::RunState::Done;
    screen.driver.state.sync.awaited_run = run.id;
    screen.driver.act(RunChanged{run});  // a later toast leaves Undo within reach
    screen.settle();
    CHECK(screen.count("button", "Undo") == 1);
    screen.click("button", "Undo");
    CHECK(screen.driver.waiting<RestoreContact>() != 0);
}

TEST_CASE("screen: every screen and width has named controls, and one main heading") {
    for (const float width : {1440.0F, 1024.0F, 390.0F}) {
        for (const Screen which :
             {Screen::Contacts, Screen::Sync, Screen::Review, Screen::Trash, Screen::Settings}) {
            CAPTURE(width);
            CAPTURE(static_cast<int>(which));
            Screenshot screen;
            screen.width = width;
            fill(screen);
            screen.driver.act(RouteOpened{screen_route(which)});
            screen.settle();
            screen.check_names();
            int headings = 0;
            for (const ui::Node& node : screen.nodes()) headings += node.kind == "heading1" ? 1 : 0;
            CHECK(headings == 1);
            CHECK(screen.count("button", "Sync now") == 1);
            CHECK(screen.count("link", "Trash") == 1);
        }
    }
}

TEST_CASE("screen: under 760 px the record takes the list's place, with a way back") {
    Screenshot screen;
    screen.width = 390;
    fill(screen);
    screen.click("link", "Ada Lovelace");
    screen.settle();
    CHECK(screen.count("grid", "Contacts") == 0);
    CHECK(screen.count("complementary", "Contact") == 1);
    screen.click("button", "Back to the list");
    screen.settle();
    CHECK(screen.count("grid", "Contacts") == 1);
}

TEST_CASE("screen: keys open the form, search, and close layer by layer") {
    Screenshot screen;
    fill(screen);
    CHECK(screen.press("n"));
    screen.settle();
    CHECK(screen.driver.state.route.is_new_contact);
    CHECK(screen.press("?", {.is_shift = true}));
    screen.settle();
    CHECK(screen.count("dialog", "Keyboard shortcuts") == 1);
    CHECK(screen.press("Escape"));
    screen.settle();
    CHECK(screen.count("dialog", "Keyboard shortcuts") == 0);
    CHECK(screen.driver.state.route.is_new_contact);
    CHECK(screen.press("Escape"));
    screen.settle();
    CHECK_FALSE(screen.driver.state.route.is_new_contact);
}

TEST_CASE("screen: a failure stands in four lines with its one action") {
    Screenshot screen;
    screen.driver.act(Started{"#/contacts", ThemeChoice::System});
    RequestFailed failed{screen.driver.waiting<FetchContacts>(), Failure::Refused, {}};
    failed.answer.error = {ErrorCode::Internal, "The database is busy"};
    failed.answer.request_id = "req-77";
    screen.driver.act(failed);
    screen.settle();
    CHECK(screen.shows("The database is busy"));
    CHECK(screen.shows("may be out of date"));
    CHECK(screen.shows("req-77"));
    screen.click("button", "Load again");
    CHECK(screen.driver.waiting<FetchContacts>() != 0);
}

TEST_CASE("screen: a choice of two versions names the field and both values") {
    Screenshot screen;
    fill(screen);
    screen.click("link", "Ada Lovelace");
    api::VersionConflict conflict;
    conflict.fields = {"company", "phone"};
    conflict.yours = {{"company", "Mine"}, {"phone", "1"}};
    conflict.current = {{"company", "Theirs"}, {"phone", "2"}};
    conflict.contact = person("a", "Ada Lovelace");
    screen.driver.state.dialog =
        ConflictDialog{conflict, {{"company", Side::Yours}, {"phone", Side::Yours}}};
    screen.settle();
    screen.click("radio", "Company, theirs: Theirs");
    CHECK(std::get<ConflictDialog>(screen.driver.state.dialog).choices.at("company") ==
          Side::Theirs);
    screen.settle();
    screen.check_names();
}

TEST_CASE("screen: the Trash lists what was deleted, each with its way back") {
    Screenshot screen;
    fill(screen);
    screen.driver.act(RouteOpened{screen_route(Screen::Trash)});
    Contact gone = person("z", "Zoë");
    gone.deleted = true;
    screen.driver.act(ContactsLoaded{screen.driver.waiting<FetchContacts>(), {{gone}, 1, ""}});
    screen.settle();
    screen.click("button", "Restore Zoë");
    CHECK(screen.driver.waiting<RestoreContact>() != 0);
}

TEST_CASE("screen: the theme is a choice of three, kept") {
    Screenshot screen;
    fill(screen);
    screen.driver.act(RouteOpened{screen_route(Screen::Settings)});
    screen.settle();
    screen.click("radio", "Dark");
    CHECK(screen.driver.state.theme == ThemeChoice::Dark);
}

TEST_CASE("screen: a list of 100,000 draws and mirrors only what is in sight") {
    Screenshot screen;
    fill(screen);
    screen.driver.state.contacts.total = 100'000;
    screen.settle();
    int rows = 0;
    for (const ui::Node& node : screen.nodes()) rows += node.kind == "row" ? 1 : 0;
    CHECK(rows < 80);
    CHECK(rows > 10);
}
