#include "server/sandbox/hubspot.h"

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

Json contact(std::string_view name, std::string_view email) {
    return Json::object({{"name", name}, {"email", email}});
}

Json change(const std::string& id, std::string_view field, std::string_view value) {
    return Json::object({{"id", id}, {field.data(), value}});
}

}  // namespace

TEST_CASE("hubspot: a name is split in two and reads back joined") {
    const World world;
    const std::string id =
        world.create("hubspot", contact("  Mary  Ann van der Berg ", "mary@new.example"));
    const Json fields = world.fields_of("hubspot", id);
    CHECK(fields.text_at("firstName") == "Mary");
    CHECK(fields.text_at("lastName") == "Ann van der Berg");
    CHECK(fields.text_at("fullName") == "Mary Ann van der Berg");
}

TEST_CASE("hubspot: ids have twelve digits and grow") {
    const World world;
    const std::string first = world.create("hubspot", contact("A", "a@new.example"));
    const std::string second = world.create("hubspot", contact("B", "b@new.example"));
    CHECK(first.size() == 12);
    CHECK(first < second);
}

TEST_CASE("hubspot: an e-mail is kept in lower case and belongs to one contact") {
    const World world;
    const std::string id = world.create("hubspot", contact("Ann", "Ann.Lee@New.example"));
    CHECK(world.fields_of("hubspot", id).text_at("primaryEmail") == "ann.lee@new.example");
    const Reply again = world.run("hubspot", "create-contact", contact("X", "ANN.lee@new.example"));
    CHECK(again.status == 400);
    CHECK(crm_status(again) == 409);
    CHECK(crm_body(again).text_at("message") == "Contact already exists. Existing ID: " + id);
    CHECK(crm_body(again).text_at("category") == "CONFLICT");
    CHECK(again.json.text_at("type") == "action_run");
    const std::string other = world.create("hubspot", contact("Bob", "bob@new.example"));
    const Reply moved =
        world.run("hubspot", "update-contact", change(other, "email", "ann.lee@new.example"));
    CHECK(crm_status(moved) == 409);
    CHECK(world.fields_of("hubspot", other).text_at("primaryEmail") == "bob@new.example");
}

TEST_CASE("hubspot: a bad e-mail is refused, and so is a contact without any key") {
    const World world;
    for (const char* email : {"no-at-sign", "a@b", "a@@b.example", "a b@c.example"}) {
        CAPTURE(email);
        const Reply reply = world.run("hubspot", "create-contact", contact("Ann", email));
        CHECK(crm_status(reply) == 400);
        CHECK(crm_body(reply).text_at("message").find("INVALID_EMAIL") != std::string::npos);
    }
    const Reply empty =
        world.run("hubspot", "create-contact", Json::object({{"phone", "+1 212 555 0100"}}));
    CHECK(crm_status(empty) == 400);
    CHECK_FALSE(world.create("hubspot", Json::object({{"email", "only@new.example"}})).empty());
    CHECK_FALSE(world.create("hubspot", Json::object({{"name", "Only Name"}})).empty());
}

TEST_CASE("hubspot: an update changes what it names, and an empty text clears") {
    World world;
    Json input = contact("Ann Lee", "ann@new.example");
    input.set("phone", "+1 212 555 0100").set("jobTitle", "CTO").set("pronouns", "she/her");
    const std::string id = world.create("hubspot", input);
    world.clock().advance(std::chrono::seconds(5));
    CHECK(world.run("hubspot", "update-contact", change(id, "jobTitle", "CEO")).status == 200);
    CHECK(world.run("hubspot", "update-contact", change(id, "phone", "")).status == 200);
    const Json fields = world.fields_of("hubspot", id);
    CHECK(fields.text_at("fullName") == "Ann Lee");
    CHECK(fields.text_at("jobTitle") == "CEO");
    CHECK(fields.text_at("primaryPhone").empty());
    CHECK(fields.text_at("pronouns") == "she/her");
    CHECK(fields.text_at("updatedTime") > fields.text_at("createdTime"));
}

TEST_CASE("hubspot: writing the same values again does not count as a change") {
    World world;
    const std::string id = world.create("hubspot", contact("Ann Lee", "ann@new.example"));
    const std::string before = world.fields_of("hubspot", id).text_at("updatedTime");
    world.clock().advance(std::chrono::minutes(5));
    CHECK(world.run("hubspot", "update-contact", change(id, "email", "ANN@new.example")).status ==
          200);
    CHECK(world.fields_of("hubspot", id).text_at("updatedTime") == before);
}

TEST_CASE("hubspot: deleting is a recycle bin, and forgives a second time") {
    const World world;
    const std::string id = world.create("hubspot", contact("Ann Lee", "ann@new.example"));
    const Json which = Json::object({{"id", id}});
    CHECK(world.run("hubspot", "delete-contact", which).status == 200);
    CHECK(world.run("hubspot", "delete-contact", which).status == 200);
    CHECK(crm_status(world.run("hubspot", "get-contact", which)) == 404);
    CHECK(crm_status(world.run("hubspot", "update-contact", change(id, "name", "Eva"))) == 404);
    for (const Json& record : world.list_all("hubspot")) CHECK(record.text_at("id") != id);
    CHECK(world.create("hubspot", contact("Ann Lee", "ann@new.example")) != id);
}

TEST_CASE("hubspot: an id that never was is not found, an id that is none says so") {
    const World world;
    const Reply missing = world.run("hubspot", "delete-contact", Json::object({{"id", "1"}}));
    CHECK(crm_status(missing) == 404);
    CHECK(crm_body(missing).text_at("message") == "resource not found");
    const Reply text = world.run("hubspot", "update-contact", change("abc", "name", "Eva"));
    CHECK(crm_status(text) == 404);
    CHECK(crm_body(text).text_at("category") == "OBJECT_NOT_FOUND");
}

TEST_CASE("hubspot: values with control characters or beyond all measure are refused") {
    const World world;
    const Reply bell =
        world.run("hubspot", "create-contact", contact("Bell \a", "bell@new.example"));
    CHECK(crm_status(bell) == 400);
    const Reply null =
        world.run("hubspot", "create-contact", contact(std::string("a\0b", 3), "nul@new.example"));
    CHECK(crm_status(null) == 400);
    const Reply giant = world.run(
        "hubspot", "create-contact", contact(std::string(70'000, 'x'), "giant@new.example"));
    CHECK(crm_status(giant) == 400);
}

TEST_CASE("hubspot: an additional address is as unique as the first one") {
    const World world;
    Json input = contact("Ann", "ann@new.example");
    input.set("emails", Json::array({Json("ann@new.example"), Json("lee@new.example")}));
    const std::string id = world.create("hubspot", input);
    CHECK(world.fields_of("hubspot", id).find("emails")->items()->size() == 2);
    const Reply taken = world.run("hubspot", "create-contact", contact("Lee", "Lee@new.example"));
    CHECK(crm_status(taken) == 409);
    // A new first address leaves the additional one where it is.
    CHECK(world.run("hubspot", "update-contact", change(id, "email", "new@new.example")).status ==
          200);
    const Json fields = world.fields_of("hubspot", id);
    CHECK(fields.text_at("primaryEmail") == "new@new.example");
    CHECK(fields.find("emails")->items()->size() == 2);
}

}  // namespace crm::sandbox::test
