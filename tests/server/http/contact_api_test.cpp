// The contacts API over a real socket: what each route answers, for good requests and for those of
// strangers.
#include <doctest/doctest.h>

#include "server/http/application.h"
#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::Ask;
using crm::test::LiveServer;
using crm::test::Reply;

namespace {

std::string path_of(const Contact& contact, const std::string& rest = "") {
    return "/api/contacts/" + contact.id.text + rest;
}

Contact contact_in(const Reply& reply) {
    const Result<Contact> contact = api::read_contact_answer(reply.body);
    REQUIRE_MESSAGE(contact.is_ok(), reply.body);
    return contact.value();
}

api::ContactPage page_in(const Reply& reply) {
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    const Result<api::ContactPage> page = api::read_contact_page(reply.body);
    REQUIRE(page.is_ok());
    return page.value();
}

std::vector<std::string> names_in(const Reply& reply) {
    std::vector<std::string> names;
    for (const Contact& contact : page_in(reply).contacts) names.push_back(contact.fields.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("contact API: filters, searches with errors, and what a bad filter says") {
    LiveServer live;
    for (const char* body : {R"({"name":"Chloe Mueller","company":"Acme","tags":["vip"]})",
                             R"({"name":"Bob Miles","company":"Acme","phone":"+44 20 7946 0991"})",
                             R"({"name":"Zoe Jones","email":"zoe@example.org"})"}) {
        REQUIRE(live.ask({.method = "POST", .target = "/api/contacts", .body = body}).status ==
                201);
    }
    const auto names = [&](const std::string& query) {
        return names_in(live.ask({.target = "/api/contacts?" + query}));
    };
    CHECK(names("filter=company%20is%20acme%20and%20phone%20is%20empty") == Names{"Chloe Mueller"});
    CHECK(names("filter=tag%20is%20vip%20or%20email%20contains%20zoe") ==
          Names{"Chloe Mueller", "Zoe Jones"});
    CHECK(live.ask({.target = "/api/tags"}).body == R"({"tags":[{"tag":"vip","contacts":1}]})");
    CHECK(names("q=m%C3%BCller") == Names{"Chloe Mueller"});
    CHECK(names("q=mulller") == Names{"Chloe Mueller"});
    CHECK(names("q=0991") == Names{"Bob Miles"});
    CHECK(names("q=mulller&filter=company%20is%20empty").empty());
    CHECK(names("filter=sync%20is%20conflict").empty());
    const Reply refused = live.ask({.target = "/api/contacts?filter=shoe%20is%20red"});
    CHECK(refused.status == 400);
    CHECK(refused.body.find("shoe") != std::string::npos);
}

TEST_CASE("a contact is created, read, changed, deleted and restored") {
    LiveServer live;
    const Reply created = live.ask(
        {.method = "POST",
         .target = "/api/contacts",
         .body = R"({"name":"Ada Lovelace","email":"Ada@Example.com","jobTitle":"Analyst"})"});
    REQUIRE_MESSAGE(created.status == 201, created.body);
    const Contact ada = contact_in(created);
    CHECK(created.header("etag") == "\"1\"");
    CHECK(created.header("location") == path_of(ada));
    CHECK(created.header("content-type") == "application/json");
    CHECK(created.header("cache-control") == "no-store");
    CHECK(ada.fields.email == "Ada@Example.com");
    CHECK(ada.customer_id.text == "dev");

    CHECK(contact_in(live.ask({.target = path_of(ada)})).fields == ada.fields);

    const Reply changed = live.ask(
        {.method = "PATCH",
         .target = path_of(ada),
         .body = R"({"phone":"+44 20 1234"})",
         .headers = {{"If-Match", "\"1\""}, {"Content-Type", "application/json; charset=utf-8"}}});
    REQUIRE_MESSAGE(changed.status == 200, changed.body);
    CHECK(contact_in(changed).fields.phone == "+44 20 1234");
    CHECK(changed.header("etag") == "\"2\"");

    const Reply deleted = live.ask({.method = "DELETE", .target = path_of(ada)});
    CHECK(deleted.status == 200);
    CHECK(contact_in(deleted).deleted);
    CHECK(live.ask({.method = "DELETE", .target = path_of(ada)}).status == 200);
    const Reply tombstone = live.ask({.target = path_of(ada)});
    CHECK(tombstone.status == 200);
    CHECK(contact_in(tombstone).deleted);

    const Reply restored = live.ask({.method = "POST", .target = path_of(ada, "/restore")});
    REQUIRE_MESSAGE(restored.status == 200, restored.body);
    CHECK_FALSE(contact_in(restored).deleted);
    CHECK(contact_in(restored).id == ada.id);

    const Reply history = live.ask({.target = path_of(ada, "/history")});
    REQUIRE(history.status == 200);
    CHECK(api::read_history(history.body).value().size() == 4);
}

TEST_CASE("the same e-mail again updates the contact that has it") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const Reply again = live.ask({.method = "POST",
                                  .target = "/api/contacts",
                                  .body = R"({"name":"Ada L.","email":" ADA@example.com "})"});
    CHECK(again.status == 200);
    CHECK(contact_in(again).id == ada.id);
    CHECK(contact_in(again).fields.name == "Ada L.");
    CHECK(page_in(live.ask({.target = "/api/contacts"})).total == 1);
}

TEST_CASE("deleting by e-mail leaves a tombstone; a new contact with it is another one") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada+crm@example.com");
    const Reply deleted =
        live.ask({.method = "DELETE", .target = "/api/contacts?email=ADA%2Bcrm@example.com"});
    REQUIRE_MESSAGE(deleted.status == 200, deleted.body);
    CHECK(contact_in(deleted).id == ada.id);
    const Contact second = live.create("Ada", "ada+crm@example.com");
    CHECK(second.id != ada.id);
    CHECK(live.ask({.method = "POST", .target = path_of(ada, "/restore")}).status == 409);
    CHECK(
        live.ask({.method = "DELETE", .target = "/api/contacts?email=nobody@example.com"}).status ==
        404);
    CHECK(live.ask({.method = "DELETE", .target = "/api/contacts"}).status == 400);
}

TEST_CASE("a stale change merges what nobody else changed and refuses what somebody did") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const auto patch = [&](const std::string& body, const std::string& version) {
        return live.ask({.method = "PATCH",
                         .target = path_of(ada),
                         .body = body,
                         .headers = {{"If-Match", '"' + version + '"'}}});
    };
    REQUIRE(patch(R"({"name":"Ada One"})", "1").status == 200);
    const Reply merged = patch(R"({"company":"Engines"})", "1");
    REQUIRE_MESSAGE(merged.status == 200, merged.body);
    CHECK(contact_in(merged).fields.name == "Ada One");
    CHECK(contact_in(merged).fields.company == "Engines");
    const Reply refused = patch(R"({"name":"Ada Two"})", "1");
    REQUIRE(refused.status == 412);
    const api::ErrorAnswer answer = api::read_error(412, refused.body);
    REQUIRE(answer.conflict.has_value());
    CHECK(answer.conflict->base.at("name") == "Ada");
    CHECK(answer.conflict->current.at("name") == "Ada One");
    CHECK(answer.conflict->yours.at("name") == "Ada Two");
}

