#include "server/sandbox/contact_wire.h"

#include <doctest/doctest.h>

namespace crm::sandbox {
namespace {

Draft draft_from(const char* text) {
    CAPTURE(text);
    const Result<Draft> draft = read_draft(*Json::parse(text));
    REQUIRE(draft.is_ok());
    return draft.value();
}

Record sample(System system) {
    return {.system = system,
            .id = 7,
            .name = "Ann Lee",
            .first_name = "Ann",
            .last_name = "Lee",
            .emails = {{.value = "b@x.example"}, {.value = "a@x.example", .is_primary = true}},
            .created_at = TimePoint(std::chrono::milliseconds(1'700'000'000'123)),
            .updated_at = TimePoint(std::chrono::milliseconds(1'700'000'000'000))};
}

}  // namespace

TEST_CASE("contact wire: flat, unified and native names mean the same") {
    const Draft wanted{.name = "Ann Lee", .email = "a@x.example", .job_title = "CTO"};
    CHECK(draft_from(R"({"name":"Ann Lee","email":"a@x.example","jobTitle":"CTO"})") == wanted);
    CHECK(draft_from(R"({"id":"1","fields":{"fullName":"Ann Lee","primaryEmail":"a@x.example",)"
                     R"("jobTitle":"CTO"}})") == wanted);
    CHECK(draft_from(R"({"firstname":"Ann","jobtitle":"CTO"})") ==
          Draft{.first_name = "Ann", .job_title = "CTO"});
}

TEST_CASE("contact wire: absent and null say nothing, an empty text clears") {
    CHECK(draft_from(R"({"phone":null,"unknown":7})") == Draft{});
    CHECK(draft_from(R"({"phone":""})") == Draft{.phone = ""});
}

TEST_CASE("contact wire: lists are texts or objects, also under Pipedrive's singular names") {
    const Draft draft = draft_from(
        R"({"email":["a@x.example",{"value":"b@x.example","type":"home","primary":true}]})");
    REQUIRE(draft.emails.has_value());
    CHECK(*draft.emails ==
          std::vector<Reach>{{.value = "a@x.example"},
                             {.value = "b@x.example", .label = "home", .is_primary = true}});
    CHECK_FALSE(draft.email.has_value());
}

TEST_CASE("contact wire: a wrong type is refused by name") {
    for (const char* text : {R"({"email":7})",
                             R"({"name":{}})",
                             R"({"emails":"a"})",
                             R"({"emails":[7]})",
                             R"({"fields":[]})",
                             R"({"phones":[{"label":"work"}]})"}) {
        CAPTURE(text);
        CHECK_FALSE(read_draft(*Json::parse(text)).is_ok());
    }
}

TEST_CASE("contact wire: ids are text, but whole numbers in Pipedrive's fields") {
    const Json person = data_record(sample(System::Pipedrive), "", Dialect::Unified);
    CHECK(person.text_at("id") == "7");
    CHECK(person.find("fields")->find("id")->integer() == 7);
    const Json contact = data_record(sample(System::HubSpot), "", Dialect::Unified);
    CHECK(contact.find("fields")->text_at("id") == "7");
}

TEST_CASE("contact wire: times have milliseconds in HubSpot and seconds in Pipedrive") {
    CHECK(data_record(sample(System::HubSpot), "", Dialect::Unified).text_at("createdTime") ==
          "2023-11-14T22:13:20.123Z");
    CHECK(data_record(sample(System::Pipedrive), "", Dialect::Unified).text_at("createdTime") ==
          "2023-11-14T22:13:20Z");
}

TEST_CASE("contact wire: the primary value leads its list") {
    const Json fields =
        *data_record(sample(System::Pipedrive), "", Dialect::Unified).find("fields");
    CHECK(fields.text_at("primaryEmail") == "a@x.example");
    CHECK(fields.find("emails")->items()->front().text_at("value") == "a@x.example");
    CHECK(fields.find("emails")->items()->size() == 2);
}

TEST_CASE("contact wire: an id may be a number or text") {
    CHECK(read_id(*Json::parse(R"({"id":12})")) == "12");
    CHECK(read_id(*Json::parse(R"({"id":"12"})")) == "12");
    CHECK(read_id(*Json::parse(R"({"id":[1]})")).empty());
    CHECK(read_id(*Json::parse("{}")).empty());
}

}  // namespace crm::sandbox
