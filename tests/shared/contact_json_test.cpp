#include "shared/contact_json.h"

#include <doctest/doctest.h>

#include "tests/shared/random_contacts.h"

namespace crm {
namespace {

TEST_CASE("a contact is written as the contract says, in its order") {
    Contact contact;
    contact.id = ContactId{"c1"};
    contact.customer_id = CustomerId{"dev"};
    contact.fields = {.name = "Ada", .email = "ada@x.org", .job_title = "CTO", .tags = {"vip"}};
    contact.fields.more_emails = {{"b@x.org", "work"}};
    contact.version = 3;
    contact.created_at = TimePoint{std::chrono::milliseconds{1}};
    contact.updated_at = TimePoint{std::chrono::milliseconds{2}};
    contact.sources = {"local", "hubspot"};
    ContactLink& link = contact.links[SystemKey{"hubspot"}];
    link.id = RemoteId{"77"};
    link.url = "https://h/77";
    link.state = LinkState::Synced;
    link.synced_at = TimePoint{};
    CHECK(
        write_contact(contact) ==
        R"({"id":"c1","name":"Ada","email":"ada@x.org","phone":"","jobTitle":"CTO","pronouns":"",)"
        R"("company":"","emails":[{"value":"ada@x.org","label":"","primary":true},)"
        R"({"value":"b@x.org","label":"work","primary":false}],"phones":[],"notes":"",)"
        R"("tags":["vip"],"customerId":"dev","version":3,"deleted":false,)"
        R"("createdAt":"1970-01-01T00:00:00.001Z","updatedAt":"1970-01-01T00:00:00.002Z",)"
        R"("sources":["local","hubspot"],"hubspotId":"77","pipedriveId":null,)"
        R"("links":{"hubspot":{"id":"77","url":"https://h/77","state":"synced","reason":"",)"
        R"("syncedAt":"1970-01-01T00:00:00.000Z"}}})");
}

TEST_CASE("arriving is shown only while true, an empty link has null ids") {
    Contact contact;
    contact.id = ContactId{"c1"};
    contact.links[SystemKey{"pipedrive"}] = {};
    CHECK(write_contact(contact).find("arriving") == std::string::npos);
    CHECK(write_contact(contact).find(R"("pipedriveId":null)") != std::string::npos);
    CHECK(write_contact(contact).find(R"({"id":null,"url":"","state":"not_linked")") !=
          std::string::npos);
    contact.arriving = true;
    CHECK(write_contact(contact).find(R"("arriving":true)") != std::string::npos);
}

TEST_CASE("what is written is read back the same") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Contact contact = test::RandomContacts(seed).contact();
        const Result<Contact> read = read_contact(write_contact(contact));
        REQUIRE(read.is_ok());
        CHECK(read.value() == contact);
    }
}

TEST_CASE("readers ignore what they do not know, and miss nothing they do not need") {
    const Result<Contact> read =
        read_contact(R"({"id":"c1","name":7,"future":[{}],"emails":"?","tags":[1,"a"],)"
                     R"("links":{"x":5},"version":"2"})");
    REQUIRE(read.is_ok());
    CHECK(read.value().id.text == "c1");
    CHECK(read.value().fields.name == "");
    CHECK(read.value().fields.tags == std::vector<std::string>{"a"});
    CHECK(read.value().links.at(SystemKey{"x"}).state == LinkState::NotLinked);
}

TEST_CASE("what is no contact is an error, not a crash") {
    for (const std::string_view text :
         {"", "null", "[]", "{}", "{\"id\":1}", "{\"id\":\"c1\"", "\xFF", "nan"}) {
        CAPTURE(text);
        CHECK_FALSE(read_contact(text).is_ok());
    }
    CHECK_FALSE(read_contact(std::string(100'000, '[')).is_ok());
}

TEST_CASE("broken UTF-8 in a contact cannot fail a writer") {
    Contact contact;
    contact.id = ContactId{"c1"};
    contact.fields.name = "a\xFF\xC3";
    contact.fields.tags = {"\x80"};
    const Result<Contact> read = read_contact(write_contact(contact));
    REQUIRE(read.is_ok());
    CHECK(read.value().fields.name == "a\uFFFD\uFFFD");
    CHECK(write_values({{"\xFF", ""}}).find("\uFFFD") != std::string::npos);
}

TEST_CASE("stored lists come back as they were") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        const ContactFields fields = test::RandomContacts(seed).fields();
        CHECK(read_values(write_values(fields.more_emails)) == fields.more_emails);
        CHECK(read_values(write_values(fields.more_phones)) == fields.more_phones);
        CHECK(read_tags(write_tags(fields.tags)) == fields.tags);
    }
    CHECK(write_values({}) == "[]");
    CHECK(write_tags({}) == "[]");
    CHECK(write_tags({"a"}) == R"(["a"])");
}

TEST_CASE("stored lists that are damaged are noticed") {
    for (const std::string_view text : {"", "{}", "[", "[1]", "null", "[null]", "[\"\xFF\"]"}) {
        CAPTURE(text);
        CHECK_FALSE(read_values(text).has_value());
        CHECK_FALSE(read_tags(text).has_value());
    }
    CHECK_FALSE(read_values(R"([{"label":"x"}])").has_value());
    CHECK_FALSE(read_tags(std::string(100'000, '[')).has_value());
}

}  // namespace
}  // namespace crm
