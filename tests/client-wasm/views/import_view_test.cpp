// The Import screen, the export's question, the timeline's filter and its Revert.
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

namespace {

api::ImportReport looked_at() {
    api::ImportReport report{.format = "csv", .key = "email", .rows = 3, .created = 2};
    report.refused = 1;
    report.columns = {{"Who", "name", ""}, {"Shoe", "", ""}, {"Shoe", "", ""}};
    report.samples = {{.row = 2, .action = "create", .title = "Ada", .changes = {}}};
    report.problems = {{4, "Ben", "This is no e-mail."}};
    report.problems_csv = "x";
    return report;
}

}  // namespace

TEST_CASE("import: counts, examples, problems and columns stand on the screen at each width") {
    for (const float width : {1440.0F, 1024.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        screen.width = width;
        screen.height = 2000;
        fill(screen);
        screen.driver.act(RouteOpened{screen_route(Screen::Import)});
        screen.settle();
        CHECK(screen.count("file-field", "Choose a file…") == 1);
        screen.ui.input().field_changed(screen.find("file-field", "Choose a file…"), "people.csv");
        screen.settle();
        const RequestId sent = screen.driver.waiting<ImportFile>();
        REQUIRE(sent != 0);
        screen.driver.act(ImportAnswered{sent, looked_at()});
        screen.settle();
        CHECK(screen.shows("3 rows: 2 new · 0 changed · 0 the same · 1 refused"));
        CHECK(screen.shows("Row 4, Ben: This is no e-mail."));
        CHECK(screen.count("select", "Column 1: Who") == 1);
        CHECK(screen.count("select", "Column 3: Shoe") == 1);
        screen.check_names();
        screen.ui.input().field_changed(screen.find("select", "Column 2: Shoe"), "9");
        screen.settle();
        CHECK(screen.driver.state.import.wish.mapping.at("#2") == "jobTitle");
    }
}

TEST_CASE("import and export are reached from the list") {
    Screenshot screen;
    fill(screen);
    screen.click("button", "Export…");
    screen.settle();
    CHECK(screen.count("dialog", "Export the list") == 1);
    screen.check_names();
    screen.click("button", "Cancel");
    screen.settle();
    screen.click("button", "Import…");
    screen.settle();
    CHECK(screen.count("heading1", "Import") == 1);
}

TEST_CASE("timeline: one change is reverted, and the filter leaves the others out") {
    Screenshot screen;
    fill(screen);
    screen.click("link", "Ada Lovelace");
    screen.settle();
    api::HistoryEntry company{.id = 7, .kind = "updated", .system = "local"};
    company.changes = {{"company", "A", "B"}};
    api::HistoryEntry title{.id = 8, .kind = "updated", .system = "hubspot"};
    title.changes = {{"jobTitle", "", "CTO"}};
    screen.driver.state.panel.history = {title, company};
    screen.driver.state.route.tab = std::string(kTimelineTab);
    screen.settle();
    CHECK(screen.count("button", "Revert Company (7)") == 1);
    screen.check_names();
    screen.ui.input().field_changed(screen.find("select", "Changed by"), "1");
    screen.settle();
    CHECK(screen.driver.state.panel.history_system == "hubspot");
    CHECK(screen.count("button", "Revert Company (7)") == 0);
    screen.click("button", "Revert Job title (8)");
    const RequestId sent = screen.driver.waiting<UndoChange>();
    REQUIRE(sent != 0);
    CHECK(std::get<UndoChange>(screen.driver.state.pending.at(sent)).id == "8");
}
