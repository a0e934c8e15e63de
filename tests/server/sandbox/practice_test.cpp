// The third CRM, as only a connectors file knows it.
#include "server/sandbox/practice.h"

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

constexpr std::string_view kPractice = "practice";

Json wrapped(const Json& fields, std::string_view id = "") {
    Json input = Json::object({{"fields", fields}});
    if (!id.empty()) input.set("id", id);
    return input;
}

std::string add(const World& world, const Json& fields) {
    return text_in(world.run(kPractice, "add-person", wrapped(fields)).json, {"output", "id"});
}

Json one(const std::string& id) {
    return Json::object({{"id", id}});
}

Json shown(const World& world, const std::string& id) {
    const Reply reply = world.run(kPractice, "find-person", one(id));
    if (reply.status != 200) return {};
    return *reply.json.find("output")->find("record");
}

}  // namespace

TEST_CASE("practice: it has actions, names and ids of its own") {
    const World world;
    const std::string id = add(world,
                               Json::object({{"Given_Name", "Mary Ann"},
                                             {"Family_Name", "van der Berg"},
                                             {"Mail", " Mary@New.example "},
                                             {"Role", "CTO"},
                                             {"External_Id", "our-1"}}));
    REQUIRE(id.size() == 13);
    const Json record = shown(world, id);
    CHECK(record.find("name") == nullptr);
    CHECK(record.find("updatedTime") == nullptr);
    CHECK(text_in(record, {"fields", "Given_Name"}) == "Mary Ann");
    CHECK(text_in(record, {"fields", "Family_Name"}) == "van der Berg");
    CHECK(text_in(record, {"fields", "Mail"}) == "Mary@New.example");
    CHECK(text_in(record, {"fields", "External_Id"}) == "our-1");
    CHECK(record.find("fields")->find("Tel")->is_null());
    CHECK(world.run(kPractice, "list-contacts", Json::object()).status == 404);
    CHECK(world.run("hubspot", "get-people", Json::object()).status == 404);
}

TEST_CASE("practice: one part of a name is changed without the other, and the last one stays") {
    const World world;
    const std::string id =
        add(world, Json::object({{"Given_Name", "Ann"}, {"Family_Name", "Lee"}}));
    const Json family = Json::object({{"Family_Name", "Ray"}});
    CHECK(world.run(kPractice, "change-person", wrapped(family, id)).status == 200);
    CHECK(text_in(shown(world, id), {"fields", "Given_Name"}) == "Ann");
    CHECK(text_in(shown(world, id), {"fields", "Family_Name"}) == "Ray");
    const Json nothing = Json::object({{"Given_Name", ""}, {"Family_Name", ""}});
    const Reply refused = world.run(kPractice, "change-person", wrapped(nothing, id));
    CHECK(crm_status(refused) == 400);
    const Json longer = Json::object({{"Role", std::string(121, 'x')}});
    const Reply named = world.run(kPractice, "change-person", wrapped(longer, id));
    CHECK(text_in(crm_body(named), {"details", "api_name"}) == "Role");
}

TEST_CASE("practice: pages, e-mails that come twice, and a bin without a way back") {
    const World world;
    for (int count = 0; count < 101; ++count) {
        add(world, Json::object({{"Given_Name", "Ann"}, {"Mail", "ann@new.example"}}));
    }
    const Reply first = world.run(kPractice, "get-people", Json::object());
    CHECK(first.json.find("output")->find("records")->items()->size() == 100);
    const std::string cursor = text_in(first.json, {"output", "cursor"});
    const Reply second = world.run(kPractice, "get-people", Json::object({{"cursor", cursor}}));
    REQUIRE(second.json.find("output")->find("records")->items()->size() == 1);
    const Json wrong = Json::object({{"cursor", "100"}});
    CHECK(crm_status(world.run(kPractice, "get-people", wrong)) == 400);
    const std::string id =
        second.json.find("output")->find("records")->items()->front().text_at("id");
    CHECK(world.run(kPractice, "drop-person", one(id)).status == 200);
    CHECK(crm_status(world.run(kPractice, "drop-person", one(id))) == 404);
    CHECK(crm_status(world.run(kPractice, "find-person", one(id))) == 404);
}

TEST_CASE("practice: who does not name it does not meet it") {
    const World world;
    CHECK(world.call({.path = "/connections"}).body.find("practice") == std::string::npos);
    CHECK(world.call({.path = "/integrations"}).body.find("practice") == std::string::npos);
    CHECK(world.call({.path = "/actions"}).body.find("get-people") == std::string::npos);
    CHECK(world.rest("GET", "/sandbox/log?customer=ann").body.find("practice") ==
          std::string::npos);
    CHECK(world.call({.path = "/connections/practice"}).json.text_at("key") == "practice");
    CHECK(world.call({.path = "/integrations/practice/actions"}).body.find("get-people") !=
          std::string::npos);
    CHECK(world.run(kPractice, "get-people", Json::object()).status == 200);
    CHECK(world.rest("GET", "/sandbox/log?customer=ann").body.find("practice") !=
          std::string::npos);
}

}  // namespace crm::sandbox::test
