#include <set>

#include <doctest/doctest.h>

#include "server/sandbox/rest.h"
#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

const std::string kContacts = "/hubspot/crm/v3/objects/contacts";

std::string post(const World& world, const std::string& properties) {
    const Reply reply = world.rest("POST", kContacts, R"({"properties":)" + properties + "}");
    CAPTURE(reply.body);
    REQUIRE(reply.status == 201);
    return reply.json.text_at("id");
}

}  // namespace

TEST_CASE("hubspot rest: it asks for the workspace key") {
    const World world;
    const Reply reply = world.send({.path = kContacts});
    CHECK(reply.status == 401);
    CHECK(reply.json.text_at("category") == "INVALID_AUTHENTICATION");
    CHECK(world.rest("GET", "/hubspot/crm/v3/objects/deals").status == 404);
}

TEST_CASE("hubspot rest: a list is walked by `after`, and shows the dev customer's records") {
    const World world;
    std::set<std::string> ids;
    std::string after;
    do {
        const Reply reply =
            world.rest("GET", kContacts + "?limit=33" + (after.empty() ? "" : "&after=" + after));
        REQUIRE(reply.status == 200);
        for (const Json& contact : *reply.json.find("results")->items()) {
            ids.insert(contact.text_at("id"));
        }
        after = text_in(reply.json, {"paging", "next", "after"});
    } while (!after.empty());
    CHECK(ids.size() == 160);
    std::set<std::string> listed;
    for (const Json& record : world.list_all("hubspot", "dev")) {
        listed.insert(record.text_at("id"));
    }
    CHECK(ids == listed);
    CHECK(world.rest("GET", kContacts).json.find("results")->items()->size() == 10);
    CHECK(world.rest("GET", kContacts + "?limit=101").status == 400);
}

TEST_CASE("hubspot rest: what is written there is read through the actions, and back") {
    const World world;
    const std::string id =
        post(world, R"({"email":"Rest@new.example","firstname":"Ann","lastname":"Lee"})");
    const Json fields = world.fields_of("hubspot", id, "dev");
    CHECK(fields.text_at("fullName") == "Ann Lee");
    CHECK(fields.text_at("primaryEmail") == "rest@new.example");
    const Reply changed = world.rest(
        "PATCH", kContacts + "/" + id, R"({"properties":{"jobtitle":"CTO","lastname":""}})");
    CHECK(changed.status == 200);
    CHECK(world.fields_of("hubspot", id, "dev").text_at("jobTitle") == "CTO");
    const Reply one =
        world.rest("GET", kContacts + "/" + id + "?properties=jobtitle,phone,nonsense");
    CHECK(text_in(one.json, {"properties", "jobtitle"}) == "CTO");
    CHECK(one.json.find("properties")->find("phone")->is_null());
    CHECK(one.json.find("properties")->find("nonsense") == nullptr);
    CHECK(one.json.find("properties")->find("hs_object_id") != nullptr);
    const Reply by_email = world.rest("GET", kContacts + "/REST%40new.example?idProperty=email");
    CHECK(by_email.json.text_at("id") == id);
}

TEST_CASE("hubspot rest: a used address is a conflict") {
    const World world;
    const std::string id = post(
        world, R"({"email":"a@new.example","hs_additional_emails":"b@new.example;c@new.example"})");
    for (const char* email : {"A@new.example", "c@new.example"}) {
        const Reply reply = world.rest(
            "POST", kContacts, std::string(R"({"properties":{"email":")") + email + "\"}}");
        CHECK(reply.status == 409);
        CHECK(reply.json.text_at("message") == "Contact already exists. Existing ID: " + id);
    }
}

TEST_CASE("hubspot rest: deleting answers 204 twice, and the contact moves to the archive") {
    const World world;
    const std::string id = post(world, R"({"email":"gone@new.example"})");
    CHECK(world.rest("DELETE", kContacts + "/" + id).status == 204);
    CHECK(world.rest("DELETE", kContacts + "/" + id).status == 204);
    CHECK(world.rest("GET", kContacts + "/" + id).status == 404);
    CHECK(world.rest("PATCH", kContacts + "/" + id, R"({"properties":{"phone":"1"}})").status ==
          404);
    const Reply archived = world.rest("GET", kContacts + "/" + id + "?archived=true");
    CHECK(archived.json.find("archived")->boolean() == true);
    CHECK(world.rest("GET", kContacts + "?archived=true").json.find("results")->items()->size() ==
          1);
    CHECK(world.rest("DELETE", kContacts + "/123").status == 404);
}

TEST_CASE("hubspot rest: an unknown, read-only or mistyped property is refused") {
    const World world;
    const std::pair<const char*, const char*> cases[] = {
        {R"({"properties":{"shoe_size":"44"}})", "PROPERTY_DOESNT_EXIST"},
        {R"({"properties":{"hs_object_id":"1"}})", "READ_ONLY_VALUE"},
        {R"({"properties":{"email":7}})", "INVALID_STRING"},
        {R"({"properties":{"email":"nonsense"}})", "INVALID_EMAIL"},
        {R"({"email":"a@new.example"})", "properties"},
        {"nonsense", "properties"}};
    for (const auto& each : cases) {
        const char* const body = each.first;
        const char* const code = each.second;
        CAPTURE(body);
        const Reply reply = world.rest("POST", kContacts, body);
        CHECK(reply.status == 400);
        CHECK(reply.json.text_at("category") == "VALIDATION_ERROR");
        CHECK(reply.body.find(code) != std::string::npos);
    }
    CHECK(world.rest("PUT", kContacts, "{}").status == 405);
}

}  // namespace crm::sandbox::test
