#include "server/sandbox/workspace.h"

#include <set>

#include <doctest/doctest.h>

#include "server/jwt.h"
#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

Reply self(const World& world, const std::string& authorization) {
    return world.send({.path = "/self", .headers = {{"Authorization", authorization}}});
}

std::string connection_id(const World& world,
                          std::string_view system,
                          std::string_view customer = "ann") {
    return world.call({.path = "/connections/" + std::string(system)}, customer).json.text_at("id");
}

std::size_t item_count(const Reply& reply) {
    const Json* items = reply.json.find("items");
    return items == nullptr || items->items() == nullptr ? 999 : items->items()->size();
}

}  // namespace

TEST_CASE("workspace: a good token says who calls") {
    const World world;
    const Reply reply = self(world, "Bearer " + world.token("ann"));
    CHECK(reply.status == 200);
    CHECK(reply.json.text_at("id") == "ann");
    CHECK(reply.json.text_at("internalId").size() == 24);
}

TEST_CASE("workspace: a bad token is refused") {
    const World world;
    const std::int64_t now = 1'767'225'600;
    const std::string secret = "sandbox-secret";
    const std::pair<const char*, std::string> cases[] = {
        {"none", ""},
        {"not a bearer", "Basic abc"},
        {"not a token", "Bearer abc"},
        {"expired",
         "Bearer " + sign_token({.issuer = "sandbox", .id = "ann", .expires = now - 1}, secret)},
        {"other secret",
         "Bearer " + sign_token({.issuer = "sandbox", .id = "ann", .expires = now + 60}, "guess")},
        {"other workspace",
         "Bearer " + sign_token({.issuer = "elsewhere", .id = "ann", .expires = now + 60}, secret)},
        {"nobody", "Bearer " + sign_token({.issuer = "sandbox", .expires = now + 60}, secret)},
        {"too long a customer",
         "Bearer " + sign_token({.issuer = "sandbox", .id = std::string(200, 'x')}, secret)},
        {"the workspace key", "Bearer sandbox"}};
    for (const auto& each : cases) {
        const char* const what = each.first;
        const std::string& authorization = each.second;
        CAPTURE(what);
        const Reply reply = self(world, authorization);
        CHECK(reply.status == 401);
        CHECK(reply.json.text_at("type") == "bad_request");
        CHECK(reply.json.text_at("key") == "not_authenticated");
        CHECK_FALSE(reply.json.text_at("message").empty());
    }
}

TEST_CASE("workspace: an admin token needs no customer") {
    const World world;
    const std::string token = sign_token({.issuer = "sandbox", .is_admin = true}, "sandbox-secret");
    CHECK(self(world, "Bearer " + token).json.text_at("id") == "dev");
}

TEST_CASE("workspace: a connection goes by its id, its key and its integration's id") {
    const World world;
    for (const std::string system : {"hubspot", "pipedrive"}) {
        const Json connection = world.call({.path = "/connections/" + system}).json;
        const std::string id = connection.text_at("id");
        CHECK(id.size() == 24);
        CHECK(connection.find("disconnected")->boolean() == false);
        for (const std::string& selector : {id, connection.text_at("integrationId")}) {
            CHECK(world.call({.path = "/connections/" + selector}).json.text_at("id") == id);
            CHECK(world.run(selector, "list-contacts", Json::object()).status == 200);
        }
    }
    const Reply none = world.run("salesforce", "list-contacts", Json::object());
    CHECK(none.status == 404);
    CHECK(none.json.text_at("key") == "not_found");
}

TEST_CASE("workspace: customers have connections and records of their own") {
    const World world;
    CHECK(connection_id(world, "hubspot", "ann") != connection_id(world, "hubspot", "bob"));
    const Reply foreign =
        world.run(connection_id(world, "hubspot", "bob"), "list-contacts", Json::object(), "ann");
    CHECK(foreign.status == 404);
    const std::string id = world.create("pipedrive", Json::object({{"name", "Only Ann's"}}), "ann");
    CHECK(world.fields_of("pipedrive", id, "bob").text_at("fullName") != "Only Ann's");
    const Json hubspot_input = Json::object({{"email", "shared@new.example"}});
    const std::string hers = world.create("hubspot", hubspot_input, "ann");
    CHECK_FALSE(world.create("hubspot", hubspot_input, "bob").empty());  // no 409 across customers
    const Json delete_hers = Json::object({{"id", hers}});
    CHECK(crm_status(world.run("hubspot", "delete-contact", delete_hers, "bob")) == 404);
    CHECK(world.fields_of("hubspot", hers, "ann").text_at("primaryEmail") == "shared@new.example");
}

