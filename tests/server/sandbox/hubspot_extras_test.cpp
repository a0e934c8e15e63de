// Erasing, associations and the values of before, by HubSpot's own paths.
#include "server/sandbox/hubspot_extras.h"

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

constexpr const char* kContacts = "/hubspot/crm/v3/objects/contacts";

std::string make(const World& world, const std::string& email) {
    const Reply reply =
        world.rest("POST", kContacts, R"({"properties":{"email":")" + email + R"("}})");
    REQUIRE(reply.status == 201);
    return reply.json.text_at("id");
}

int status_of(const World& world, const std::string& tail) {
    return world.rest("GET", std::string(kContacts) + "/" + tail).status;
}

Reply erase(const World& world, const std::string& body) {
    return world.rest("POST", std::string(kContacts) + "/gdpr-delete", body);
}

TEST_CASE("erasing: nothing is left, not in the archive and not under an older id") {
    const World world;
    const std::string kept = make(world, "kept@erase.example");
    const std::string other = make(world, "other@erase.example");
    const Reply merged =
        world.rest("POST",
                   std::string(kContacts) + "/merge",
                   R"({"primaryObjectId":")" + kept + R"(","objectIdToMerge":")" + other + R"("})");
    REQUIRE(merged.status == 200);
    const std::string id = merged.json.text_at("id");
    CHECK(status_of(world, other) == 200);
    CHECK(erase(world, R"({"objectId":")" + id + R"("})").status == 204);
    for (const std::string& gone : {id, kept, other}) {
        CHECK(status_of(world, gone) == 404);
        CHECK(status_of(world, gone + "?archived=true") == 404);
    }
    CHECK(status_of(world, "other@erase.example?idProperty=email") == 404);
    CHECK(erase(world, R"({"objectId":")" + id + R"("})").status == 404);
    CHECK(make(world, "kept@erase.example") != id);
}

TEST_CASE("erasing: by e-mail, and of one that is archived") {
    const World world;
    make(world, "mail@erase.example");
    const std::string body = R"({"objectId":"mail@erase.example","idProperty":"email"})";
    CHECK(erase(world, body).status == 204);
    const std::string id = make(world, "archived@erase.example");
    CHECK(world.rest("DELETE", std::string(kContacts) + "/" + id).status == 204);
    CHECK(status_of(world, id + "?archived=true") == 200);
    CHECK(erase(world, R"({"objectId":")" + id + R"("})").status == 204);
    CHECK(status_of(world, id + "?archived=true") == 404);
    CHECK(erase(world, "[]").status == 404);
}

TEST_CASE("associations: a contact has none, and there is nothing to associate it with") {
    const World world;
    const std::string id = make(world, "alone@associate.example");
    const std::string path = "/hubspot/crm/v4/objects/contacts/" + id + "/associations/companies";
    const Reply none = world.rest("GET", path);
    CHECK(none.status == 200);
    CHECK(none.json.find("results")->items()->empty());
    CHECK(world.rest("PUT", path + "/17", "[]").status == 404);
    CHECK(world.rest("DELETE", path + "/17").status == 404);
    CHECK(world.rest("GET", "/hubspot/crm/v4/objects/contacts/1/associations/deals").status == 404);
    const Reply created = world.rest(
        "POST",
        kContacts,
        R"({"properties":{"email":"b@associate.example"},"associations":[{"to":{"id":"17"}}]})");
    CHECK(created.status == 400);
    CHECK(status_of(world, "b@associate.example?idProperty=email") == 404);
}

TEST_CASE("history: the values of a property, the newest first") {
    World world;
    const std::string id = make(world, "then@history.example");
    for (const char* title : {"Clerk", "Chief"}) {
        world.clock().advance(std::chrono::seconds(10));
        const std::string body = std::string(R"({"properties":{"jobtitle":")") + title + R"("}})";
        REQUIRE(world.rest("PATCH", std::string(kContacts) + "/" + id, body).status == 200);
    }
    const Reply reply = world.rest(
        "GET", std::string(kContacts) + "/" + id + "?propertiesWithHistory=jobtitle,email,nothing");
    REQUIRE(reply.status == 200);
    const Json& history = *reply.json.find("propertiesWithHistory");
    const Json::Array& titles = *history.find("jobtitle")->items();
    REQUIRE(titles.size() == 2);
    CHECK(titles[0].text_at("value") == "Chief");
    CHECK(titles[1].text_at("value") == "Clerk");
    CHECK(titles[0].text_at("timestamp") > titles[1].text_at("timestamp"));
    CHECK(history.find("email")->items()->size() == 1);
    CHECK(history.find("nothing") == nullptr);
}

}  // namespace
}  // namespace crm::sandbox::test
