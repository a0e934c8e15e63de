// Ticking rows, one action on many, and taking things back in their order.
#include <doctest/doctest.h>

#include "client-wasm/state/select_bulk.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

std::vector<Contact> five() {
    std::vector<Contact> contacts;
    for (const char* id : {"a", "b", "c", "d", "e"}) {
        contacts.push_back(person(id, std::string("Person ") + id));
    }
    return contacts;
}

void toggle(Driver& driver, std::int64_t row, bool is_range = false) {
    driver.act(RowToggled{ListKind::Live, row, is_range});
}

api::BulkRequest sent_change(const Driver& driver) {
    const auto sent = driver.sent<ChangeMany>();
    REQUIRE(sent.size() == 1);
    return sent.front().second.change;
}

void answer_bulk(Driver& driver, api::BulkReport report) {
    driver.act(BulkAnswered{driver.waiting<ChangeMany>(), std::move(report)});
}

}  // namespace

TEST_CASE("selection: rows are ticked one by one, and with Shift from the last one on") {
    Driver driver;
    driver.start_with(five());
    toggle(driver, 1);
    CHECK(ticked_count(driver.state, ListKind::Live) == 1);
    toggle(driver, 3, true);
    CHECK(ticked_count(driver.state, ListKind::Live) == 3);
    CHECK(is_ticked(driver.state, ListKind::Live, ContactId("c")));
    toggle(driver, 2);
    CHECK_FALSE(is_ticked(driver.state, ListKind::Live, ContactId("c")));
    CHECK(ticked_state(driver.state, ListKind::Live) == Ticked::Some);
    CHECK(ticked_count(driver.state, ListKind::Trash) == 0);
    driver.act(SelectionCleared{});
    CHECK(ticked_state(driver.state, ListKind::Live) == Ticked::None);
}