TEST_CASE("an e-mail of another live contact is refused") {
    LiveServer live;
    live.create("Ada", "ada@example.com");
    const Contact bob = live.create("Bob", "bob@example.com");
    const std::string before = live.everything_of("dev");
    const Reply reply = live.ask(
        {.method = "PATCH", .target = path_of(bob), .body = R"({"email":"ADA@example.com"})"});
    CHECK(reply.status == 409);
    CHECK(live.everything_of("dev") == before);
}

TEST_CASE("lists are searched, sorted and paged") {
    LiveServer live;
    live.create("Čížek", "c@example.com");
    live.create("Ada", "a@example.com");
    live.create("Bob", "b@example.com");
    CHECK(names_in(live.ask({.target = "/api/contacts"})) == Names{"Ada", "Bob", "Čížek"});
    CHECK(names_in(live.ask({.target = "/api/contacts?sort=-name&q=&filter="})) ==
          Names{"Čížek", "Bob", "Ada"});
    CHECK(names_in(live.ask({.target = "/api/contacts?q=cizek"})) == Names{"Čížek"});

    const api::ContactPage first = page_in(live.ask({.target = "/api/contacts?limit=2"}));
    CHECK(first.contacts.size() == 2);
    CHECK(first.total == 3);
    REQUIRE_FALSE(first.cursor.empty());
    const api::ContactPage second = page_in(
        live.ask({.target = "/api/contacts?limit=2&cursor=" + percent_encode(first.cursor)}));
    REQUIRE(second.contacts.size() == 1);
    CHECK(second.contacts[0].fields.name == "Čížek");
    CHECK(second.cursor.empty());
}