TEST_CASE("workspace: a first look fills both CRMs, and every page can be walked") {
    const World world;
    for (const std::string system : {"hubspot", "pipedrive"}) {
        CAPTURE(system);
        const std::vector<Json> all = world.list_all(system);
        CHECK(all.size() == 160);
        std::set<std::string> ids;
        for (const Json& record : all) {
            ids.insert(record.text_at("id"));
            const Json* fields = record.find("fields");
            REQUIRE(fields != nullptr);
            CHECK(record.text_at("name") == fields->text_at("fullName"));
            CHECK_FALSE(fields->text_at("primaryEmail").empty());
            CHECK(fields->find("emails")->items()->size() == 1);
            CHECK(record.text_at("uri").starts_with("http://127.0.0.1:"));
        }
        CHECK(ids.size() == 160);
    }
}

TEST_CASE("workspace: HubSpot's cursor is an id, Pipedrive's an offset") {
    const World world;
    const auto cursor = [&](std::string_view system) {
        return text_in(world.run(system, "list-contacts", Json::object()).json,
                       {"output", "cursor"});
    };
    CHECK(cursor("hubspot").size() == 12);
    CHECK(cursor("pipedrive") == "100");
    const Reply bad = world.run("hubspot", "list-contacts", Json::object({{"cursor", "nonsense"}}));
    CHECK(crm_status(bad) == 400);
    CHECK(crm_status(world.run("pipedrive", "list-contacts", Json::object({{"cursor", "-1"}}))) ==
          400);
    const Reply behind =
        world.run("pipedrive", "list-contacts", Json::object({{"cursor", "99999"}}));
    CHECK(behind.json.find("output")->find("records")->items()->empty());
}

TEST_CASE("workspace: a first page can be asked for in every way that callers do") {
    const World world;
    struct Way {
        const char* body;
        const char* type;
    };
    for (const Way& way : {Way{"{}", "application/json"},
                           Way{R"({"cursor":null})", "application/json"},
                           Way{R"({"cursor":""})", "application/json; charset=utf-8"},
                           Way{"", "application/x-www-form-urlencoded"},
                           Way{"abc", "application/x-www-form-urlencoded"},
                           Way{"null", "application/json"}}) {
        CAPTURE(way.body);
        const Reply reply = world.call({.method = "POST",
                                        .path = "/connections/hubspot/actions/list-contacts/run?",
                                        .body = way.body,
                                        .headers = {{"Content-Type", way.type}}});
        REQUIRE(reply.status == 200);
        CHECK(reply.json.find("output")->find("records")->items()->size() == 100);
    }
    for (const char* body : {"{", "[]", "\"text\"", "7"}) {
        CAPTURE(body);
        const Reply reply = world.call({.method = "POST",
                                        .path = "/connections/hubspot/actions/list-contacts/run",
                                        .body = body});
        CHECK(reply.status == 400);
        CHECK(reply.json.text_at("type") == "bad_request");
    }
}

TEST_CASE("workspace: an action runs in all four forms") {
    const World world;
    const auto names = [](const Reply& reply) {
        CAPTURE(reply.body);
        REQUIRE(reply.status == 200);
        return reply.json.find("output")->find("records")->items()->size();
    };
    const std::string filter = R"({"filter":{"email":"nobody@new.example"}})";
    const std::string wrapped = R"({"input":)" + filter + "}";
    CHECK(names(world.call({.method = "POST",
                            .path = "/connections/hubspot/actions/list-contacts/run",
                            .body = filter})) == 0);
    CHECK(names(world.call({.method = "POST",
                            .path = "/action-instance/run?autoCreate=true&integrationKey=hubspot"
                                    "&parentKey=list-contacts",
                            .body = filter})) == 0);
    CHECK(names(world.call({.method = "POST",
                            .path = "/actions/list-contacts/run?integrationKey=hubspot",
                            .body = wrapped})) == 0);
    CHECK(names(world.call({.method = "POST",
                            .path = "/actions/pipedrive.list-contacts/run",
                            .body = wrapped})) == 0);
    CHECK(
        names(world.call({.method = "POST",
                          .path = "/act",
                          .body = R"({"key":"list-contacts","integrationKey":"hubspot","input":)" +
                                  filter + "}"})) == 0);
    CHECK(world.call({.method = "POST", .path = "/act", .body = "{}"}).status == 400);
    CHECK(world.run("hubspot", "no-such-action", Json::object()).status == 404);
}

