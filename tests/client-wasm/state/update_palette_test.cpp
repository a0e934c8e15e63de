#include <algorithm>

#include <doctest/doctest.h>

#include "client-wasm/state/select_palette.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

bool offers(const Driver& driver, const std::string& title) {
    const std::vector<PaletteEntry> entries = palette_entries(driver.state);
    return std::any_of(entries.begin(), entries.end(), [&title](const PaletteEntry& entry) {
        return entry.title == title;
    });
}

Driver opened() {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(PaletteOpened{});
    return driver;
}

void type(Driver& driver, const std::string& text) {
    driver.act(PaletteTyped{text});
    driver.fire(TimerKind::Palette);
}

}  // namespace

TEST_CASE(
    "palette: without text it offers all actions and screens, and what the open contact allows") {
    Driver driver = opened();
    CHECK(offers(driver, "Sync everything"));
    CHECK(offers(driver, "Go to Review"));
    CHECK_FALSE(offers(driver, "Sync Ada now"));
    driver.act(DialogClosed{});
    driver.open("a");
    driver.act(PaletteOpened{});
    CHECK(offers(driver, "Sync Ada now"));
    driver.act(PaletteOpened{});  // it is open already
    CHECK(std::holds_alternative<PaletteDialog>(driver.state.dialog));
}

TEST_CASE("palette: what is typed narrows it, accents and case aside, and finds people") {
    Driver driver = opened();
    type(driver, "  THÉME");
    CHECK(palette_entries(driver.state).size() == 3);
    REQUIRE(driver.sent<FindPeople>().size() == 1);
    const RequestId old = driver.waiting<FindPeople>();
    type(driver, "@ada");
    REQUIRE(driver.sent<FindPeople>().size() == 1);
    CHECK(driver.sent<FindPeople>()[0].second.text == "ada");
    driver.act(PeopleFound{old, {person("x", "Stranger")}});
    CHECK(palette_entries(driver.state).empty());  // an answer to older text
    driver.act(PeopleFound{driver.waiting<FindPeople>(), {person("a", "Ada")}});
    REQUIRE(palette_entries(driver.state).size() == 1);
    driver.act(PaletteChosen{0});
    CHECK(driver.state.route.contact == ContactId("a"));
    CHECK(std::holds_alternative<std::monostate>(driver.state.dialog));
}

TEST_CASE("palette: > offers only what can be done and asks nobody") {
    Driver driver = opened();
    type(driver, "> sync");
    CHECK(driver.sent<FindPeople>().empty());
    CHECK(offers(driver, "Sync everything"));
    CHECK_FALSE(offers(driver, "Go to Sync"));
    driver.act(PaletteMoved{1});
    CHECK(driver.said("Preview what a sync would change"));
    driver.act(PaletteMoved{9});
    driver.act(PaletteMoved{-9});
    driver.act(PaletteChosen{0});
    CHECK(driver.sent<StartSync>().size() == 1);
    driver.act(PaletteChosen{0});  // it is closed
    CHECK(driver.sent<StartSync>().empty());
}

TEST_CASE("palette: a search that fails leaves what can be done") {
    Driver driver = opened();
    type(driver, "sync");
    driver.act(RequestFailed{driver.waiting<FindPeople>(), Failure::Refused, {}});
    CHECK(driver.state.notices.empty());
    CHECK(offers(driver, "Sync everything"));
}
