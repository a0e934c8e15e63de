#include <string>

#include <doctest/doctest.h>

#include "client-wasm/limits.h"
#include "client-wasm/state/select.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

/// A server's keyset pages over `total` rows: the cursor is the number of the first row.
api::ContactPage page_at(const std::string& cursor, std::int64_t total) {
    const std::int64_t first = cursor.empty() ? 0 : std::stoll(cursor);
    const std::int64_t end = std::min(first + kListPageRows, total);
    api::ContactPage page;
    page.total = total;
    for (std::int64_t row = first; row < end; ++row) {
        std::string digits = std::to_string(1'000'000 + row);
        page.contacts.push_back(person("c" + digits, "Person " + digits));
    }
    if (end < total) page.cursor = std::to_string(end);
    return page;
}

/// Answers list requests until none is under way; how many there were.
int serve(Driver& driver, std::int64_t total) {
    int count = 0;
    while (const RequestId id = driver.waiting<FetchContacts>()) {
        const auto fetch = std::get<FetchContacts>(driver.state.pending.at(id));
        driver.act(ContactsLoaded{id, page_at(fetch.query.cursor, total)});
        REQUIRE(++count < 1000);
    }
    return count;
}

}  // namespace

TEST_CASE("list: the start asks for one page of what the address says") {
    Driver driver;
    driver.act(Started{"#/contacts?q=ada&sort=-company", ThemeChoice::Dark});
    const auto sent = driver.sent<FetchContacts>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].second.query.text == "ada");
    CHECK(sent[0].second.query.sort.front() == SortKey{"company", true});
    CHECK(driver.state.search_text == "ada");
    CHECK(driver.state.theme == ThemeChoice::Dark);
}

TEST_CASE("list: any scroll position gets its page, the way there is walked once") {
    Driver driver;
    driver.act(Started{"#/contacts", ThemeChoice::System});
    CHECK(serve(driver, 5000) == 1);
    driver.act(RowsShown{ListKind::Live, 4980, 4999});
    CHECK(serve(driver, 5000) == 24);
    const Contact* last = find_row(driver.state.contacts, 4999);
    REQUIRE(last != nullptr);
    CHECK(last->fields.name == "Person 1004999");
    CHECK(driver.state.contacts.pages.size() <= kListPagesKept);

    driver.act(RowsShown{ListKind::Live, 0, 20});
    CHECK(serve(driver, 5000) == 1);  // dropped, and its cursor was kept
    CHECK(find_row(driver.state.contacts, 0) != nullptr);
}

TEST_CASE("list: a last page that ends early corrects the count instead of asking for ever") {
    Driver driver;
    driver.act(Started{"#/contacts", ThemeChoice::System});
    driver.act(RowsShown{ListKind::Live, 0, 30});
    driver.act(ContactsLoaded{driver.waiting<FetchContacts>(), {{person("a", "Ada")}, 900, ""}});
    CHECK(driver.state.contacts.total == 1);
    CHECK(driver.waiting<FetchContacts>() == 0);
}

TEST_CASE("list: an answer that nobody waits for changes nothing") {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    const AppState before = driver.state;
    driver.act(ContactsLoaded{999, {{person("b", "Bob")}, 1, ""}});
    CHECK(driver.state.contacts == before.contacts);
}

TEST_CASE("list: typing searches after a pause, and only for the last text") {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(SearchChanged{"g"});
    driver.act(SearchChanged{"gr"});
    CHECK(driver.all<ScheduleTimer>().size() == 1);
    CHECK(driver.waiting<FetchContacts>() == 0);
    CHECK_FALSE(is_settled(driver.state));
    driver.fire(TimerKind::Search);
    const auto sent = driver.sent<FetchContacts>();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].second.query.text == "gr");
    REQUIRE(driver.all<OpenHash>().size() == 1);
    CHECK(driver.all<OpenHash>()[0] == OpenHash{"#/contacts?q=gr", HistoryMode::Replace});
}

TEST_CASE("list: an older search's answer does not overwrite a newer one's") {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(SearchChanged{"a"});
    driver.fire(TimerKind::Search);
    const RequestId first = driver.waiting<FetchContacts>();
    driver.act(SearchChanged{"ab"});
    driver.fire(TimerKind::Search);
    const RequestId second = driver.waiting<FetchContacts>();
    REQUIRE(second != first);
    driver.act(ContactsLoaded{second, {{person("b", "Abel")}, 1, ""}});
    driver.act(ContactsLoaded{first, {{person("a", "Ada")}, 1, ""}});
    CHECK(find_row(driver.state.contacts, 0)->fields.name == "Abel");
}

TEST_CASE("list: a click on a header sorts, a second one turns it round, Name falls back") {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(SortClicked{"company"});
    CHECK(driver.state.route.sort == std::vector<SortKey>{{"company", false}});
    driver.act(SortClicked{"company"});
    CHECK(driver.state.route.sort == std::vector<SortKey>{{"company", true}});
    driver.act(SortClicked{"name"});
    CHECK(driver.state.route.sort.empty());
    driver.act(SortClicked{"name"});
    CHECK(driver.state.route.sort == std::vector<SortKey>{{"name", true}});
    CHECK(driver.all<OpenHash>()[0].hash == "#/contacts?sort=-name");
}

