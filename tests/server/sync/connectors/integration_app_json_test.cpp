// Inputs as the actions take them, and records as CRMs really send them.
#include "server/sync/connectors/integration_app_json.h"

#include <doctest/doctest.h>

#include "server/sync/connectors/connectors_file.h"

namespace crm::sync {
namespace {

const ConnectorSpec kFlat = builtin_connectors().front();

ConnectorSpec wrapped_spec() {
    ConnectorSpec spec = kFlat;
    spec.style = InputStyle::Wrapped;
    spec.mappings = default_mappings(InputStyle::Wrapped);
    return spec;
}

const RemoteValues kAll{{"name", "Ann van der Berg"},
                        {"email", "ann@example.com"},
                        {"phone", "+1 555 0100"},
                        {"jobTitle", "CTO"},
                        {"pronouns", "she/her"}};

ListPage page_of(const std::string& records) {
    const auto page = read_page(R"({"output":{"records":[)" + records + "]}}", kFlat);
    REQUIRE(page.has_value());
    return *page;
}

RemoteRecord record_of(const std::string& members) {
    const ListPage page = page_of("{" + members + "}");
    REQUIRE(page.records.size() == 1);
    return page.records.front();
}

/// The values of a record with these fields.
RemoteValues values_of(const std::string& fields) {
    const RemoteRecord record = record_of(R"("id":"1","fields":{)" + fields + "}");
    CHECK(record.problem.empty());
    return record.values;
}

TEST_CASE("inputs: flat, with what is given and nothing else") {
    CHECK(write_create_input(kFlat, kAll) ==
          R"({"email":"ann@example.com","jobTitle":"CTO","name":"Ann van der Berg",)"
          R"("phone":"+1 555 0100","pronouns":"she/her"})");
    CHECK(write_create_input(kFlat, {{"name", "Ann"}, {"company", "not mapped"}}) ==
          R"({"name":"Ann"})");
    CHECK(write_update_input(kFlat, RemoteId("101"), {{"phone", ""}}) ==
          R"({"id":"101","phone":""})");
    CHECK(write_delete_input(RemoteId("101")) == R"({"id":"101"})");
    CHECK(write_list_input("") == "{}");
    CHECK(write_list_input("a\"b") == R"({"cursor":"a\"b"})");
}

TEST_CASE("inputs: wrapped, with the name in every form that a CRM may want") {
    CHECK(write_create_input(wrapped_spec(), kAll) ==
          R"({"fields":{"firstName":"Ann","fullName":"Ann van der Berg","jobTitle":"CTO",)"
          R"("lastName":"van der Berg","primaryEmail":"ann@example.com",)"
          R"("primaryPhone":"+1 555 0100","pronouns":"she/her"}})");
    CHECK(write_update_input(wrapped_spec(), RemoteId("9"), {{"name", "Cher"}}) ==
          R"({"fields":{"firstName":"Cher","fullName":"Cher","lastName":""},"id":"9"})");
    CHECK(write_update_input(wrapped_spec(), RemoteId("9"), {{"jobTitle", ""}}) ==
          R"({"fields":{"jobTitle":""},"id":"9"})");
}

TEST_CASE("inputs: a field that is read only is not written") {
    ConnectorSpec spec = kFlat;
    spec.mappings[0].write.clear();
    CHECK(write_create_input(spec, {{"name", "Ann"}, {"email", "e"}}) == R"({"email":"e"})");
}

TEST_CASE("records: the documented sample") {
    const RemoteRecord record = record_of(
        R"("id":"101","name":"Ann Example","uri":"https://app.example.com/contact/101",
           "createdTime":"2025-01-02T03:04:05.000Z","updatedTime":"2025-01-03T00:00:00.000Z",
           "fields":{"id":"101","fullName":"Ann Example","firstName":"Ann","lastName":"Example",
           "primaryEmail":"ann@example.com","primaryPhone":"+15550100","jobTitle":"CTO",
           "pronouns":"she/her","emails":[{"value":"ann@example.com"}],
           "addresses":[{"value":{"street":"1 A St"}}]})");
    CHECK(record == RemoteRecord{.id = RemoteId("101"),
                                 .values = {{"name", "Ann Example"},
                                            {"email", "ann@example.com"},
                                            {"phone", "+15550100"},
                                            {"jobTitle", "CTO"},
                                            {"pronouns", "she/her"}},
                                 .url = "https://app.example.com/contact/101",
                                 .created_at = parse_time("2025-01-02T03:04:05.000Z")});
}

TEST_CASE("records: ids are text or whole numbers") {
    CHECK(record_of(R"("id":42)").id.text == "42");
    CHECK(record_of(R"("id":42.0)").id.text == "42");
    CHECK(record_of(R"("id":9007199254740993)").id.text == "9007199254740993");
    CHECK(record_of(R"("id":18446744073709551615)").id.text == "18446744073709551615");
    for (const char* record : {R"({"id":null})",
                               R"({"id":""})",
                               R"({"id":{}})",
                               R"({"id":true})",
                               R"({"id":"a\u0000b"})",
                               "{}",
                               "null",
                               "7",
                               "[]"}) {
        CAPTURE(record);
        const ListPage page = page_of(record);
        CHECK(page.records.empty());
        CHECK(page.has_record_without_id);
    }
}

TEST_CASE("records: where each field is found") {
    CHECK(values_of(R"("fullName":"A B")").at("name") == "A B");
    CHECK(values_of(R"("firstName":"A","lastName":"B")").at("name") == "A B");
    CHECK(values_of(R"("firstName":null,"lastName":"B")").at("name") == "B");
    CHECK(values_of(R"("firstName":"A","lastName":"")").at("name") == "A");
    CHECK(values_of(R"("fullName":null,"firstName":"A")").at("name") == "A");
    CHECK(values_of(R"("name":"N")").at("name") == "N");
    CHECK(record_of(R"("id":1,"name":"Top","fields":{"name":"Low"})").values.at("name") == "Top");
    CHECK(values_of(R"("email":"e")").at("email") == "e");
    CHECK(values_of(R"("emails":[{"value":"e1"},{"value":"e2"}])").at("email") == "e1");
    CHECK(values_of(R"("primaryEmail":null,"emails":[{"value":"e"}])").at("email") == "e");
    CHECK(values_of(R"("phones":[{"value":"p"}])").at("phone") == "p");
    CHECK(values_of(R"("jobtitle":"j")").at("jobTitle") == "j");
    CHECK(values_of(R"("job_title":"j")").at("jobTitle") == "j");
}

TEST_CASE("records: absent says nothing, null and empty are empty") {
    CHECK(values_of("").empty());
    CHECK(values_of(R"("phone":null)") == RemoteValues{{"phone", ""}});
    CHECK(values_of(R"("phone":"")") == RemoteValues{{"phone", ""}});
    CHECK(values_of(R"("phone":[{"value":"","primary":true}])") == RemoteValues{{"phone", ""}});
    CHECK(values_of(R"("phone":[])") == RemoteValues{{"phone", ""}});
    CHECK(values_of(R"("phones":[])").empty());
    CHECK(values_of(R"("primaryEmail":"","email":"other")") == RemoteValues{{"email", ""}});
    CHECK(record_of(R"("id":1,"fields":null)").values.empty());
    CHECK(record_of(R"("id":1,"fields":[1])").values.empty());
}

TEST_CASE("records: values stay as they are stored, and numbers become text") {
    CHECK(values_of(R"("fullName":"  A \n B ")").at("name") == "  A \n B ");
    CHECK(values_of(R"("phone":15550100)").at("phone") == "15550100");
    CHECK(values_of(R"("phone":1.5)").at("phone") == "1.5");
    CHECK(values_of(R"("phone":true)").at("phone") == "true");
}

TEST_CASE("records: one bad value costs that value, not the record or the page") {
    const std::string longer(kRemoteValueBytesMax + 1, 'x');
    for (const std::string& bad : {std::string(R"("a\u0000b")"),
                                   std::string("\"a\xFF\""),
                                   std::string(R"("\ud800")"),
                                   "\"" + longer + "\"",
                                   std::string(R"({"first":"a"})")}) {
        CAPTURE(bad.substr(0, 40));
        const ListPage page = page_of(R"({"id":"1","fields":{"fullName":)" + bad +
                                      R"(,"email":"e"}},{"id":"2","fields":{"fullName":"B"}})");
        REQUIRE(page.records.size() == 2);
        CHECK(page.records[0].values == RemoteValues{{"email", "e"}});
        CHECK(page.records[0].problem.starts_with("Its name "));
        CHECK(page.records[0].problem.find("HubSpot") != std::string::npos);
        CHECK(page.records[1] == RemoteRecord{.id = RemoteId("2"), .values = {{"name", "B"}}});
    }
    const std::string most(kRemoteValueBytesMax, 'x');
    CHECK(values_of(R"("fullName":")" + most + "\"").at("name") == most);
}

