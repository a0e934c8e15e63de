// What the workspace offers beyond the four actions: a field for another program's id, reading by
// id, and merges as each CRM does them.
#include <doctest/doctest.h>

#include "server/sandbox/contact_wire.h"
#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

constexpr std::string_view kDev = "dev";  // whose records the REST surfaces show
const std::string kContacts = "/hubspot/crm/v3/objects/contacts";
const std::string kPersons = "/pipedrive/v1/persons";

Json person(std::string_view name, std::string_view email, std::string_view marker = "") {
    Json json = Json::object({{"name", name}, {"email", email}});
    if (!marker.empty()) json.set("crmContactId", marker);
    return json;
}

Reply get(const World& world, std::string_view system, const std::string& id) {
    return world.run(system, "get-contact", Json::object({{"id", id}}), kDev);
}

bool is_listed(const World& world, std::string_view system, const std::string& id) {
    for (const Json& record : world.list_all(system, kDev)) {
        if (record.text_at("id") == id) return true;
    }
    return false;
}

Reply merge_contacts(const World& world,
                     const std::string& kept,
                     const std::string& other,
                     const std::string& query = "") {
    return world.rest(
        "POST",
        kContacts + "/merge" + query,
        R"({"primaryObjectId":")" + kept + R"(","objectIdToMerge":")" + other + "\"}");
}

Reply merge_persons(const World& world, const std::string& gone, const std::string& into) {
    return world.rest("PUT", kPersons + "/" + gone + "/merge", R"({"merge_with_id":)" + into + "}");
}

}  // namespace

TEST_CASE("marker: written by an action, shown again, and kept by what does not name it") {
    World world;
    for (const char* system : {"hubspot", "pipedrive"}) {
        CAPTURE(system);
        const std::string id = world.create(system, person("Ann", "ann@new.example", "our-1"));
        const std::string plain = world.create(system, person("Bob", "bob@new.example"));
        CHECK(world.fields_of(system, id).text_at("crmContactId") == "our-1");
        CHECK(world.fields_of(system, plain).find("crmContactId") == nullptr);
        const Json change = Json::object({{"id", id}, {"phone", "+1 555 0100"}});
        CHECK(world.run(system, "update-contact", change).status == 200);
        world.restart();
        CHECK(world.fields_of(system, id).text_at("crmContactId") == "our-1");
        const Json emptied = Json::object({{"id", id}, {"crmContactId", ""}});
        CHECK(world.run(system, "update-contact", emptied).status == 200);
        CHECK(world.fields_of(system, id).find("crmContactId") == nullptr);
    }
}

TEST_CASE("marker: a property of each CRM's own surface") {
    const World world;
    const std::string contact =
        world.create("hubspot", person("Ann", "ann@new.example", "our-1"), kDev);
    const std::string path = kContacts + "/" + contact + "?properties=crm_contact_id";
    CHECK(text_in(world.rest("GET", path).json, {"properties", "crm_contact_id"}) == "our-1");
    CHECK(world.rest("PATCH", path, R"({"properties":{"crm_contact_id":"our-2"}})").status == 200);
    CHECK(world.fields_of("hubspot", contact, kDev).text_at("crmContactId") == "our-2");

    const std::string id = world.create("pipedrive", person("Ann", "a@new.example", "our-1"), kDev);
    CHECK(text_in(world.rest("GET", kPersons + "/" + id).json, {"data", kPipedriveMarker}) ==
          "our-1");
    const std::string second = "/pipedrive/api/v2/persons/" + id;
    CHECK(text_in(world.rest("GET", second).json, {"data", "custom_fields", kPipedriveMarker}) ==
          "our-1");
    const std::string body =
        R"({"custom_fields":{")" + std::string(kPipedriveMarker) + R"(":"our-2"}})";
    CHECK(world.rest("PATCH", second, body).status == 200);
    CHECK(world.fields_of("pipedrive", id, kDev).text_at("crmContactId") == "our-2");
}

TEST_CASE("settings: what the workspace offers is announced") {
    const World world;
    const Json settings = world.send({.path = "/sandbox/settings"}).json;
    CHECK(text_in(settings, {"actions", "get"}) == "get-contact");
    CHECK(settings.text_at("marker") == "crmContactId");
}

