#include "client-wasm/state/route.h"

#include <doctest/doctest.h>

using namespace crm;
using namespace crm::client;

TEST_CASE("route: every address that is written is read back") {
    Route open;
    open.contact = ContactId("id/with slash");
    Route search;
    search.text = "ada & co?";
    search.sort = {{"company", true}};
    Route create;
    create.is_new_contact = true;
    Route run;
    run.screen = Screen::Sync;
    run.run = RunId("r-1");
    Route trash;
    trash.screen = Screen::Trash;
    Route why = open;
    why.tab = kSyncTab;
    Route past;
    past.screen = Screen::Review;
    past.tab = kPastTab;
    for (const Route& route : {Route{}, open, search, create, run, trash, why, past}) {
        CAPTURE(format_route(route));
        CHECK(parse_route(format_route(route)) == route);
    }
}

TEST_CASE("route: the addresses of the contract") {
    CHECK(parse_route("#/contacts").screen == Screen::Contacts);
    CHECK(parse_route("#/contacts/42").contact == ContactId("42"));
    CHECK(parse_route("#/contacts?q=ada%20l&sort=-company").text == "ada l");
    CHECK(parse_route("#/contacts?q=ada&sort=-company").sort.front() == SortKey{"company", true});
    CHECK(parse_route("#/sync/runs/9").run == RunId("9"));
    CHECK(parse_route("#/review").screen == Screen::Review);
    CHECK(parse_route("#/settings").screen == Screen::Settings);
}

TEST_CASE("route: nonsense leads to the contacts, a bad sort to the usual order") {
    for (const char* hash : {"", "#", "#/", "#/nowhere/at/all", "#/contacts?%zz", "#?"}) {
        CAPTURE(hash);
        CHECK(parse_route(hash) == Route{});
    }
    CHECK(parse_route("#/contacts?sort=shoesize").sort.empty());
}

TEST_CASE("route: a tab is of the record or of Review, and goes on to the next record only") {
    CHECK(parse_route("#/contacts/42?tab=sync").tab == kSyncTab);
    CHECK(parse_route("#/review?tab=records").tab == kRecordsTab);
    for (const char* hash : {"#/contacts?tab=sync",
                             "#/contacts/42?tab=records",
                             "#/review?tab=sync",
                             "#/settings?tab=past",
                             "#/contacts/new?tab=timeline"}) {
        CAPTURE(hash);
        CHECK(parse_route(hash).tab.empty());
    }
    const Route why = parse_route("#/contacts/42?tab=sync&q=ada");
    CHECK(format_route(with_contact(why, ContactId("43"))) == "#/contacts/43?q=ada&tab=sync");
    CHECK(format_route(with_contact(why, ContactId())) == "#/contacts?q=ada");
    const Route past = parse_route("#/review?tab=past");
    CHECK(format_route(with_contact(past, ContactId("43"))) == "#/contacts/43");
}