TEST_CASE("selection: all that is here, then everyone, loaded or not, but those unticked") {
    Driver driver;
    driver.act(Started{"#/contacts?q=person", ThemeChoice::System});
    driver.act(ContactsLoaded{driver.waiting<FetchContacts>(), {five(), 12'480, "more"}});
    driver.act(LoadedToggled{ListKind::Live});
    CHECK(ticked_count(driver.state, ListKind::Live) == 5);
    CHECK(driver.said("5 contacts selected"));
    driver.act(EveryoneChosen{});
    CHECK(driver.said("12,480 contacts selected"));
    CHECK(ticked_state(driver.state, ListKind::Live) == Ticked::All);
    toggle(driver, 0);
    CHECK(ticked_count(driver.state, ListKind::Live) == 12'479);
    driver.act(BulkClicked{BulkWish::Delete});
    CHECK(std::get<BulkDeleteDialog>(driver.state.dialog).count == 12'479);
    driver.act(DialogConfirmed{});
    const api::BulkRequest change = sent_change(driver);
    CHECK(change.ids.empty());
    REQUIRE(change.query.has_value());
    CHECK(change.query->at("q") == "person");
    CHECK(change.without == std::vector<ContactId>{ContactId("a")});
}

TEST_CASE("selection: another search, another screen and the answer end it") {
    Driver driver;
    driver.start_with(five());
    toggle(driver, 0);
    driver.act(RouteOpened{with_contact(driver.state.route, ContactId("b"))});
    CHECK(ticked_count(driver.state, ListKind::Live) == 1);  // a panel opens beside it
    driver.act(SearchChanged{"x"});
    driver.fire(TimerKind::Search);
    CHECK(ticked_count(driver.state, ListKind::Live) == 0);
}

TEST_CASE("bulk: tags are read from commas, and sent for those ticked") {
    CHECK(read_tag_list(" vip, berlin ,,vip") == std::vector<std::string>{"vip", "berlin"});
    Driver driver;
    driver.start_with(five());
    toggle(driver, 0);
    toggle(driver, 2);
    driver.act(BulkClicked{BulkWish::RemoveTags});
    driver.act(TagsTyped{"old, gone"});
    driver.act(DialogConfirmed{});
    const api::BulkRequest change = sent_change(driver);
    CHECK(change.action == api::BulkAction::Tag);
    CHECK(change.ids == std::vector<ContactId>{ContactId("a"), ContactId("c")});
    CHECK(change.removed_tags == std::vector<std::string>{"old", "gone"});
    // Nothing typed, nothing sent.
    Driver idle;
    idle.start_with(five());
    toggle(idle, 0);
    idle.act(BulkClicked{BulkWish::AddTags});
    idle.act(DialogConfirmed{});
    CHECK(idle.sent<ChangeMany>().empty());
}

TEST_CASE("bulk: the outcome is one step to take back, and refusals are told") {
    Driver driver;
    driver.start_with(five());
    toggle(driver, 0);
    driver.act(BulkClicked{BulkWish::Delete});
    driver.act(DialogConfirmed{});
    driver.act(BulkClicked{BulkWish::Delete});  // one after the other
    CHECK(std::holds_alternative<std::monostate>(driver.state.dialog));
    answer_bulk(driver,
                {.id = "bulk-1",
                 .action = api::BulkAction::Delete,
                 .matched = 2,
                 .changed = 1,
                 .refused = 1,
                 .results = {{"b", "Ben", "refused", "He stays."}}});
    CHECK(driver.said("Moved 1 contact to Trash"));
    CHECK(ticked_count(driver.state, ListKind::Live) == 0);
    CHECK(std::holds_alternative<BulkReportDialog>(driver.state.dialog));
    driver.act(DialogConfirmed{});
    driver.act(UndoPressed{});
    REQUIRE(driver.sent<UndoChange>().size() == 1);
    CHECK(driver.sent<UndoChange>().front().second.id == "bulk-1");
    CHECK(driver.state.toasts.empty());
    driver.act(UndoAnswered{driver.waiting<UndoChange>(), {.id = "undo-1", .undone = 1}});
    driver.act(UndoPressed{});
    CHECK(driver.said("nothing to undo"));
    driver.act(RedoPressed{});
    REQUIRE(driver.sent<UndoChange>().size() == 1);
    CHECK(driver.sent<UndoChange>().front().second.id == "undo-1");
    driver.act(UndoAnswered{driver.waiting<UndoChange>(), {.id = "undo-2", .undone = 1}});
    driver.act(UndoPressed{});
    CHECK(driver.sent<UndoChange>().front().second.id == "undo-2");
}

TEST_CASE("undo: a saved edit goes back to what was there, and can be done again") {
    Driver driver;
    Contact ada = person("a", "Ada");
    ada.fields.company = "Old";
    driver.start_with({ada});
    driver.open("a");
    driver.act(FieldEdited{"company", "New"});
    driver.act(SaveClicked{});
    Contact saved = ada;
    saved.fields.company = "New";
    saved.version = 2;
    driver.act(ContactAnswered{driver.waiting<PatchContact>(), saved, SaveOutcome::Updated});
    driver.act(UndoPressed{});
    REQUIRE(driver.sent<PatchContact>().size() == 1);
    const PatchContact back = driver.sent<PatchContact>().front().second;
    CHECK(back.patch.texts.at("company") == "Old");
    CHECK(back.version == 2);
    Contact undone = ada;
    undone.version = 3;
    driver.act(ContactAnswered{driver.waiting<PatchContact>(), undone, SaveOutcome::Updated});
    driver.act(RedoPressed{});
    REQUIRE(driver.sent<PatchContact>().size() == 1);
    const PatchContact again = driver.sent<PatchContact>().front().second;
    CHECK(again.patch.texts.at("company") == "New");
    CHECK(again.version == 3);
}

TEST_CASE("undo: steps go back in their order, and what is out of reach can be tried again") {
    Driver driver;
    driver.start_with(five());
    for (const char* id : {"a", "b"}) {
        driver.open(id);
        driver.act(DeleteClicked{});
        driver.act(DialogConfirmed{});
        Contact gone = person(id, std::string("Person ") + id);
        gone.deleted = true;
        driver.act(ContactAnswered{driver.waiting<DeleteContact>(), gone, SaveOutcome::Deleted});
    }
    driver.act(UndoPressed{});
    CHECK(driver.sent<RestoreContact>().front().second.id == ContactId("b"));
    driver.act(UndoPressed{});
    CHECK(driver.sent<RestoreContact>().empty());  // one after the other
    driver.act(RequestFailed{driver.waiting<RestoreContact>(), Failure::NoConnection, {}});
    driver.act(UndoPressed{});
    CHECK(driver.sent<RestoreContact>().front().second.id == ContactId("b"));
    driver.act(RequestFailed{driver.waiting<RestoreContact>(), Failure::Refused, {}});
    driver.act(UndoPressed{});
    CHECK(driver.sent<RestoreContact>().front().second.id == ContactId("a"));
}
