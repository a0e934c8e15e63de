// The table: only what is in sight is drawn, at any length; headers sort, rows open, the keyboard
// walks.
#include "client-wasm/views/grid.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/headless_imgui.h"

using namespace crm::ui;
using crm::test::HeadlessUi;

namespace {

constexpr int kRows = 100'000;

struct Table {
    HeadlessUi page;
    std::vector<Column> columns = {{.label = "Name", .sort = SortMark::Ascending},
                                   {.label = "Email"}};
    GridView view;
    int opened = -1;   // row whose link was clicked
    int clicked = -1;  // row that was clicked elsewhere
    int toggled = -1;
    int row_count = kRows;
    int reveal = -1;
    std::string patch;

    void draw(Ui& ui) {
        view = begin_grid(ui,
                          "list",
                          {0, 0, 800, 600},
                          {.name = "Contacts",
                           .row_count = row_count,
                           .columns = columns,
                           .has_checkboxes = true,
                           .reveal_row = reveal});
        for (int index = view.first_row; index < view.end_row; ++index) {
            const std::string id = "c" + std::to_string(index);
            const std::string name = "Person " + std::to_string(index);
            const RowEvent event = begin_row(ui, {.index = index, .id = id, .name = name});
            if (event.row) clicked = index;
            if (event.toggled) toggled = index;
            if (cell_link(ui, {.name = name, .href = "#/contacts/" + id}, AvatarShown::Yes))
                opened = index;
            cell_text(ui, name + "@example.org");
            end_row(ui);
        }
        end_grid(ui);
    }
    void frame() {
        patch = page.frame([this](Ui& ui) { draw(ui); }).mirror_patch;
        reveal = -1;
    }
    [[nodiscard]] NodeId body() { return page.find("rows", "")->id; }
    [[nodiscard]] int rows_drawn() {
        int count = 0;
        for (const Node& node : page.nodes()) count += node.kind == "row" ? 1 : 0;
        return count - 1;  // the header is one
    }
    // The row whose link the patch gives focus to, by the link's name.
    [[nodiscard]] std::string focused_link() {
        for (const Node& node : page.nodes()) {
            const std::string command = "f\x1f" + std::to_string(node.id) + "\x1f";
            if (patch.find(command) != std::string::npos) return node.name;
        }
        return "";
    }
};

}  // namespace

TEST_CASE("grid: a hundred thousand rows cost as much as a screenful") {
    Table table;
    table.frame();
    CHECK(table.rows_drawn() < 40);
    CHECK(table.page.attribute("grid", "Contacts", "rowcount") == "100001");
    CHECK(table.page.attribute("rows", "", "content") == "4400000");
    CHECK(table.page.nodes().size() < 400);
}

TEST_CASE("grid: the end of the list is its true last row, at its exact place") {
    Table table;
    table.frame();
    table.page.ui.input().scrolled(table.body(), 1.0e9);
    table.frame();
    CHECK(table.view.end_row == kRows);
    const Node* link = table.page.find("link", "Person 99999");
    REQUIRE(link != nullptr);
    for (const Node& node : table.page.nodes()) {
        if (node.kind != "row" || node.parent != table.body()) continue;
        const double place = node.top / 44;
        CHECK(place == doctest::Approx(static_cast<int>(place + 0.5)).epsilon(1e-9));
    }
}

TEST_CASE("grid: scrolling by less than a row changes nothing in the mirror") {
    Table table;
    table.frame();
    table.page.ui.input().scrolled(table.body(), 445);
    table.frame();
    table.page.ui.input().scrolled(table.body(), 455);
    table.frame();
    CHECK(table.patch.empty());
}

TEST_CASE("grid: headers are named exactly, say their order and sort when clicked") {
    Table table;
    table.frame();
    CHECK(table.page.attribute("columnheader", "Name", "sort") == "ascending");
    CHECK(table.page.attribute("columnheader", "Email", "sort") == "none");
    CHECK(table.view.sort_column == -1);
    REQUIRE(table.page.click("columnheader", "Email", {.is_shift = true}));
    table.frame();
    CHECK(table.view.sort_column == 1);
    CHECK(table.view.is_sort_added);
    table.frame();
    CHECK(table.view.sort_column == -1);
}

TEST_CASE("grid: a link opens, the rest of the row is the row, the checkbox is itself") {
    Table table;
    table.frame();
    REQUIRE(table.page.click("link", "Person 3"));
    table.frame();
    CHECK(table.opened == 3);
    CHECK(table.clicked == -1);
    REQUIRE(table.page.click("checkbox", "Select Person 2"));
    table.frame();
    CHECK(table.toggled == 2);
    CHECK(table.clicked == -1);
    REQUIRE(table.page.click("checkbox", "Select all"));
    table.frame();
    CHECK(table.view.is_all_toggled);
}

TEST_CASE("grid: Tab stops once, arrows walk, also in the frame in which focus came") {
    Table table;
    table.frame();
    int stops = 0;
    for (const Node& node : table.page.nodes()) {
        if (node.kind != "link") continue;
        stops += table.page.attribute("link", node.name, "tab") == "0" ? 1 : 0;
    }
    CHECK(stops == 1);
    CHECK(table.page.attribute("link", "Person 0", "tab") == "0");

    REQUIRE(table.page.focus("link", "Person 0"));
    CHECK(table.page.ui.input().key_pressed("ArrowDown", {}));
    CHECK(table.page.ui.input().key_pressed("ArrowDown", {}));
    table.frame();
    CHECK(table.focused_link() == "Person 2");
    CHECK(table.page.attribute("link", "Person 2", "tab") == "0");
}

TEST_CASE("grid: End goes to the last row, scrolls there and focuses it") {
    Table table;
    table.frame();
    REQUIRE(table.page.focus("link", "Person 0"));
    CHECK(table.page.ui.input().key_pressed("End", {}));
    table.frame();
    CHECK(table.focused_link() == "Person 99999");
    const std::string scroll = "s\x1f" + std::to_string(table.body()) + "\x1f";
    CHECK(table.patch.find(scroll) != std::string::npos);
}

TEST_CASE("grid: Space ticks the focused row; keys are the browser's when focus is elsewhere") {
    Table table;
    table.frame();
    CHECK_FALSE(table.page.ui.input().key_pressed("ArrowDown", {}));
    CHECK_FALSE(table.page.ui.input().key_pressed(" ", {}));
    table.frame();
    CHECK(table.toggled == -1);
    REQUIRE(table.page.focus("link", "Person 4"));
    CHECK(table.page.ui.input().key_pressed(" ", {}));
    table.frame();
    CHECK(table.toggled == 4);
}

TEST_CASE("grid: a row can be brought into sight, and a list that shrinks stays in bounds") {
    Table table;
    table.frame();
    table.reveal = 5000;
    table.frame();
    CHECK(table.view.first_row <= 5000);
    CHECK(table.view.end_row > 5000);
    table.row_count = 3;
    table.frame();
    CHECK(table.view.first_row == 0);
    CHECK(table.view.end_row == 3);
    table.row_count = 0;
    table.frame();
    CHECK(table.view.end_row == 0);
}
