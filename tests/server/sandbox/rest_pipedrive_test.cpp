#include <set>

#include <doctest/doctest.h>

#include "server/sandbox/rest.h"
#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

const std::string kV1 = "/pipedrive/v1/persons";
const std::string kV2 = "/pipedrive/api/v2/persons";

std::string post(const World& world, const std::string& path, const std::string& body) {
    const Reply reply = world.rest("POST", path, body);
    CAPTURE(reply.body);
    REQUIRE(reply.status == 201);
    return std::to_string(reply.json.find("data")->find("id")->integer().value_or(0));
}

std::set<std::int64_t> walk(const World& world,
                            const std::string& path,
                            const std::string& name,
                            std::initializer_list<std::string_view> next) {
    std::set<std::int64_t> ids;
    std::string cursor;
    do {
        const Reply reply = world.rest(
            "GET", path + "?limit=70" + (cursor.empty() ? "" : "&" + name + "=" + cursor));
        REQUIRE(reply.status == 200);
        for (const Json& person : *reply.json.find("data")->items()) {
            ids.insert(person.find("id")->integer().value_or(0));
        }
        const Json* place = &reply.json;
        for (const std::string_view member : next) {
            if (place != nullptr) place = place->find(member);
        }
        cursor.clear();
        if (place != nullptr && place->text() != nullptr) cursor = *place->text();
        if (place != nullptr && place->integer()) cursor = std::to_string(*place->integer());
    } while (!cursor.empty());
    return ids;
}

}  // namespace

TEST_CASE("pipedrive rest: it asks for the workspace key, in each of its ways") {
    const World world;
    CHECK(world.send({.path = kV1}).status == 401);
    CHECK(world.send({.path = kV1 + "?api_token=sandbox"}).status == 200);
    CHECK(world.send({.path = kV2, .headers = {{"x-api-token", "sandbox"}}}).status == 200);
    CHECK(world.send({.path = kV2, .headers = {{"x-api-token", "sandboX"}}}).status == 401);
    CHECK(world.rest("GET", "/pipedrive/v1/deals").status == 404);
}

TEST_CASE("pipedrive rest: both versions walk the same 160 persons") {
    const World world;
    const auto v1 = walk(world, kV1, "start", {"additional_data", "pagination", "next_start"});
    const auto v2 = walk(world, kV2, "cursor", {"additional_data", "next_cursor"});
    CHECK(v1.size() == 160);
    CHECK(v1 == v2);
    CHECK(world.rest("GET", kV2 + "?limit=501").status == 400);
}

TEST_CASE("pipedrive rest: what is written there is read through the actions") {
    const World world;
    const std::string id = post(world,
                                kV2,
                                R"({"name":"Ann Lee","emails":[{"value":"A@new.example"},)"
                                R"({"value":"b@new.example","primary":true}]})");
    const Json fields = world.fields_of("pipedrive", id, "dev");
    CHECK(fields.text_at("primaryEmail") == "b@new.example");
    CHECK(world.rest("PATCH", kV2 + "/" + id, R"({"job_title":"CTO"})").status == 200);
    CHECK(world.rest("PUT", kV1 + "/" + id, R"({"email":"single@new.example"})").status == 200);
    const Json later = world.fields_of("pipedrive", id, "dev");
    CHECK(later.text_at("jobTitle") == "CTO");
    CHECK(later.find("emails")->items()->size() == 1);
    CHECK(world.rest("PUT", kV2 + "/" + id, "{}").status == 405);
}

TEST_CASE("pipedrive rest: the versions differ in shape") {
    const World world;
    const std::string id = post(world, kV1, R"({"name":"Ann Lee"})");
    const Json old_shape = *world.rest("GET", kV1 + "/" + id).json.find("data");
    CHECK(old_shape.find("email")->items()->front().text_at("value").empty());
    CHECK(old_shape.text_at("add_time") == "2026-01-01 00:00:00");
    CHECK(old_shape.find("active_flag")->boolean() == true);
    const Json new_shape = *world.rest("GET", kV2 + "/" + id).json.find("data");
    CHECK(new_shape.find("emails")->items()->empty());
    CHECK(new_shape.text_at("add_time") == "2026-01-01T00:00:00Z");
    CHECK(new_shape.find("is_deleted")->boolean() == false);
    CHECK(new_shape.text_at("first_name") == "Ann");
}

TEST_CASE("pipedrive rest: a deleted person is inactive, then gone") {
    const World world;
    const std::string id = post(world, kV2, R"({"name":"Ann Lee"})");
    CHECK(world.rest("DELETE", kV2 + "/" + id).status == 200);
    CHECK(world.rest("DELETE", kV2 + "/" + id).status == 410);
    CHECK(world.rest("GET", kV2 + "/" + id).status == 404);
    const Reply inactive = world.rest("GET", kV1 + "/" + id);
    CHECK(inactive.json.find("data")->find("active_flag")->boolean() == false);
    CHECK(world.rest("DELETE", kV2 + "/999999").status == 404);
    CHECK(world.rest("GET", kV2 + "/abc").status == 400);
}

TEST_CASE("pipedrive rest: a body that is none, or has no name, is refused") {
    const World world;
    for (const char* body : {"", "[]", "nonsense", "{}", R"({"name":7})"}) {
        CAPTURE(body);
        const Reply reply = world.rest("POST", kV2, body);
        CHECK(reply.status == 400);
        CHECK(reply.json.find("success")->boolean() == false);
    }
}

}  // namespace crm::sandbox::test
