#include "server/sandbox/pipedrive.h"

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

Json person(std::string_view name, std::string_view email) {
    return Json::object({{"name", name}, {"email", email}});
}

}  // namespace

TEST_CASE("pipedrive: two persons may have one e-mail, and its case is kept") {
    const World world;
    const std::string first = world.create("pipedrive", person("Ann", "Ann@New.example"));
    const std::string second = world.create("pipedrive", person("Ann", "ann@new.example"));
    CHECK(first != second);
    CHECK(world.fields_of("pipedrive", first).text_at("primaryEmail") == "Ann@New.example");
    const Reply both =
        world.run("pipedrive",
                  "list-contacts",
                  Json::object({{"filter", Json::object({{"email", "ANN@new.example"}})}}));
    CHECK(both.json.find("output")->find("records")->items()->size() == 2);
}

TEST_CASE("pipedrive: anything passes for an e-mail, and there need not be one") {
    const World world;
    const std::string odd = world.create("pipedrive", person("Ann", "call her instead"));
    CHECK(world.fields_of("pipedrive", odd).text_at("primaryEmail") == "call her instead");
    const std::string none = world.create("pipedrive", Json::object({{"name", "Bob"}}));
    CHECK(world.fields_of("pipedrive", none).text_at("primaryEmail").empty());
}

TEST_CASE("pipedrive: a person must have a name, at birth and later") {
    const World world;
    for (const char* name : {"", "   "}) {
        const Reply reply = world.run("pipedrive", "create-contact", person(name, "a@new.example"));
        CHECK(reply.status == 400);
        CHECK(crm_status(reply) == 400);
        CHECK(crm_body(reply).find("success")->boolean() == false);
    }
    const std::string id = world.create("pipedrive", person("Ann", "a@new.example"));
    const Reply cleared =
        world.run("pipedrive", "update-contact", Json::object({{"id", id}, {"name", ""}}));
    CHECK(crm_status(cleared) == 400);
    CHECK(world.fields_of("pipedrive", id).text_at("fullName") == "Ann");
}

TEST_CASE("pipedrive: the first word is the first name, the rest the last") {
    const World world;
    const std::string id = world.create(
        "pipedrive", Json::object({{"firstName", "Mary Ann"}, {"lastName", "van der Berg"}}));
    const Json fields = world.fields_of("pipedrive", id);
    CHECK(fields.text_at("fullName") == "Mary Ann van der Berg");
    CHECK(fields.text_at("firstName") == "Mary");
    CHECK(fields.text_at("lastName") == "Ann van der Berg");
}

TEST_CASE("pipedrive: writing the e-mail replaces the whole list") {
    const World world;
    const std::string id = world.create(
        "pipedrive",
        Json::object(
            {{"name", "Ann"},
             {"emails", Json::array({Json("one@new.example"), Json("two@new.example")})}}));
    CHECK(world.fields_of("pipedrive", id).find("emails")->items()->size() == 2);
    CHECK(world
              .run("pipedrive",
                   "update-contact",
                   Json::object({{"id", id}, {"email", "three@new.example"}}))
              .status == 200);
    const Json fields = world.fields_of("pipedrive", id);
    CHECK(fields.find("emails")->items()->size() == 1);
    CHECK(fields.text_at("primaryEmail") == "three@new.example");
}

TEST_CASE("pipedrive: an update changes what it names, and an empty text clears") {
    const World world;
    Json input = person("Ann Lee", "ann@new.example");
    input.set("phone", "+1 212 555 0100").set("jobTitle", "CTO");
    const std::string id = world.create("pipedrive", input);
    CHECK(world.run("pipedrive", "update-contact", Json::object({{"id", id}, {"phone", ""}}))
              .status == 200);
    const Json fields = world.fields_of("pipedrive", id);
    CHECK(fields.text_at("primaryPhone").empty());
    CHECK(fields.text_at("primaryEmail") == "ann@new.example");
    CHECK(fields.text_at("jobTitle") == "CTO");
}

TEST_CASE("pipedrive: a second delete is told that the person is gone, and claims success") {
    const World world;
    const std::string id = world.create("pipedrive", person("Ann", "ann@new.example"));
    const Json which = Json::object({{"id", id}});
    CHECK(world.run("pipedrive", "delete-contact", which).status == 200);
    const Reply again = world.run("pipedrive", "delete-contact", which);
    CHECK(again.status == 400);
    CHECK(crm_status(again) == 410);
    CHECK(crm_body(again).find("success")->boolean() == true);
    CHECK(crm_status(world.run("pipedrive", "get-contact", which)) == 404);
    const Reply late =
        world.run("pipedrive", "update-contact", Json::object({{"id", id}, {"name", "Eva"}}));
    CHECK(crm_status(late) == 404);
    CHECK(crm_status(world.run("pipedrive", "delete-contact", Json::object({{"id", 999'999}}))) ==
          404);
}

TEST_CASE("pipedrive: times are whole seconds") {
    World world;
    world.clock().advance(std::chrono::milliseconds(789));
    const std::string id = world.create("pipedrive", person("Ann", "ann@new.example"));
    CHECK(world.fields_of("pipedrive", id).text_at("createdTime") == "2026-01-01T00:00:00Z");
}

TEST_CASE("pipedrive: a value may not be longer than 255 characters") {
    const World world;
    CHECK(crm_status(world.run(
              "pipedrive", "create-contact", person(std::string(256, 'x'), "a@new.example"))) ==
          400);
    CHECK_FALSE(world.create("pipedrive", person(std::string(255, 'x'), "a@new.example")).empty());
}

}  // namespace crm::sandbox::test
