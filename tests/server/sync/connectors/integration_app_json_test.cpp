// Inputs as the actions take them, and records as CRMs really send them.
#include "server/sync/connectors/integration_app_json.h"

#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/sync/connectors/connectors_file.h"
#include "shared/limits.h"

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
    CHECK(write_create_input(kFlat, kAll, "") ==
          R"({"email":"ann@example.com","jobTitle":"CTO","name":"Ann van der Berg",)"
          R"("phone":"+1 555 0100","pronouns":"she/her"})");
    CHECK(write_create_input(kFlat, {{"name", "Ann"}, {"company", "not mapped"}}, "m") ==
          R"({"name":"Ann"})");
    CHECK(write_update_input(kFlat, RemoteId("101"), {{"phone", ""}}) ==
          R"({"id":"101","phone":""})");
    CHECK(write_id_input(RemoteId("101")) == R"({"id":"101"})");
    CHECK(write_list_input("") == "{}");
    CHECK(write_list_input("a\"b") == R"({"cursor":"a\"b"})");
}

TEST_CASE("inputs: wrapped, with the name in every form that a CRM may want") {
    CHECK(write_create_input(wrapped_spec(), kAll, "") ==
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
    CHECK(write_create_input(spec, {{"name", "Ann"}, {"email", "e"}}, "") == R"({"email":"e"})");
}

TEST_CASE("inputs: a field that comes from there only is not written") {
    ConnectorSpec spec = kFlat;
    spec.system.directions["name"] = Direction::In;
    spec.system.directions["email"] = Direction::Out;
    CHECK(write_create_input(spec, {{"name", "Ann"}, {"email", "e"}}, "") == R"({"email":"e"})");
    CHECK(write_update_input(spec, RemoteId("1"), {{"name", "Ann"}}) == R"({"id":"1"})");
}

TEST_CASE("inputs: marker and constants go with a create and never with an update") {
    for (ConnectorSpec spec : {kFlat, wrapped_spec()}) {
        spec.marker_write = "crmContactId";
        spec.constants = {{"stage", R"("lead")"}, {"score", "3"}};
        const std::string expected =
            R"("crmContactId":"our-id","pronouns":"she","score":3,"stage":"lead"})";
        const std::string created = write_create_input(spec, {{"pronouns", "she"}}, "our-id");
        CHECK(created == (spec.style == InputStyle::Flat ? "{" + expected
                                                         : R"({"fields":{)" + expected + "}"));
        const std::string updated = write_update_input(spec, RemoteId("1"), {{"pronouns", ""}});
        CHECK(updated.find("our-id") == std::string::npos);
        CHECK(updated.find("lead") == std::string::npos);
    }
}

TEST_CASE("inputs: a name in two parts") {
    ConnectorSpec spec = kFlat;
    spec.mappings[0].write = "first";
    spec.mappings[0].write_rest = "last";
    const auto input_of = [&](const char* name) {
        return write_update_input(spec, RemoteId("1"), {{"name", name}});
    };
    CHECK(input_of("Ann van der Berg") == R"({"first":"Ann","id":"1","last":"van der Berg"})");
    CHECK(input_of("Cher") == R"({"first":"Cher","id":"1","last":""})");
    // A name that did not change is not among the values, and a split of the system's own stays.
    CHECK(write_update_input(spec, RemoteId("1"), {}) == R"({"id":"1"})");
}

TEST_CASE("records: of several values the one that is marked as the primary one, else the first") {
    const auto email_of = [](const char* fields) { return values_of(fields).at("email"); };
    CHECK(email_of(R"("emails":[{"value":"a"},{"value":"b","primary":true}])") == "b");
    CHECK(email_of(R"("emails":[{"value":"a","primary":false},{"value":"b"}])") == "a");
    CHECK(email_of(R"("email":[{"value":"a"},{"value":"b","primary":true}])") == "b");
    CHECK(email_of(R"("email":[{"value":"","primary":true}])").empty());
}

TEST_CASE("records: further e-mails, each once, without blanks and without the record's own") {
    const auto others_of = [](const char* fields) {
        return record_of(R"("id":"1","fields":{)" + std::string(fields) + "}").other_emails;
    };
    using Texts = std::vector<std::string>;
    CHECK(others_of(R"("primaryEmail":"A@x.com","emails":[{"value":"a@x.com"},{"value":"b@x.com"},
                       {"value":""},{"value":null},{"value":"B@X.com"},{"other":7},7])") ==
          Texts{"b@x.com"});
    CHECK(others_of(R"("email":[{"value":"a@x.com"},{"value":"b@x.com","primary":true}])") ==
          Texts{"a@x.com"});
    CHECK(others_of(R"("email":"a@x.com","hs_additional_emails":"b@x.com; c@x.com;;a@x.com")") ==
          Texts{"b@x.com", "c@x.com"});
    CHECK(others_of(R"("hs_additional_emails":null)").empty());
    CHECK(others_of(R"("emails":[])").empty());
    CHECK(others_of(R"("emails":[{"value":"a\u0000@x.com"}])").empty());
}

