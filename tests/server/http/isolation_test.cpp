// Nobody sees or changes what belongs to another customer, whatever id is asked for. Walks every
// route of the table, so that a new one cannot be forgotten: a route with an id that this test does
// not know fails it. Real store, contacts, sync engine, people, sockets.
#include <algorithm>
#include <map>
#include <memory>

#include <doctest/doctest.h>

#include "server/http/application.h"
#include "server/http/server.h"
#include "server/http/sync_door.h"
#include "tests/server/http/raw_client.h"
#include "tests/server/people/people_world.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// "dev" owns one of everything, recorded by the real engine; "ours" has nothing.
class TwoCustomers {
   public:
    TwoCustomers() {
        record_of_everything();
        services.people = &people;
        services.connections = {
            [this](const CustomerId& customer, const std::string&) -> Result<std::string> {
                connection_customers.push_back(customer.text);
                return std::string("connected");
            },
            [this](const CustomerId& customer, const std::string&) -> Status {
                connection_customers.push_back(customer.text);
                return {};
            },
            [this](const CustomerId& customer, const std::string&) -> Result<std::string> {
                connection_customers.push_back(customer.text);
                return std::string("https://connect.test/");
            }};
        add_user("owner@theirs.test", bench.customer);
        add_user("admin@ours.test", kOurs);
        theirs = cookie_of("owner@theirs.test");
        ours = cookie_of("admin@ours.test");
        token = people
                    .create_token(bench.customer,
                                  people.find_by_email("owner@theirs.test").value().id,
                                  {"Their token", Role::Admin, {}},
                                  {{}, "test", ""})
                    .take()
                    .token;
        user = people.find_by_email("owner@theirs.test").value().id;
        auto started = http::Server::start({}, application, log);
        REQUIRE(started.is_ok());
        server = started.take();
    }
    ~TwoCustomers() {
        services.is_stopping = true;
        server->stop_accepting();
        hub.close();
        server.reset();
    }
    TwoCustomers(const TwoCustomers&) = delete;
    TwoCustomers& operator=(const TwoCustomers&) = delete;

    [[nodiscard]] Reply send(const std::string& method,
                             const std::string& target,
                             const HeaderList& headers,
                             const std::string& body = "") const {
        return ask(server->port(),
                   {.method = method, .target = target, .body = body, .headers = headers});
    }

    /// Everything that the owner sees.
    [[nodiscard]] std::string picture() const {
        std::string all;
        for (const char* list : {"/api/contacts?deleted=true&sort=createdAt",
                                 "/api/sync/runs",
                                 "/api/sync/holds",
                                 "/api/conflicts",
                                 "/api/users",
                                 "/api/tokens"}) {
            const Reply reply = send("GET", list, theirs);
            REQUIRE(reply.status == 200);
            all += reply.body + '\n';
        }
        return all;
    }

    SyncBench bench;
    Contact ada;
    std::string run;
    std::string hold;
    std::string conflict;
    std::string change;  // a line of history
    std::vector<std::string> connection_customers;
    Log log{bench.clock, LogLevel::Error, 2};
    http::EventHub hub{"b00t"};
    people::PeopleService people{
        {bench.store.database(), bench.clock, bench.random, kCheapPassword}};
    http::SyncDoor door = http::make_sync_door(*bench.service);
    http::Services services{*bench.contacts,
                            door,
                            hub,
                            [](const CustomerId& customer) -> Result<std::string> {
                                return "token of " + customer.text;
                            },
                            bench.store.database().schema_version()};
    http::StaticFiles files;
    http::Application application{{AuthMode::Login, "dev", &people}, services, files};
    api::ApiToken token;
    UserId user;
    HeaderList ours;
    HeaderList theirs;
    std::unique_ptr<http::Server> server;