TEST_CASE("tombstones are listed when asked for") {
    LiveServer live;
    const Contact ada = live.create("Ada", "a@example.com");
    live.create("Bob", "b@example.com");
    REQUIRE(live.ask({.method = "DELETE", .target = path_of(ada)}).status == 200);
    CHECK(names_in(live.ask({.target = "/api/contacts?deleted=false"})) == Names{"Bob"});
    CHECK(names_in(live.ask({.target = "/api/contacts?deleted=true"})) == Names{"Ada", "Bob"});
    CHECK(names_in(live.ask({.target = "/api/contacts?deleted=only"})) == Names{"Ada"});
}

TEST_CASE("an unchanged list is answered with 304") {
    LiveServer live;
    live.create("Ada", "a@example.com");
    const Reply first = live.ask({.target = "/api/contacts"});
    const std::string etag = first.header("etag");
    REQUIRE(etag.size() > 10);
    CHECK(first.header("cache-control") == "private, no-cache");
    const auto again = [&](const std::string& tags) {
        return live.ask({.target = "/api/contacts", .headers = {{"If-None-Match", tags}}});
    };
    CHECK(again(etag).status == 304);
    CHECK(again(etag).header("etag") == etag);
    CHECK(again("\"other\", W/" + etag).status == 304);
    CHECK(again("\"other\"").status == 200);
    live.create("Bob", "b@example.com");
    CHECK(again(etag).status == 200);
}

TEST_CASE("customers never see each other, whatever id is asked for") {
    LiveServer live;
    const Contact ada = live.create("Ada", "ada@example.com");
    const std::string before = live.everything_of("dev");
    const auto as_eve =
        [&](const std::string& method, const std::string& target, const std::string& body = "") {
            return live
                .ask({.method = method,
                      .target = target,
                      .body = body,
                      .headers = {{"x-auth-id", "eve"}}})
                .status;
        };
    CHECK(as_eve("GET", path_of(ada)) == 404);
    CHECK(as_eve("GET", path_of(ada, "/history")) == 404);
    CHECK(as_eve("PATCH", path_of(ada), R"({"name":"Eve"})") == 404);
    CHECK(as_eve("DELETE", path_of(ada)) == 404);
    CHECK(as_eve("POST", path_of(ada, "/restore")) == 404);
    CHECK(as_eve("DELETE", "/api/contacts?email=ada@example.com") == 404);
    CHECK(as_eve("POST", "/api/contacts", R"({"name":"Eve","email":"ada@example.com"})") == 201);
    CHECK(names_in(live.ask({.target = "/api/contacts", .headers = {{"x-auth-id", "eve"}}})) ==
          Names{"Eve"});
    CHECK(live.everything_of("dev") == before);
}

TEST_CASE("who am I, is the server well, and a token") {
    LiveServer live;
    const Reply health = live.ask({.target = "/api/health"});
    CHECK(health.status == 200);
    CHECK(health.body.find(R"("status":"ok")") != std::string::npos);
    const Reply self = live.ask({.target = "/api/self", .headers = {{"X-Auth-Id", "Šárka's"}}});
    REQUIRE(self.status == 200);
    CHECK(api::read_self(self.body).value().customer_id.text == "Šárka's");
    CHECK(api::read_self(self.body).value().customer_name == "Šárka's");
    const Reply token =
        live.ask({.target = "/api/integration-token", .headers = {{"x-auth-id", "acme"}}});
    CHECK(token.body == R"({"token":"token of acme"})");
}