TEST_CASE("records: the marker") {
    ConnectorSpec spec = kFlat;
    spec.marker_read = default_marker_paths("crmContactId");
    const auto marker_of = [&](const std::string& value) {
        return read_page(
                   R"({"output":{"records":[{"id":"1","fields":{"crmContactId":)" + value + "}}]}}",
                   spec)
            ->records.front()
            .marker;
    };
    CHECK(marker_of("\"our-id\"") == "our-id");
    CHECK(marker_of("null").empty());
    CHECK(marker_of("7").empty());
    CHECK(marker_of("\"" + std::string(kIdCharsMax + 1, 'x') + "\"").empty());
    CHECK(record_of(R"("id":"1","fields":{"crmContactId":"x"})").marker.empty());
}

TEST_CASE("records: versions are read where they are trusted") {
    ConnectorSpec spec = kFlat;
    spec.version = {"updatedTime", "fields.rev"};
    const auto version_of = [&](const std::string& members) {
        return read_page(R"({"output":{"records":[{"id":"1",)" + members + "}]}}", spec)
            ->records.front()
            .version;
    };
    CHECK_FALSE(version_of(R"("updatedTime":"2026-01-31T09:12:00.001Z")").has_value());
    spec.system.is_version_trusted = true;
    CHECK(version_of(R"("updatedTime":"2026-01-31T09:12:00.001Z")") == 1'769'850'720'001);
    CHECK(version_of(R"("updatedTime":"2026-01-31 09:12:00")") == 1'769'850'720'000);
    CHECK(version_of(R"("updatedTime":null,"fields":{"rev":7})") == 7);
    CHECK(version_of(R"("fields":{"rev":"12"})") == 12);
    CHECK_FALSE(version_of(R"("updatedTime":"yesterday")").has_value());
    CHECK_FALSE(version_of(R"("updatedTime":1.5)").has_value());
    CHECK(read_write_answer(R"({"output":{"id":"7","updatedTime":"2026-01-31 09:12:00"}})", spec)
              ->version == 1'769'850'720'000);
}

TEST_CASE("records: what lies in a recycle bin over there is not listed") {
    for (const char* members : {R"("deletedTime":"2026-01-31T09:12:00Z")",
                                R"("archived":true)",
                                R"("fields":{"is_deleted":true})",
                                R"("fields":{"active_flag":false})"}) {
        CAPTURE(members);
        const ListPage page = page_of(R"({"id":"1",)" + std::string(members) + R"(},{"id":"2"})");
        REQUIRE(page.records.size() == 1);
        CHECK(page.records.front().id.text == "2");
        CHECK_FALSE(page.has_record_without_id);
    }
    CHECK(page_of(R"({"id":"1","archived":false,"deletedTime":null,
                      "fields":{"is_deleted":false,"active_flag":true,"archived":true}})")
              .records.size() == 1);
}