   private:
    void add_user(const std::string& email, const CustomerId& customer) {
        const auto added =
            people.add_user(customer, {email, "", Role::Admin, kPassword}, {{}, "test", ""});
        REQUIRE(added.is_ok());
    }
    HeaderList cookie_of(const std::string& email) {
        const people::SignInAnswer answer = people.sign_in({email, kPassword, "192.0.2.1", ""});
        REQUIRE(answer.signed_in.has_value());
        return {{"Cookie", "contacts_session=" + answer.signed_in->session}};
    }
    void record_of_everything() {
        ada = bench.create("Their Ada", "ada@theirs.test");
        bench.run();
        bench.edit(ada.id, "name", "Their Ada from here");
        bench.hubspot.person_edits(
            bench.hubspot.ids_with_email("ada@theirs.test").front(), "name", "Their Ada there");
        hold = bench.hubspot.person_creates({{"name", "Their hold"}, {"phone", "123"}});
        run = bench.run().id.text;
        const auto conflicts = bench.service->conflicts(bench.customer, {});
        REQUIRE_FALSE(conflicts.value().conflicts.empty());
        conflict = conflicts.value().conflicts.front().id;
        const auto history = bench.contacts->history(bench.customer, ada.id);
        REQUIRE_FALSE(history.value().empty());
        change = std::to_string(history.value().front().id);
        REQUIRE(bench.service->holds(bench.customer, {}).value().holds.size() == 1);
    }
};

/// The address of a route with the ids of the other customer's things; "" when the route holds an
/// id that nobody told this test about.
std::string their_path(const TwoCustomers& world, std::string pattern) {
    const std::map<std::string, std::string> ids{
        {"/api/contacts/{}", world.ada.id.text},
        {"/api/sync/runs/{}", world.run},
        {"/api/sync/holds/{}/{}", "hubspot/" + world.hold},
        {"/api/conflicts/{}", world.conflict},
        {"/api/connections/{}", "hubspot"},
        {"/api/users/{}", world.user.text},
        {"/api/tokens/{}", world.token.id.text},
        {"/api/undo/{}", world.change},
    };
    for (const auto& [start, id] : ids) {
        if (!pattern.starts_with(start)) continue;
        const std::size_t hole = start.find('{');
        return pattern.replace(hole, start.size() - hole, id);
    }
    return has(pattern, "{}") ? "" : pattern;
}

/// A body that the route would take, were the ids one's own.
std::string good_body(const TwoCustomers& world, const http::Route& route) {
    if (route.body == http::Body::None) return "";
    const std::string key = std::string(route.method) + ' ' + std::string(route.pattern);
    const std::map<std::string, std::string> bodies{
        {"PATCH /api/contacts/{}", R"({"name":"Stolen"})"},
        {"POST /api/contacts", R"({"name":"Twin","email":"ada@theirs.test"})"},
        {"POST /api/conflicts/{}/resolve", R"({"side":"hubspot"})"},
        {"POST /api/sync/holds/{}/{}/link", R"({"contactId":")" + world.ada.id.text + R"("})"},
        {"POST /api/contacts/merge",
         R"({"winner":")" + world.ada.id.text + R"(","loser":"nobody"})"},
        {"POST /api/duplicates/separate", R"({"ids":[")" + world.ada.id.text + R"(","nobody"]})"},
        {"POST /api/contacts/purge", R"({"olderThanDays":1})"},
        {"PATCH /api/users/{}", R"({"role":"viewer","password":"a stolen password"})"},
        {"POST /api/users",
         R"({"email":"new@ours.test","role":"viewer","password":"correct horse battery"})"},
        {"POST /api/tokens", R"({"name":"ours","scope":"admin"})"},
    };
    const auto found = bodies.find(key);
    return found == bodies.end() ? "" : found->second;
}

/// What of the other customer must be in no answer.
std::vector<std::string> their_marks(const TwoCustomers& world) {
    return {world.ada.id.text,
            world.run,
            world.user.text,
            world.token.id.text,
            "Their Ada",
            "Their hold",
            "Their token",
            "owner@theirs.test"};
}

