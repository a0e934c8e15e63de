#include "client-wasm/api/api_client.h"

#include <doctest/doctest.h>

#include "shared/api_connections.h"
#include "shared/api_json.h"
#include "shared/api_review_json.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

std::string header(const HttpRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
    }
    return "";
}

HttpRequest begin(ApiClient& client, Request request) {
    return client.begin({1, std::move(request)});
}

}  // namespace

TEST_CASE("api client: paths, methods and headers are the contract's") {
    ApiClient client;
    ContactQuery query;
    query.text = "ada & co";
    query.sort = {{"name", false}, {"updatedAt", true}};
    query.limit = 200;
    query.cursor = "c+1";
    CHECK(begin(client, FetchContacts{ListKind::Live, query}).path ==
          "/api/contacts?q=ada%20%26%20co&sort=name%2C-updatedAt&limit=200&cursor=c%2B1");
    ContactQuery trash;
    trash.deleted = Deleted::Only;
    CHECK(begin(client, FetchContacts{ListKind::Trash, trash}).path ==
          "/api/contacts?deleted=only&limit=100");
    CHECK(begin(client, FetchContact{ContactId("a/b")}).path == "/api/contacts/a%2Fb");
    CHECK(begin(client, FetchHistory{ContactId("a")}).path == "/api/contacts/a/history");
    CHECK(begin(client, StartSync{}).method == "POST");
    CHECK(begin(client, StartSync{}).path == "/api/sync");
    CHECK(begin(client, StartSync{.is_preview = true}).path == "/api/sync?preview=true");
    CHECK(begin(client, PauseSystem{"hub spot", true}).path == "/api/sync/pause?system=hub%20spot");
    CHECK(begin(client, PauseSystem{"hubspot", false}).path == "/api/sync/resume?system=hubspot");
    CHECK(begin(client, FetchRuns{}).path == "/api/sync/runs");
    CHECK(begin(client, DecideRun{RunId("r"), RunDecision::Approve}).path ==
          "/api/sync/runs/r/approve");
    CHECK(begin(client, DeleteContact{ContactId("a")}).method == "DELETE");
    CHECK(begin(client, RestoreContact{ContactId("a")}).path == "/api/contacts/a/restore");

    ContactPatch patch;
    patch.texts["name"] = "Ada";
    const HttpRequest save = begin(client, PatchContact{ContactId("a"), patch, 7});
    CHECK(save.method == "PATCH");
    CHECK(header(save, "If-Match") == "\"7\"");
    CHECK(header(save, "Content-Type") == "application/json");
    CHECK(save.body == R"({"name":"Ada"})");
}

TEST_CASE("api client: what waits for a person is asked for and decided at its addresses") {
    ApiClient client;
    const auto path = [&client](const Request& request) {
        const HttpRequest http = client.begin({1, request});
        return http.method + " " + http.path + (http.body.empty() ? "" : " " + http.body);
    };
    CHECK(path(FetchConflicts{}) == "GET /api/conflicts?state=open&limit=200");
    CHECK(path(FetchConflicts{ConflictList::Past, "7"}) == "GET /api/conflicts?limit=200&cursor=7");
    CHECK(path(ResolveConflict{"7", {"x", "", true}}) ==
          R"(POST /api/conflicts/7/resolve {"value":"x","force":true})");
    CHECK(path(FetchHolds{"hubspot/1"}) == "GET /api/sync/holds?limit=200&cursor=hubspot%2F1");
    CHECK(path(DecideHold{"hubspot", "a/b", HoldDecision::Link, ContactId("c")}) ==
          R"(POST /api/sync/holds/hubspot/a%2Fb/link {"contactId":"c"})");
    CHECK(path(DecideHold{"hubspot", "1", HoldDecision::Refuse, {}}) ==
          "POST /api/sync/holds/hubspot/1/refuse");
    CHECK(path(DecideHold{"hubspot", "1", HoldDecision::Import, {}}) ==
          "POST /api/sync/holds/hubspot/1/import");
    CHECK(path(FetchContactSync{ContactId("c")}) == "GET /api/contacts/c/sync");
    CHECK(path(FetchConnections{}) == "GET /api/connections");
    CHECK(path(ConnectSystem{"hubspot"}) == "POST /api/connections/hubspot/connect");
    CHECK(path(DisconnectSystem{"hubspot"}) == "POST /api/connections/hubspot/disconnect");
    CHECK(path(StartSync{}) == "POST /api/sync");
    CHECK(path(StartSync{true, "hubspot", ContactId("c")}) ==
          "POST /api/sync?preview=true&system=hubspot&contact=c");
    CHECK(path(PauseSystem{"", false}) == "POST /api/sync/resume");
}