TEST_CASE("workspace: integrations and actions are listed, in pages when asked") {
    const World world;
    CHECK(item_count(world.call({.path = "/connections"})) == 2);
    CHECK(item_count(world.call({.path = "/connections?integrationKey=pipedrive"})) == 1);
    CHECK(item_count(world.call({.path = "/integrations?limit=1000&cursor=0"})) == 2);
    CHECK(world.call({.path = "/integrations/hubspot"}).json.text_at("name") == "HubSpot");
    CHECK(item_count(world.call({.path = "/actions"})) == 10);
    CHECK(item_count(world.call({.path = "/actions?integrationKey=hubspot"})) == 5);
    CHECK(item_count(world.call({.path = "/connections/pipedrive/actions"})) == 5);
    const Json action = world.call({.path = "/connections/hubspot/actions/create-contact"}).json;
    CHECK(action.text_at("type") == "create-data-record");
    const Json record = Json::object({{"email", "by-id@new.example"}});
    CHECK(world.run("hubspot", action.text_at("id"), record).status == 200);
    const Reply first = world.call({.path = "/actions?limit=4"});
    CHECK(item_count(first) == 4);
    CHECK(first.json.text_at("cursor") == "4");
    CHECK(item_count(world.call({.path = "/actions?limit=4&cursor=8"})) == 2);
    CHECK(world.call({.path = "/actions?limit=0"}).status == 400);
    CHECK(world.call({.path = "/actions?cursor=abc"}).status == 400);
    CHECK(item_count(world.call({.path = "/actions?cursor=18446744073709551615"})) == 0);
}

TEST_CASE("workspace: data collections answer bare, with native fields") {
    const World world;
    const auto data = [&](const std::string& path, const std::string& body) {
        return world.call({.method = "POST", .path = "/connections/" + path, .body = body});
    };
    const Reply created = data("hubspot/data/contacts/create",
                               R"({"fields":{"firstname":"Ann","email":"Ann@new.example"}})");
    REQUIRE(created.status == 200);
    const std::string id = created.json.text_at("id");
    const Reply found = data("hubspot/data/contacts/find-by-id", R"({"id":")" + id + "\"}");
    CHECK(text_in(found.json, {"record", "fields", "email"}) == "ann@new.example");
    const Reply matched =
        data("hubspot/data/contacts/match", R"({"query":{"email":"ANN@new.example"}})");
    CHECK(text_in(matched.json, {"record", "id"}) == id);
    const Reply searched = data("hubspot/data/contacts/search", R"({"query":"ann@new"})");
    CHECK(searched.json.find("records")->items()->size() == 1);
    CHECK(data("hubspot/data/contacts/update",
               R"({"id":")" + id + R"(","fields":{"lastname":"Lee"}})")
              .json.text_at("id") == id);
    CHECK(data("hubspot/data/contacts/delete", R"({"id":")" + id + "\"}").status == 200);
    CHECK(data("pipedrive/data/persons/list", "{}").json.find("records")->items()->size() == 100);
    CHECK(data("pipedrive/data/contacts/list", "{}").status == 404);
    CHECK(data("hubspot/data/contacts/explode", "{}").status == 404);
}

TEST_CASE("workspace: an archived connection is gone") {
    const World world;
    CHECK(world.call({.method = "DELETE", .path = "/connections/hubspot"}).status == 200);
    CHECK(item_count(world.call({.path = "/connections"})) == 1);
    CHECK(item_count(world.call({.path = "/connections?includeArchived=true"})) == 2);
    CHECK(world.run("hubspot", "list-contacts", Json::object()).json.text_at("key") == "not_found");
    CHECK(world.run("hubspot", "list-contacts", Json::object(), "bob").status == 200);
}

TEST_CASE("workspace: an update or a delete without an id is refused") {
    const World world;
    CHECK(world.run("hubspot", "update-contact", Json::object({{"name", "Eva"}})).status == 400);
    CHECK(world.run("pipedrive", "delete-contact", Json::object()).status == 400);
}

}  // namespace crm::sandbox::test