void check_no_mark(const TwoCustomers& world, const std::string& body) {
    for (const std::string& mark : their_marks(world)) {
        CAPTURE(mark);
        CHECK_FALSE(has(body, mark));
    }
}

}  // namespace

TEST_CASE("isolation: every route, with another customer's ids, finds and changes nothing") {
    TwoCustomers world;
    const std::string before = world.picture();
    int with_ids = 0;
    for (const http::Route& route : http::routes()) {
        if (route.pattern == "/api/events") continue;  // it has its own test below
        const std::string method(route.method);
        const std::string path = their_path(world, std::string(route.pattern));
        CAPTURE(route.pattern);
        CAPTURE(method);
        REQUIRE_MESSAGE(!path.empty(), "say in their_path() whose id this route takes");
        const Reply reply = world.send(method, path, world.ours, good_body(world, route));
        CAPTURE(reply.body);
        check_no_mark(world, reply.body);
        CHECK(reply.status != 500);
        const bool has_id = path != route.pattern;
        if (!has_id) continue;
        ++with_ids;
        // A system has the same name for everybody: what is done there is done to one's own.
        if (!route.pattern.starts_with("/api/connections/")) CHECK(reply.status == 404);
    }
    CHECK(with_ids > 15);
    for (const std::string& customer : world.connection_customers) CHECK(customer == "ours");
    CHECK(world.picture() == before);
    CHECK(world.people.sign_in({"owner@theirs.test", kPassword, "192.0.2.1", ""}).signed_in);
}

TEST_CASE("isolation: the owner finds all of it by the same addresses") {
    TwoCustomers world;
    int found = 0;
    for (const http::Route& route : http::routes()) {
        const std::string path = their_path(world, std::string(route.pattern));
        if (route.method != "GET" || path == route.pattern) continue;
        CAPTURE(path);
        CHECK(world.send("GET", path, world.theirs).status == 200);
        ++found;
    }
    CHECK(found >= 3);
    const std::string all = world.picture();
    for (const std::string& mark : their_marks(world)) CHECK_MESSAGE(has(all, mark), mark);
}

TEST_CASE("isolation: another customer's ids in parameters find nothing either") {
    TwoCustomers world;
    const std::string before = world.picture();
    for (const auto& entry : HeaderList{{"DELETE", "/api/contacts?email=ada@theirs.test"},
                                        {"POST", "/api/sync?contact=" + world.ada.id.text},
                                        {"POST", "/api/undo/" + world.run},
                                        {"GET", "/api/conflicts?contact=" + world.ada.id.text},
                                        {"GET", "/api/contacts?q=ada"},
                                        {"GET", "/api/contacts?q=adda"},
                                        {"GET", "/api/duplicates?email=ada@theirs.test"},
                                        {"GET", "/api/contacts?deleted=true"},
                                        {"GET", "/api/audit?cursor=1000"}}) {
        const auto& [method, target] = entry;
        CAPTURE(entry.second);
        const Reply reply = world.send(method, target, world.ours);
        check_no_mark(world, reply.body);
        if (method != "GET") CHECK(reply.status >= 400);
    }
    CHECK(world.picture() == before);
}

TEST_CASE("isolation: events go to the listeners of their own customer") {
    TwoCustomers world;
    RawConnection connection(world.server->port());
    connection.send(format_request({.target = "/api/events", .headers = world.ours}));
    CHECK(connection.read_head().status == 200);
    CHECK(has(connection.read_until("\n\n"), "retry: "));
    world.hub.publish(world.bench.customer, "run", R"({"run":"theirs"})");
    world.hub.publish(kOurs, "run", R"({"run":"ours"})");
    const std::string event = connection.read_until("\n\n");
    CHECK(has(event, "ours"));
    CHECK_FALSE(has(event, "theirs"));
}

}  // namespace crm::test
