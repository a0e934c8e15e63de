// Many rows at once on the screen: the boxes, the bar, the questions.
#include "client-wasm/state/select_bulk.h"
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

TEST_CASE("bulk: a ticked row brings the bar, which deletes after a question") {
    for (const float width : {1440.0F, 1024.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        screen.width = width;
        fill(screen);
        CHECK(screen.count("button", "Delete selected") == 0);
        screen.click("checkbox", "Select Ada Lovelace");
        screen.settle();
        CHECK(screen.shows("1 selected"));
        CHECK(screen.count("button", "Select all 2 matching") == 1);
        screen.check_names();
        screen.click("button", "Delete selected");
        screen.settle();
        CHECK(screen.count("dialog", "Delete 1 contact?") == 1);
        screen.check_names();
        screen.click("button", "Delete 1 contact");
        CHECK(screen.driver.waiting<ChangeMany>() != 0);
    }
}

TEST_CASE("bulk: the box in the header ticks what is here, Ctrl+A too, Escape lets go") {
    Screenshot screen;
    fill(screen);
    screen.click("checkbox", "Select all");
    screen.settle();
    CHECK(ticked_count(screen.driver.state, ListKind::Live) == 2);
    CHECK(screen.count("button", "Select all 2 matching") == 0);
    CHECK(screen.press("Escape"));
    screen.settle();
    CHECK(ticked_count(screen.driver.state, ListKind::Live) == 0);
    CHECK(screen.press("a", {.is_control = true}));
    screen.settle();
    CHECK(ticked_count(screen.driver.state, ListKind::Live) == 2);
    CHECK(screen.press("Delete"));
    screen.settle();
    CHECK(screen.count("dialog", "Delete 2 contacts?") == 1);
}

TEST_CASE("bulk: tags are asked for in a dialog") {
    Screenshot screen;
    fill(screen);
    screen.click("checkbox", "Select Ada Lovelace");
    screen.settle();
    screen.click("button", "Add tag…");
    screen.settle();
    CHECK(screen.count("dialog", "Add tags") == 1);
    screen.check_names();
    screen.type("text-field", "Tags", "vip, berlin");
    screen.settle();
    screen.click("button", "Add to selected");
    const RequestId sent = screen.driver.waiting<ChangeMany>();
    REQUIRE(sent != 0);
    const auto& change = std::get<ChangeMany>(screen.driver.state.pending.at(sent)).change;
    CHECK(change.added_tags == std::vector<std::string>{"vip", "berlin"});
}

TEST_CASE("bulk: who was refused is told with the reason") {
    Screenshot screen;
    fill(screen);
    screen.driver.state.dialog = BulkReportDialog{{.id = "bulk-1",
                                                   .action = api::BulkAction::Tag,
                                                   .matched = 3,
                                                   .changed = 1,
                                                   .refused = 2,
                                                   .results = {{"b", "Ben", "refused", "No."}}}};
    screen.settle();
    CHECK(screen.shows("1 contact changed, 2 refused:"));
    CHECK(screen.shows("Ben: No."));
    CHECK(screen.shows("and 1 more"));
    screen.check_names();
    screen.click("button", "Done");
    screen.settle();
    CHECK(screen.count("dialog", "Not all could be changed") == 0);
}
