// The screens without a browser: what they say about themselves in the mirror, and what a click
// pushes.
#include "client-wasm/views/app_view.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "client-wasm/state/select.h"
#include "client-wasm/views/ui_impl.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

/// Whether a kind of the mirror can be operated: then it needs a name, and one of its own.
bool is_operated(const std::string& kind) {
    static const std::set<std::string> kinds{"link",
                                             "button",
                                             "radio",
                                             "checkbox",
                                             "tab",
                                             "text-field",
                                             "email-field",
                                             "tel-field",
                                             "search-field",
                                             "multiline-field",
                                             "select",
                                             "grid",
                                             "columnheader",
                                             "dialog"};
    return kinds.count(kind) != 0;
}

/// A client and its screen; every frame applies what the last one pushed.
struct Screenshot {
    Driver driver;
    ui::Ui ui;
    float width = 1440;
    float height = 900;
    double now_ms = 0;
    std::vector<Action> pushed;  // by the last frame

    void frame() {
        now_ms += 20;
        ui.begin_frame({.width = width, .height = height, .now_ms = now_ms});
        ActionQueue actions;
        app_view(ui, driver.state, actions);
        (void)ui.end_frame();
        pushed = actions.take();
        for (const Action& action : pushed) driver.act(action);
    }
    /// Until nothing happens by itself.
    void settle() {
        for (int count = 0; count < 5; ++count) frame();
    }

    [[nodiscard]] const std::vector<ui::Node>& nodes() { return ui.impl().mirror.nodes(); }

    [[nodiscard]] int count(const std::string& kind, const std::string& name) {
        int found = 0;
        for (const ui::Node& node : nodes())
            found += node.kind == kind && node.name == name ? 1 : 0;
        return found;
    }
    [[nodiscard]] ui::NodeId find(const std::string& kind, const std::string& name) {
        for (const ui::Node& node : nodes()) {
            if (node.kind == kind && node.name == name) return node.id;
        }
        return 0;
    }
    [[nodiscard]] bool shows(const std::string& text) {
        for (const ui::Node& node : nodes()) {
            if (node.name.find(text) != std::string::npos) return true;
        }
        return false;
    }

    void click(const std::string& kind, const std::string& name) {
        const ui::NodeId node = find(kind, name);
        REQUIRE_MESSAGE(node != 0, kind << " \"" << name << "\" is not on the screen");
        ui.input().activated(node, {});
        frame();
    }
    void type(const std::string& kind, const std::string& name, const std::string& text) {
        const ui::NodeId node = find(kind, name);
        REQUIRE_MESSAGE(node != 0, kind << " \"" << name << "\" is not on the screen");
        ui.input().field_changed(node, text);
        frame();
    }
    [[nodiscard]] bool press(const std::string& key, ui::Modifiers modifiers = {}) {
        const bool is_used = ui.input().key_pressed(key, modifiers);
        frame();
        return is_used;
    }

    /// Every thing that can be operated has a name of its own.
    void check_names() {
        std::map<std::pair<std::string, std::string>, int> names;
        for (const ui::Node& node : nodes()) {
            if (!is_operated(node.kind)) continue;
            CAPTURE(node.kind);
            CAPTURE(node.name);
            CHECK_FALSE(node.name.empty());
            CHECK(++names[{node.kind, node.name}] == 1);
        }
    }
};

api::SyncStatus connected() {
    api::SyncStatus status;
    status.systems.push_back(
        {.key = "hubspot", .label = "HubSpot", .state = "connected", .in_sync = 2});
    status.systems.push_back({.key = "pipedrive", .label = "Pipedrive", .state = "connected"});
    return status;
}

void fill(Screenshot& screen) {
    Contact ada = person("a", "Ada Lovelace");
    ada.links[SystemKey("hubspot")] = {.id = RemoteId("1"), .state = LinkState::Synced};
    ada.links[SystemKey("pipedrive")] = {.state = LinkState::Error,
                                         .reason = "Pipedrive refused it"};
    screen.driver.start_with({ada, person("b", "Boris Čížek")});
    screen.driver.act(SyncLoaded{screen.driver.waiting<FetchSync>(), connected()});
    screen.settle();
}