TEST_CASE("list: a live change shows in its row at once and flashes once") {
    Driver driver;
    driver.start_with({person("a", "Ada"), person("b", "Bob")});
    Contact changed = person("b", "Bob");
    changed.version = 2;
    changed.fields.company = "Acme";
    driver.act(ContactChanged{changed});
    CHECK(find_row(driver.state.contacts, 1)->fields.company == "Acme");
    CHECK(driver.state.flashes.count(ContactId("b")) == 1);
    CHECK(driver.waiting<FetchContacts>() == 0);  // its place did not change
    driver.fire(TimerKind::Flash);
    CHECK(driver.state.flashes.empty());
}

TEST_CASE("list: an older version of a row does not replace a newer one") {
    Driver driver;
    Contact current = person("a", "Ada");
    current.version = 5;
    driver.start_with({current});
    Contact old = person("a", "Ada");
    old.version = 4;
    old.fields.company = "Old";
    driver.act(ContactChanged{old});
    CHECK(find_row(driver.state.contacts, 0)->fields.company.empty());
}

TEST_CASE("list: new, renamed and deleted contacts make it look again, once for many") {
    Driver driver;
    driver.start_with({person("a", "Ada"), person("b", "Bob")});
    driver.act(ContactChanged{person("c", "Carl")});
    Contact renamed = person("a", "Zoe");
    renamed.version = 2;
    driver.act(ContactChanged{renamed});
    Contact gone = person("b", "Bob");
    gone.deleted = true;
    driver.act(ContactChanged{gone});
    CHECK(find_contact(driver.state.contacts, ContactId("b")) == nullptr);
    driver.fire(TimerKind::Refresh);
    CHECK(driver.sent<FetchContacts>().size() == 1);
    driver.act(ContactsLoaded{driver.waiting<FetchContacts>(),
                              {{person("c", "Carl"), person("a", "Zoe")}, 2, ""}});
    CHECK(find_row(driver.state.contacts, 1)->fields.name == "Zoe");
    CHECK(driver.waiting<FetchContacts>() == 0);
}

TEST_CASE("list: rows that moved across a page's border are read again as far as they are shown") {
    Driver driver;
    driver.act(Started{"#/contacts", ThemeChoice::System});
    driver.act(RowsShown{ListKind::Live, 190, 210});
    serve(driver, 1000);
    driver.act(ContactChanged{person("new", "Aaron")});
    driver.fire(TimerKind::Refresh);
    CHECK(serve(driver, 1001) == 2);  // both pages in sight, none of the others
    CHECK(driver.state.contacts.total == 1001);
}

TEST_CASE("list: a failed page is said with Retry, and not asked for again by itself") {
    Driver driver;
    driver.act(Started{"#/contacts", ThemeChoice::System});
    RequestFailed failed{driver.waiting<FetchContacts>(), Failure::NoConnection, {}};
    driver.act(failed);
    REQUIRE(driver.state.notices.size() == 1);
    CHECK(driver.state.notices[0].place == NoticePlace::List);
    CHECK(driver.said("cannot be reached"));
    driver.act(RowsShown{ListKind::Live, 0, 10});
    CHECK(driver.waiting<FetchContacts>() == 0);
    driver.act(RetryClicked{driver.state.notices[0].id});
    CHECK(driver.sent<FetchContacts>().size() == 1);
    driver.act(ContactsLoaded{driver.waiting<FetchContacts>(), {{person("a", "Ada")}, 1, ""}});
    CHECK(driver.state.notices.empty());
}

TEST_CASE("list: a lost connection is knocked at until it answers, then the list is read again") {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(SyncLoaded{driver.waiting<FetchSync>(), {}});
    driver.act(SearchChanged{"b"});
    driver.fire(TimerKind::Search);
    driver.act(RequestFailed{driver.waiting<FetchContacts>(), Failure::NoConnection, {}});
    CHECK(driver.state.connection == Connection::Lost);
    driver.fire(TimerKind::Probe);
    REQUIRE(driver.sent<FetchSync>().size() == 1);
    driver.act(RequestFailed{driver.waiting<FetchSync>(), Failure::NoConnection, {}});
    CHECK(driver.state.notices.size() == 1);  // knocking is not told of
    driver.fire(TimerKind::Probe);
    driver.act(SyncLoaded{driver.waiting<FetchSync>(), {}});
    CHECK(driver.state.connection == Connection::Live);
    CHECK(driver.sent<FetchContacts>().size() == 1);
    CHECK(driver.state.notices.empty());
}

TEST_CASE("list: coming back from a lost connection reads again without being asked") {
    Driver driver;
    driver.start_with({person("a", "Ada")});
    driver.act(ConnectionChanged{Connection::Live});
    CHECK(driver.waiting<FetchContacts>() == 0);
    driver.act(ConnectionChanged{Connection::Lost});
    driver.act(ConnectionChanged{Connection::Live});
    CHECK(driver.sent<FetchContacts>().size() == 1);
}