TEST_CASE("api client: answers about what waits become actions") {
    ApiClient client;
    const auto answer = [&client](const Request& request, const std::string& body) {
        (void)client.begin({1, request});
        return *client.finish(1, {200, body});
    };
    api::Conflict conflict;
    conflict.id = "7";
    CHECK(std::get<ConflictsLoaded>(
              answer(FetchConflicts{}, api::write_conflict_page({{conflict}, 1, ""})))
              .page.conflicts[0] == conflict);
    CHECK(
        std::get<ConflictAnswered>(answer(ResolveConflict{}, api::write_conflict_answer(conflict)))
            .conflict == conflict);
    CHECK(std::get<HoldsLoaded>(answer(FetchHolds{}, api::write_hold_page({{{}}, 1, ""})))
              .page.total == 1);
    CHECK(std::holds_alternative<HoldDecided>(answer(DecideHold{}, "{}")));
    CHECK(std::get<ContactSyncLoaded>(
              answer(FetchContactSync{}, api::write_contact_sync({{.system = "hubspot"}})))
              .systems[0]
              .system == "hubspot");
    const api::SystemConnection connection{.system = "hubspot", .state = "connected"};
    CHECK(std::get<ConnectionsLoaded>(
              answer(FetchConnections{}, api::write_connections({connection})))
              .connections[0] == connection);
    CHECK(std::get<ConnectionAnswered>(
              answer(DisconnectSystem{}, api::write_connection_answer(connection)))
              .connection == connection);
    CHECK(std::get<ConnectPageFound>(
              answer(ConnectSystem{}, api::write_connect_url("https://crm.example")))
              .url == "https://crm.example");
    CHECK(std::holds_alternative<RequestFailed>(
        answer(ConnectSystem{}, api::write_connect_url("javascript:alert(1)"))));
    CHECK(std::get<ConflictChanged>(*read_event("conflict", api::write_conflict_answer(conflict)))
              .conflict == conflict);
}

TEST_CASE("api client: a reply becomes the action of its request, once") {
    ApiClient client;
    (void)client.begin({5, FetchContacts{}});
    const std::string body = api::write_contact_page({{person("a", "Ada")}, 1, "next"});
    const std::optional<Action> action = client.finish(5, {200, body});
    REQUIRE(action);
    const auto* loaded = std::get_if<ContactsLoaded>(&*action);
    REQUIRE(loaded != nullptr);
    CHECK(loaded->request == 5);
    CHECK(loaded->page.contacts[0].fields.name == "Ada");
    CHECK(loaded->page.cursor == "next");
    CHECK_FALSE(client.finish(5, {200, body}));
    CHECK(client.is_idle());
}

TEST_CASE("api client: 201 and 200 of a create are told apart") {
    ApiClient client;
    const std::string body = api::write_contact_answer(person("a", "Ada"));
    (void)client.begin({1, CreateContact{}});
    CHECK(std::get<ContactAnswered>(*client.finish(1, {201, body})).outcome ==
          SaveOutcome::Created);
    (void)client.begin({2, CreateContact{}});
    CHECK(std::get<ContactAnswered>(*client.finish(2, {200, body})).outcome ==
          SaveOutcome::Updated);
}

TEST_CASE("api client: failures keep what the server said") {
    ApiClient client;
    (void)client.begin({1, CreateContact{}});
    Error error{ErrorCode::InvalidArgument,
                "The email is no address",
                {{"email", "Write it like a@b.org"}}};
    const std::optional<Action> refused = client.finish(1, {422, api::write_error(error, "req-1")});
    const auto& failed = std::get<RequestFailed>(*refused);
    CHECK(failed.failure == Failure::Refused);
    CHECK(failed.answer.error.fields.at("email") == "Write it like a@b.org");
    CHECK(failed.answer.request_id == "req-1");

    (void)client.begin({2, FetchSync{}});
    CHECK(std::get<RequestFailed>(*client.finish(2, {0, ""})).failure == Failure::NoConnection);
    (void)client.begin({3, FetchSync{}});
    CHECK(std::get<RequestFailed>(*client.finish(3, {200, "<html>"})).failure ==
          Failure::Unreadable);
    (void)client.begin({4, FetchSync{}});
    CHECK_FALSE(
        std::get<RequestFailed>(*client.finish(4, {502, "<html>"})).answer.error.message.empty());
}

TEST_CASE("api client: a conflict of versions arrives with all three sides") {
    ApiClient client;
    (void)client.begin({1, PatchContact{ContactId("a"), {}, 1}});
    api::VersionConflict conflict;
    conflict.fields = {"company"};
    conflict.base = {{"company", "Old"}};
    conflict.current = {{"company", "Theirs"}};
    conflict.yours = {{"company", "Mine"}};
    conflict.version = 4;
    conflict.contact = person("a", "Ada");
    Error error{ErrorCode::VersionMismatch, "Somebody else changed it", {}};
    error.details_json = api::write_version_conflict(conflict);
    const std::optional<Action> action = client.finish(1, {412, api::write_error(error, "req")});
    const auto& failed = std::get<RequestFailed>(*action);
    REQUIRE(failed.answer.conflict);
    CHECK(failed.answer.conflict->current.at("company") == "Theirs");
    CHECK(failed.answer.conflict->version == 4);
}

TEST_CASE("api client: events become actions; what cannot be read is no action") {
    const std::optional<Action> contact =
        read_event("contact", api::write_contact_answer(person("a", "Ada")));
    REQUIRE(contact);
    CHECK(std::get<ContactChanged>(*contact).contact.id == ContactId("a"));
    api::Run run;
    run.id = RunId("r");
    CHECK(std::holds_alternative<RunChanged>(*read_event("run", api::write_run_answer(run))));
    CHECK(std::holds_alternative<SystemChanged>(
        *read_event("system", api::write_system_event({.key = "hubspot"}))));
    CHECK(std::holds_alternative<EventsReset>(*read_event("reset", "{}")));
    CHECK_FALSE(read_event("contact", "not json"));
    CHECK_FALSE(read_event("weather", "{}"));
}