Route screen_route(Screen screen) {
    Route route;
    route.screen = screen;
    return route;
}

}  // namespace

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

TEST_CASE("screen: a held run is approved or discarded on Sync and on Review") {
    for (const Screen which : {Screen::Sync, Screen::Review}) {
        Screenshot screen;
        fill(screen);
        api::Run run;
        run.id = RunId("r");
        run.state = api::RunState::Held;
        run.reason = "It would delete 212 contacts in Pipedrive";
        run.problems.push_back({.contact_id = "a",
                                .system = "hubspot",
                                .code = "no_email",
                                .message = "It has no email",
                                .action = "Add one"});
        screen.driver.act(RunChanged{run});
        screen.driver.act(RouteOpened{screen_route(which)});
        screen.settle();
        CHECK(screen.shows("212 contacts"));
        CHECK(screen.shows("It has no email"));
        screen.check_names();
        screen.click("button", "Discard");
        CHECK(screen.driver.waiting<DecideRun>() != 0);
    }
}

TEST_CASE("screen: a run's page shows every write with old and new value, and why") {
    Screenshot screen;
    fill(screen);
    api::Run run;
    run.id = RunId("p");
    run.state = api::RunState::Done;
    run.is_preview = true;
    run.records = {{.contact_id = "a",
                    .title = "Ada Lovelace",
                    .system = "hubspot",
                    .kind = "update",
                    .record_id = "7",
                    .outcome = "planned",
                    .reason = "Changed here",
                    .changes = {{"phone", "", "+44 20 7946 0000"}}}};
    run.records_total = 1;
    run.calls_needed = {{"hubspot", 3}};
    Route page = screen_route(Screen::Sync);
    page.run = run.id;
    screen.driver.act(RouteOpened{page});
    screen.driver.act(RunAnswered{screen.driver.waiting<FetchRun>(), run});
    screen.settle();
    CHECK(screen.shows("Would make 1 change, with 3 API calls"));
    CHECK(screen.shows("Phone: (empty) → “+44 20 7946 0000”"));
    CHECK(screen.shows("Changed here"));
    CHECK(screen.shows("Planned"));
    screen.check_names();
    screen.click("link", "Change Ada Lovelace in HubSpot");
    CHECK(screen.driver.state.route.contact == ContactId("a"));
}

TEST_CASE("screen: the held run stays in sight when a preview comes after it") {
    Screenshot screen;
    fill(screen);
    api::Run held;
    held.id = RunId("h");
    held.state = api::RunState::Held;
    held.reason = "It would delete 212 contacts in Pipedrive";
    held.records_total = 212;
    screen.driver.act(RunChanged{held});
    api::Run preview;
    preview.id = RunId("p");
    preview.state = api::RunState::Done;
    preview.is_preview = true;
    screen.driver.act(RunChanged{preview});
    screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
    screen.settle();
    CHECK(screen.shows("212 contacts"));
    screen.click("link", "See every change");
    CHECK(screen.driver.state.route.run == held.id);
}

TEST_CASE("screen: a preview is asked for, and a system paused and resumed, on Sync") {
    Screenshot screen;
    fill(screen);
    screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
    screen.settle();
    screen.click("button", "Pause HubSpot");
    CHECK(screen.driver.sent<PauseSystem>().back().second == PauseSystem{"hubspot", true});
    screen.click("button", "Preview changes");
    REQUIRE(screen.driver.waiting<StartSync>() != 0);
    api::Run run;
    run.id = RunId("p");
    run.is_preview = true;
    screen.driver.act(RunAnswered{screen.driver.waiting<StartSync>(), run});
    CHECK(screen.driver.state.route.run == RunId("p"));
    run.state = api::RunState::Done;
    screen.driver.act(RunChanged{run});
    CHECK(screen.driver.sent<FetchRun>().back().second.id == RunId("p"));
    screen.driver.act(RouteOpened{screen_route(Screen::Sync)});
    api::SystemStatus paused = screen.driver.state.sync.status->systems.front();
    paused.state = "paused";
    screen.driver.act(SystemChanged{paused});
    screen.settle();
    screen.check_names();
    CHECK(screen.shows("Resume HubSpot"));
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