TEST_CASE("hubspot merge: a new record, which both old ids go on naming") {
    World world;
    const std::string ann =
        world.create("hubspot", person("Ann Lee", "ann@new.example", "our-1"), kDev);
    Json twin = person("Ann L", "ann.lee@new.example", "our-2");
    twin.set("phone", "+1 555 0100");
    const std::string other = world.create("hubspot", twin, kDev);
    const Reply merged = merge_contacts(world, ann, other);
    REQUIRE(merged.status == 200);
    const std::string left = merged.json.text_at("id");
    CHECK(left != ann);
    CHECK(left != other);
    world.restart();
    for (const std::string& id : {ann, other, left}) {
        CAPTURE(id);
        const Reply reply = get(world, "hubspot", id);
        CHECK(text_in(reply.json, {"output", "record", "id"}) == left);
        const Json fields = *reply.json.find("output")->find("record")->find("fields");
        CHECK(fields.text_at("fullName") == "Ann Lee");
        CHECK(fields.text_at("primaryEmail") == "ann@new.example");
        CHECK(fields.text_at("primaryPhone") == "+1 555 0100");
        CHECK(fields.text_at("crmContactId") == "our-1");
        CHECK(fields.find("emails")->items()->size() == 2);
        CHECK(is_listed(world, "hubspot", id) == (id == left));
        CHECK(world.rest("GET", kContacts + "/" + id + "?archived=true").status == 404);
    }
    // The addresses of both are taken, and writes must name what is left.
    const Reply again =
        world.run("hubspot", "create-contact", person("X", "ann.lee@new.example"), kDev);
    CHECK(crm_body(again).text_at("message") == "Contact already exists. Existing ID: " + left);
    const Json change = Json::object({{"id", ann}, {"name", "No"}});
    CHECK(crm_status(world.run("hubspot", "update-contact", change, kDev)) == 404);
    CHECK(crm_status(world.run("hubspot", "delete-contact", Json::object({{"id", other}}), kDev)) ==
          404);
}

TEST_CASE("hubspot merge: in the older way, in a row, and refused") {
    const World world;
    const auto make = [&](const char* name, const char* email) {
        return world.create("hubspot", person(name, email), kDev);
    };
    const std::string a = make("A", "a@new.example");
    const std::string b = make("B", "b@new.example");
    const std::string c = make("C", "c@new.example");
    CHECK(merge_contacts(world, a, b, "?preserveId=true").json.text_at("id") == a);
    const std::string last = merge_contacts(world, c, a).json.text_at("id");
    CHECK(text_in(get(world, "hubspot", b).json, {"output", "record", "id"}) == last);
    CHECK(merge_contacts(world, last, last).status == 400);
    CHECK(merge_contacts(world, last, a).status == 404);
    CHECK(merge_contacts(world, "", "").status == 404);
    const Json gone = Json::object({{"id", last}});
    CHECK(world.run("hubspot", "delete-contact", gone, kDev).status == 200);
    CHECK(crm_status(get(world, "hubspot", b)) == 404);
}

TEST_CASE(
    "pipedrive merge: the person of the address is deleted, the other has the values of both") {
    const World world;
    const std::string gone =
        world.create("pipedrive", person("Ann L", "ann.lee@new.example", "our-1"), kDev);
    const std::string left = world.create("pipedrive", person("Ann Lee", "ann@new.example"), kDev);
    const Reply merged = merge_persons(world, gone, left);
    CHECK(merged.status == 200);
    CHECK(std::to_string(merged.json.find("data")->find("id")->integer().value_or(0)) == left);
    CHECK(crm_status(get(world, "pipedrive", gone)) == 404);
    const Json fields = world.fields_of("pipedrive", left, kDev);
    CHECK(fields.text_at("fullName") == "Ann Lee");
    CHECK(fields.text_at("primaryEmail") == "ann@new.example");
    CHECK(fields.text_at("crmContactId") == "our-1");
    CHECK(fields.find("emails")->items()->size() == 2);
    CHECK_FALSE(is_listed(world, "pipedrive", gone));
    const Json one = Json::object({{"id", gone}});
    CHECK(crm_status(world.run("pipedrive", "delete-contact", one, kDev)) == 410);
    CHECK(merge_persons(world, left, left).status == 400);
    CHECK(merge_persons(world, gone, left).status == 404);
    CHECK(merge_persons(world, left, "\"x\"").status == 404);
}

}  // namespace crm::sandbox::test
