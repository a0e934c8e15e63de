// Searches and batches of HubSpot, and the readings of many persons of Pipedrive, where the rules
// are about limits and order; what the vendors' own clients see is in tests/conformance.
#include <set>

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

const std::string kContacts = "/hubspot/crm/v3/objects/contacts";

Reply search(const World& world, const std::string& body) {
    return world.rest("POST", kContacts + "/search", body);
}

}  // namespace

TEST_CASE("hubspot search: more groups, filters, sorts or results than allowed are refused") {
    const World world;
    const std::string filter = R"({"propertyName":"email","operator":"HAS_PROPERTY"})";
    const auto groups = [&](std::size_t group_count, std::size_t filter_count) {
        std::string all;
        for (std::size_t i = 0; i < group_count; ++i) {
            std::string filters;
            for (std::size_t j = 0; j < filter_count; ++j) filters += (j > 0 ? "," : "") + filter;
            all += std::string(i > 0 ? "," : "") + "{\"filters\":[" + filters + "]}";
        }
        return "{\"filterGroups\":[" + all + "]}";
    };
    CHECK(search(world, groups(5, 3)).status == 200);
    CHECK(search(world, groups(3, 6)).status == 200);
    CHECK(search(world, groups(6, 1)).status == 400);
    CHECK(search(world, groups(1, 7)).status == 400);
    CHECK(search(world, groups(5, 4)).status == 400);
    CHECK(search(world, R"({"sorts":["email","phone"]})").status == 400);
    CHECK(search(world, R"({"limit":201})").status == 400);
    CHECK(search(world, R"({"limit":200,"after":"9800"})").status == 200);
    CHECK(search(world, R"({"limit":200,"after":"9801"})").status == 400);
    CHECK(search(world, R"({"query":")" + std::string(3000, 'x') + "\"}").status == 400);
    CHECK(search(world, "[]").status == 400);
    CHECK(search(world,
                 R"({"filterGroups":[{"filters":[{"propertyName":"createdate",)"
                 R"("operator":"GT","value":"soon"}]}]})")
              .status == 400);
}

TEST_CASE("hubspot search: a walk by `after` meets every contact once") {
    const World world;
    std::set<std::string> ids;
    std::string after = "0";
    while (!after.empty()) {
        const Reply reply = search(world, R"({"limit":60,"after":")" + after + "\"}");
        REQUIRE(reply.status == 200);
        CHECK(reply.json.find("total")->integer() == 160);
        for (const Json& contact : *reply.json.find("results")->items()) {
            CHECK(ids.insert(contact.text_at("id")).second);
        }
        after = text_in(reply.json, {"paging", "next", "after"});
    }
    CHECK(ids.size() == 160);
}

TEST_CASE("hubspot batch: one bad input keeps the good ones from being written") {
    const World world;
    const std::string batch = R"({"inputs":[{"properties":{"email":"good@batch.example"}},)"
                              R"({"properties":{"email":"bad"}}]})";
    CHECK(world.rest("POST", kContacts + "/batch/create", batch).status == 400);
    CHECK(world.rest("GET", kContacts + "/good@batch.example?idProperty=email").status == 404);
}

TEST_CASE("hubspot batch: nonsense is refused, whatever the method") {
    const World world;
    for (const char* method : {"read", "create", "update", "upsert", "archive"}) {
        for (const char* body : {"", "[]", "{}", R"({"inputs":{}})", R"({"inputs":[7]})"}) {
            CAPTURE(method);
            CAPTURE(body);
            CHECK(world.rest("POST", kContacts + "/batch/" + method, body).status == 400);
        }
    }
    CHECK(world.rest("POST", kContacts + "/batch/dance", R"({"inputs":[]})").status == 404);
}

TEST_CASE("pipedrive lists: a cursor of another order, or of nowhere, is refused") {
    const World world;
    const std::string list = "/pipedrive/api/v2/persons?limit=10";
    const std::string cursor =
        text_in(world.rest("GET", list).json, {"additional_data", "next_cursor"});
    REQUIRE_FALSE(cursor.empty());
    CHECK(world.rest("GET", list + "&cursor=" + cursor).status == 200);
    CHECK(world.rest("GET", list + "&sort_by=add_time&cursor=" + cursor).status == 400);
    CHECK(world.rest("GET", list + "&cursor=e30").status == 400);
    CHECK(world.rest("GET", list + "&sort_by=name").status == 400);
    CHECK(world.rest("GET", list + "&updated_since=2026-01-01T00:00:00.5Z").status == 400);
    CHECK(world.rest("GET", list + "&ids=1,two").status == 400);
}

TEST_CASE("connections: what was archived is connected again, records and all") {
    const World world;
    const std::string id = world.create("hubspot", Json::object({{"name", "Kept"}}));
    CHECK(world.call({.method = "DELETE", .path = "/connections/hubspot"}).status == 200);
    CHECK(world.call({.path = "/connections/hubspot"}).status == 404);
    CHECK(world.run("hubspot", "list-contacts", Json::object()).status == 404);
    const Reply again = world.call(
        {.method = "POST", .path = "/connections", .body = R"({"integrationKey":"hubspot"})"});
    CHECK(again.status == 200);
    CHECK(again.json.find("disconnected")->boolean() == false);
    CHECK(world.fields_of("hubspot", id).text_at("fullName") == "Kept");
    CHECK(world.call({.method = "POST", .path = "/connections", .body = "{}"}).status == 404);
    CHECK(
        world
            .call({.method = "PATCH", .path = "/connections/hubspot", .body = R"({"name":"Mine"})"})
            .status == 400);
}

}  // namespace crm::sandbox::test
