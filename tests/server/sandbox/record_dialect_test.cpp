// How records look where connectors differ.
#include "server/sandbox/record_dialect.h"

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

Json first_record(const World& world, const std::string& system) {
    const Reply reply = world.run(system, "list-contacts", Json::object());
    REQUIRE(reply.status == 200);
    return reply.json.find("output")->find("records")->items()->front();
}

void set_rules(const World& world, const std::string& rules) {
    REQUIRE(world.rest("POST", "/sandbox/rest", R"({"customer":"ann",)" + rules).status == 200);
}

TEST_CASE("dialect: without an order a record is as ever") {
    const World world;
    const Json record = first_record(world, "pipedrive");
    CHECK(record.find("id")->text() != nullptr);
    CHECK(record.text_at("updatedTime").ends_with("Z"));
}

TEST_CASE("dialect: ids may be numbers, times plain or missing, lists bare") {
    const World world;
    set_rules(world, R"("numberIds":true,"plainTimes":true,"bareLists":true})");
    const Json record = first_record(world, "pipedrive");
    CHECK(record.find("id")->integer().has_value());
    const std::string time = record.text_at("updatedTime");
    CHECK(time.size() == 19);
    CHECK(time.at(10) == ' ');
    CHECK(text_in(record, {"fields", "updatedTime"}) == time);
    for (const Json& item : *record.find("fields")->find("emails")->items()) {
        CHECK_FALSE(item.text_at("value").empty());
        CHECK(item.find("type") == nullptr);
    }
    set_rules(world, R"("noTimes":true})");
    const Json timeless = first_record(world, "hubspot");
    CHECK(timeless.find("updatedTime") == nullptr);
    CHECK(timeless.find("createdTime") == nullptr);
    CHECK_FALSE(text_in(timeless, {"fields", "updatedTime"}).empty());
}

TEST_CASE("dialect: pages are as long as ordered, and the walk sees everybody") {
    const World world;
    const std::size_t all = world.list_all("hubspot").size();
    set_rules(world, R"("pageSize":7})");
    const Reply reply = world.run("hubspot", "list-contacts", Json::object());
    CHECK(reply.json.find("output")->find("records")->items()->size() == 7);
    CHECK(world.list_all("hubspot").size() == all);
    const std::string wrong = R"({"customer":"ann","pageSize":0})";
    CHECK(world.rest("POST", "/sandbox/rest", wrong).status == 400);
}

}  // namespace
}  // namespace crm::sandbox::test