TEST_CASE("records: a page over there is a web page or nothing") {
    CHECK(record_of(R"("id":1,"url":"http://a/1")").url == "http://a/1");
    CHECK(record_of(R"x("id":1,"uri":"javascript:alert(1)")x").url.empty());
    CHECK(record_of(R"("id":1,"uri":7)").url.empty());
}

TEST_CASE("records: times in both forms, or none") {
    CHECK(record_of(R"("id":1,"createdTime":"2026-01-31 09:12:00")").created_at ==
          parse_time("2026-01-31T09:12:00Z"));
    CHECK(record_of(R"("id":1,"fields":{"createdTime":"2026-01-31 09:12:00"})")
              .created_at.has_value());
    CHECK_FALSE(record_of(R"("id":1,"createdTime":"yesterday")").created_at.has_value());
    CHECK_FALSE(record_of(R"("id":1,"createdTime":1700000000)").created_at.has_value());
}

TEST_CASE("pages: cursors") {
    const auto cursor = [](const std::string& members) {
        const auto page = read_page(R"({"output":{"records":[])" + members + "}}", kFlat);
        return page ? page->cursor : std::string("unreadable");
    };
    CHECK(cursor("").empty());
    CHECK(cursor(R"(,"cursor":null)").empty());
    CHECK(cursor(R"(,"cursor":"")").empty());
    CHECK(cursor(R"(,"cursor":"100")") == "100");
    CHECK(cursor(R"(,"cursor":100)") == "100");
    CHECK(cursor(R"(,"cursor":{})") == "unreadable");
}

TEST_CASE("pages: what is no page") {
    for (const char* body : {"",
                             "{}",
                             "[]",
                             R"({"output":null})",
                             R"({"output":{}})",
                             R"({"output":{"records":null}})",
                             R"({"output":{"records":{}}})",
                             R"({"output":[]})",
                             R"({"output":{"records":[]})"}) {
        CAPTURE(body);
        CHECK_FALSE(read_page(body, kFlat).has_value());
    }
}

TEST_CASE("answers: writes, connections, settings") {
    CHECK(read_write_answer(R"({"output":{"id":"7"}})")->id.text == "7");
    CHECK(read_write_answer(R"({"output":{"id":7}})")->id.text == "7");
    CHECK_FALSE(read_write_answer(R"({"output":{}})")->id.is_set());
    CHECK_FALSE(read_write_answer(R"({"output":null})")->id.is_set());
    CHECK_FALSE(read_write_answer("{}")->id.is_set());
    CHECK_FALSE(read_write_answer("null").has_value());
    CHECK(read_connection_id(R"({"id":"689f2bf0","name":"x"})") == "689f2bf0");
    CHECK(read_connection_id(R"({"id":7})").empty());
    CHECK(read_connection_id("no").empty());
    const auto settings = read_settings(R"({"settleSeconds":1.5,"lateSeconds":0})");
    REQUIRE(settings.has_value());
    CHECK(settings->settle_seconds == 1.5);
    CHECK(settings->late_seconds == 0);
    for (const char* body : {"{}",
                             R"({"settleSeconds":"1","lateSeconds":0})",
                             R"({"settleSeconds":-1,"lateSeconds":0})",
                             R"({"settleSeconds":1,"lateSeconds":1e9})"}) {
        CAPTURE(body);
        CHECK_FALSE(read_settings(body).has_value());
    }
}

TEST_CASE("paths: what may stand in the file") {
    for (const char* path :
         {"name", "fields.a", "fields.emails[0].value", "a[0][12]", "a.b+c.d+e"}) {
        CAPTURE(path);
        CHECK(is_record_path(path));
    }
    for (const char* path : {"",
                             ".a",
                             "a.",
                             "a..b",
                             "[0]",
                             "a[",
                             "a[]",
                             "a[-1]",
                             "a[x]",
                             "+a",
                             "a+",
                             "a[99999999999999999999999]"}) {
        CAPTURE(path);
        CHECK_FALSE(is_record_path(path));
    }
}

}  // namespace
}  // namespace crm::sync
