// The command palette without a browser.
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

namespace {

TEST_CASE("screen: Ctrl+K opens the palette, also from a field; arrows walk it, Escape closes it") {
    for (const float width : {1440.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        screen.width = width;
        fill(screen);
        ui::Modifiers control;
        control.is_control = true;
        screen.ui.input().focused(screen.find("search-field", "Search contacts"),
                                  ui::FocusRing::Shown);
        CHECK(screen.press("k", control));
        screen.settle();
        CHECK(screen.count("dialog", "Find anything") == 1);
        CHECK(screen.count("button", "Sync everything, Action") == 1);
        screen.check_names();
        CHECK(screen.press("ArrowDown"));
        CHECK(std::get<PaletteDialog>(screen.driver.state.dialog).selected == 1);
        CHECK(screen.press("ArrowUp"));
        screen.type("text-field", "Name or command", "past");
        screen.settle();
        CHECK(screen.count("button", "Sync everything, Action") == 0);
        screen.click("button", "Go to past conflicts, Screen");
        CHECK(format_route(screen.driver.state.route) == "#/review?tab=past");
        screen.settle();
        CHECK(screen.press("k", control));
        screen.settle();
        CHECK(screen.press("Escape"));
        screen.settle();
        CHECK(screen.count("dialog", "Find anything") == 0);
    }
}

}  // namespace
