// The tabs of a contact without a browser: what happened, and why it stands as it does.
#include "tests/client-wasm/views/screen_support.h"

using namespace crm;
using namespace crm::client;

namespace {

std::vector<api::SystemSync> standing(TimePoint now) {
    api::SystemSync hubspot{.system = "hubspot",
                            .label = "HubSpot",
                            .state = "pending",
                            .reason = "HubSpot did not answer the call for its last change.",
                            .record_id = "101",
                            .url = "https://crm.example/101"};
    hubspot.linked_at = now - std::chrono::hours(2);
    hubspot.synced_at = now - std::chrono::minutes(5);
    hubspot.open_call = api::OpenCall{"update", now, now + std::chrono::minutes(1)};
    hubspot.next_try_at = now + std::chrono::minutes(1);
    api::FieldSync phone{.field = "phone", .ours = "+44 222"};
    phone.received = "+44 111";
    phone.sent = "+44 222";
    phone.parked = "Too long for HubSpot";
    api::FieldSync title{.field = "jobTitle"};
    title.is_frozen = true;
    title.direction = "in";
    hubspot.fields = {phone, title};
    const api::SystemSync pipedrive{.system = "pipedrive",
                                    .label = "Pipedrive",
                                    .state = "not_linked",
                                    .reason = "Not in Pipedrive: it has no e-mail."};
    return {hubspot, pipedrive};
}

TEST_CASE("screen: the Sync tab tells link, values, open call and why, for each system") {
    for (const float width : {1440.0F, 390.0F}) {
        CAPTURE(width);
        Screenshot screen;
        screen.width = width;
        fill(screen);
        screen.driver.open("a");
        screen.settle();
        screen.click("tab", "Sync");
        CHECK(format_route(screen.driver.state.route) == "#/contacts/a?tab=sync");
        screen.settle();
        screen.driver.act(ContactSyncLoaded{screen.driver.waiting<FetchContactSync>(),
                                            standing(screen.driver.now)});
        screen.settle();
        screen.check_names();
        for (const char* text : {"did not answer the call",
                                 "Record 101 · linked 2 h ago · in step 5 min ago",
                                 "A call is open (update), sent 22:13 UTC; it takes effect until "
                                 "22:14 UTC, or never",
                                 "Next try 22:14 UTC",
                                 "sent the same · received “+44 111”",
                                 "Too long for HubSpot",
                                 "sent nothing lately · received nothing yet · only read",
                                 "keeps changing back",
                                 "Not in Pipedrive: it has no e-mail."}) {
            CAPTURE(text);
            CHECK(screen.shows(text));
        }
        CHECK(screen.count("link", "Open in HubSpot") == 1);
        CHECK(screen.count("button", "Save") == 0);
        screen.click("button", "Sync this contact");
        CHECK(screen.driver.sent<StartSync>().back().second.contact == ContactId("a"));
    }
}

TEST_CASE("screen: the Timeline tab lists what happened; typed text is kept on every tab") {
    Screenshot screen;
    fill(screen);
    screen.driver.open("a");
    std::vector<api::HistoryEntry> entries;
    for (int index = 9; index > 0; --index) {
        api::HistoryEntry entry;
        entry.id = index;
        entry.at = screen.driver.now;
        entry.kind = "updated";
        entry.actor = "Eva";
        entry.system = "local";
        entry.changes = {{"phone", std::to_string(index - 1), std::to_string(index)}};
        entries.push_back(entry);
    }
    screen.driver.act(HistoryLoaded{screen.driver.waiting<FetchHistory>(), entries});
    screen.settle();
    CHECK(screen.shows("Recent changes"));
    CHECK_FALSE(screen.shows("Phone: 0 → 1"));
    screen.type("text-field", "Company", "Half typed");
    screen.click("tab", "Timeline");
    screen.settle();
    CHECK(screen.shows("Updated by Eva"));
    CHECK(screen.shows("Phone: 0 → 1"));
    CHECK(screen.count("text-field", "Company") == 0);
    CHECK(screen.count("button", "Save") == 1);  // there is something to save
    screen.check_names();
    screen.click("tab", "Details");
    screen.settle();
    CHECK(screen.driver.state.panel.draft->fields.company == "Half typed");
}

TEST_CASE("screen: a Sync tab that cannot be read says so, with a way to try again") {
    Screenshot screen;
    fill(screen);
    Route route = with_contact(screen.driver.state.route, ContactId("a"));
    route.tab = kSyncTab;
    screen.driver.act(RouteOpened{route});
    RequestFailed failed{screen.driver.waiting<FetchContactSync>(), Failure::Refused, {}};
    failed.answer.error = {ErrorCode::Internal, "Something broke"};
    screen.driver.act(failed);
    screen.settle();
    CHECK(screen.shows("Something broke"));
    screen.check_names();
}

}  // namespace
