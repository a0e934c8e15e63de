// Values that are one of several over there: an update must leave the others alone.
#include <doctest/doctest.h>

#include "server/sync/connectors/integration_app_json.h"
#include "tests/server/sync/connectors/connector_desk.h"

namespace crm::sync {
namespace {

ConnectorSpec spec_with_lists() {
    ConnectorSpec spec = builtin_connectors().back();
    spec.get_action = "get-contact";
    spec.mappings[1].list = "emails";
    spec.mappings[2].list = "phones";
    seal(spec);
    return spec;
}

/// What is sent for the e-mail of a record with these e-mails.
std::string sent_for(const std::string& emails, const std::string& email) {
    const std::string record =
        R"({"output":{"record":{"id":"1","fields":{"emails":)" + emails + "}}}}";
    return write_update_input(spec_with_lists(), RemoteId("1"), {{"email", email}}, record);
}

TEST_CASE("list values: the primary one is replaced, the others and their labels stay") {
    CHECK(sent_for(R"([{"value":"a","type":"work"},{"value":"b","type":"home"}])", "c") ==
          R"({"emails":[{"type":"work","value":"c"},{"type":"home","value":"b"}],"id":"1"})");
    CHECK(sent_for(R"([{"value":"a"},{"primary":true,"value":"b"}])", "c") ==
          R"({"emails":[{"primary":true,"value":"c"},{"value":"a"}],"id":"1"})");
    CHECK(sent_for(R"(["a","b"])", "c") == R"({"emails":["c","b"],"id":"1"})");
}

TEST_CASE("list values: one that is among them already takes the lead, and none is lost") {
    CHECK(sent_for(R"([{"value":"a"},{"value":"B"}])", "b") ==
          R"({"emails":[{"value":"b"},{"value":"a"}],"id":"1"})");
    CHECK(sent_for(R"([{"primary":true,"value":"a"},{"primary":false,"value":"b"}])", "b") ==
          R"({"emails":[{"primary":true,"value":"b"},{"primary":false,"value":"a"}],"id":"1"})");
}

TEST_CASE("list values: an emptied one leaves the others") {
    CHECK(sent_for(R"([{"value":"a"},{"value":"b"}])", "") ==
          R"({"emails":[{"value":"b"}],"id":"1"})");
}

TEST_CASE("list values: what is one or none is written as it always was") {
    for (const char* emails : {"[]", R"([{"value":"a"}])", "null", "7", R"("a")"}) {
        CHECK(sent_for(emails, "c") == R"({"email":"c","id":"1"})");
    }
    CHECK(sent_for("[\"a\",\"\xFF\"]", "c") == R"({"email":"c","id":"1"})");
    CHECK(write_update_input(spec_with_lists(), RemoteId("1"), {{"email", "c"}}, "<html>") ==
          R"({"email":"c","id":"1"})");
    CHECK(write_create_input(spec_with_lists(), {{"email", "c"}}, "") == R"({"email":"c"})");
}

TEST_CASE("list values: the record is read first, and without that nothing is written") {
    ConnectorDesk desk(spec_with_lists());
    desk.reply(200, R"({"output":{"id":"1","fields":{"phones":[{"value":"1"},{"value":"2"}]}}})");
    desk.reply(200, R"({"output":{"id":"1"}})");
    CHECK(desk.connector->update(RemoteId("1"), {{"phone", "3"}, {"name", "Ann"}}).end ==
          CallEnd::Applied);
    REQUIRE(desk.server.requests().size() == 2);
    CHECK(desk.server.requests()[0].target == "/connections/pipedrive/actions/get-contact/run");
    CHECK(desk.server.requests()[1].body ==
          R"({"id":"1","name":"Ann","phones":[{"value":"3"},{"value":"2"}]})");
    desk.reply(200, R"({"output":{"id":"1"}})");
    CHECK(desk.connector->update(RemoteId("1"), {{"name", "Bob"}}).end == CallEnd::Applied);
    CHECK(desk.server.requests().size() == 3);
    desk.reply(502, "<html>");
    const CallOutcome later = desk.connector->update(RemoteId("1"), {{"phone", "4"}});
    CHECK(later.end == CallEnd::Later);
    CHECK_FALSE(later.problem.message.empty());
    desk.reply(404, R"({"type":"bad_request","key":"not_found","message":"Record 1 not found"})");
    CHECK(desk.connector->update(RemoteId("1"), {{"phone", "4"}}).end == CallEnd::Missing);
    CHECK(desk.server.requests().size() == 5);
}

TEST_CASE("list values: what was read for a write a moment ago is used once, and not for long") {
    ConnectorDesk desk(spec_with_lists());
    const std::string record =
        R"({"output":{"id":"1","fields":{"phones":[{"value":"1"},{"value":"2"}]}}})";
    const auto update = [&] {
        desk.reply(200, R"({"output":{"id":"1"}})");
        return desk.connector->update(RemoteId("1"), {{"phone", "3"}}).end;
    };
    desk.reply(200, record);
    CHECK(desk.connector->get(RemoteId("1")).end == CallEnd::Applied);
    CHECK(update() == CallEnd::Applied);
    REQUIRE(desk.server.requests().size() == 2);
    CHECK(desk.server.requests()[1].body == R"({"id":"1","phones":[{"value":"3"},{"value":"2"}]})");
    desk.reply(200, record);
    CHECK(update() == CallEnd::Applied);
    CHECK(desk.server.requests().size() == 4);
    desk.reply(200, record);
    CHECK(desk.connector->get(RemoteId("1")).end == CallEnd::Applied);
    desk.clock.advance(std::chrono::milliseconds(2001));
    desk.reply(200, record);
    CHECK(update() == CallEnd::Applied);
    CHECK(desk.server.requests().size() == 7);
}

}  // namespace
}  // namespace crm::sync