TEST_CASE("answers: one record, bare or inside") {
    const auto id_of = [](const char* output) {
        const auto record = read_got_record(R"({"output":)" + std::string(output) + "}", kFlat);
        return record ? "[" + record->id.text + "]" : "unreadable";
    };
    CHECK(id_of(R"({"id":"7","fields":{"fullName":"A"}})") == "[7]");
    CHECK(id_of(R"({"record":{"id":7}})") == "[7]");
    CHECK(id_of("null") == "[]");
    CHECK(id_of(R"({"record":null})") == "[]");
    CHECK(id_of(R"({"id":"7","fields":{"is_deleted":true}})") == "[]");
    CHECK(id_of("{}") == "unreadable");
    CHECK(id_of(R"({"record":{}})") == "unreadable");
    CHECK(id_of(R"([])") == "unreadable");
    CHECK_FALSE(read_got_record("{}", kFlat).has_value());
    CHECK_FALSE(read_got_record("<html>", kFlat).has_value());
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
    CHECK(read_page(R"({"output":{"records":[],"total":12}})", kFlat)->total == 12);
    CHECK_FALSE(read_page(R"({"output":{"records":[],"total":"12"}})", kFlat)->total.has_value());
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
    CHECK(read_write_answer(R"({"output":{"id":"7"}})", kFlat)->id.text == "7");
    CHECK(read_write_answer(R"({"output":{"id":7}})", kFlat)->id.text == "7");
    CHECK_FALSE(read_write_answer(R"({"output":{}})", kFlat)->id.is_set());
    CHECK_FALSE(read_write_answer(R"({"output":null})", kFlat)->id.is_set());
    CHECK_FALSE(read_write_answer("{}", kFlat)->id.is_set());
    CHECK_FALSE(read_write_answer("null", kFlat).has_value());
    CHECK(read_connection_id(R"({"id":"689f2bf0","name":"x"})") == "689f2bf0");
    CHECK(read_connection_id(R"({"id":7})").empty());
    CHECK(read_connection_id("no").empty());
    const auto settings = read_settings(R"({"settleSeconds":1.5,"lateSeconds":0})");
    REQUIRE(settings.has_value());
    CHECK(settings->settle_seconds == 1.5);
    CHECK(settings->late_seconds == 0);
    CHECK(settings->get_action.empty());
    CHECK(settings->marker.empty());
    CHECK(read_settings(R"({"settleSeconds":0,"lateSeconds":1,"actions":{"get":"get-contact"},
                            "marker":"crmContactId"})") ==
          AnnouncedSettings{.settle_seconds = 0,
                            .late_seconds = 1,
                            .get_action = "get-contact",
                            .marker = "crmContactId"});
    const auto burst_of = [](const std::string& burst) {
        return read_settings(R"({"settleSeconds":0,"lateSeconds":1,"burst":)" + burst + "}")->burst;
    };
    CHECK(burst_of(R"({"calls":80,"seconds":2.5})") ==
          Burst{.calls = 80, .per = std::chrono::milliseconds(2500)});
    for (const char* burst :
         {"7", "{}", R"({"calls":0,"seconds":1})", R"({"calls":1,"seconds":0})"}) {
        CHECK_FALSE(burst_of(burst).has_value());
    }
    CHECK(read_settings(R"({"settleSeconds":0,"lateSeconds":1,"actions":7,"marker":[]})") ==
          AnnouncedSettings{.settle_seconds = 0, .late_seconds = 1});
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
         {"name", "fields.a", "fields.emails[0].value", "a[0][12]", "a[].b", "a.b+c.d+e"}) {
        CAPTURE(path);
        CHECK(is_record_path(path));
    }
    for (const char* path : {"",
                             ".a",
                             "a.",
                             "a..b",
                             "[0]",
                             "a[",
                             "[]",
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
