#include <doctest/doctest.h>

#include "shared/contact_json.h"
#include "shared/limits.h"
#include "shared/text.h"
#include "tests/shared/random_contacts.h"

namespace crm {
namespace {

using namespace std::string_view_literals;
using Values = std::vector<LabeledValue>;

ContactPatch good(std::string_view json) {
    CAPTURE(json);
    Result<ContactPatch> patch = read_contact_patch(json);
    REQUIRE(patch.is_ok());
    return patch.take();
}

Error bad(std::string_view json) {
    CAPTURE(json);
    const Result<ContactPatch> patch = read_contact_patch(json);
    REQUIRE_FALSE(patch.is_ok());
    return patch.error();
}

TEST_CASE("good bodies") {
    CHECK(good("{}").is_empty());
    CHECK(good(R"({"name":" Ada ","phone":null})") ==
          ContactPatch{.texts = {{"name", "Ada"}, {"phone", ""}}});
    CHECK(good(R"({"name":"a","name":"b"})").texts.at("name") == "b");
    CHECK(good(R"({"tags":["b","a","B"]})").tags == std::vector<std::string>{"a", "b"});
    CHECK(good(R"({"tags":null})").tags == std::vector<std::string>{});
    CHECK(good(R"({"name":"\u00e9\ud83d\ude00"})").texts.at("name") == "é😀");
    CHECK(good(R"({"email":"  John+Tag@X.com "})").texts.at("email") == "John+Tag@X.com");
}

TEST_CASE("lists of e-mails and phones in every accepted form") {
    const ContactPatch marked =
        good(R"({"emails":[{"value":"b@x.org","label":"work"},{"value":"a@x.org","primary":true},)"
             R"("c@x.org"]})");
    CHECK(marked.texts.at("email") == "a@x.org");
    CHECK(marked.more_emails == Values{{"b@x.org", "work"}, {"c@x.org", ""}});

    const ContactPatch first = good(R"({"phones":["12345",{"value":"67890"}]})");
    CHECK(first.texts.at("phone") == "12345");
    CHECK(first.more_phones == Values{{"67890", ""}});

    const ContactPatch further = good(R"({"email":"a@x.org","emails":["b@x.org","A@x.org"]})");
    CHECK(further.texts.at("email") == "a@x.org");
    CHECK(further.more_emails == Values{{"b@x.org", ""}});

    const ContactPatch unmarked = good(R"({"emails":[{"value":"b@x.org","primary":false}]})");
    CHECK(unmarked.texts.empty());
    CHECK(unmarked.more_emails == Values{{"b@x.org", ""}});

    const ContactPatch none = good(R"({"emails":[]})");
    CHECK(none.texts.empty());
    CHECK(none.more_emails == Values{});
}

TEST_CASE("what is not an object in UTF-8 is a bad request") {
    const std::string_view cases[] = {
        "",
        " ",
        "null",
        "[]",
        "\"a\"",
        "1",
        "{",
        "{\"name\":\"a\"",
        "{\"name\":\"a\",}",
        "{name:1}",
        "{\"name\":\"a\"}}",
        "{'name':'a'}",
        "{\"name\":\"\xC3\x28\"}",
        "{\"name\":\"\\ud800\"}",
        "\xEF\xBB",
        "{\"name\":\"a\"}\0"sv,
        "{\"name\":\"a\nb\"}",
        "{\"name\":nan}",
        "{\"name\":1e999}",
        "{\"name\":\"a\"}\0, and more"sv,
        "\0"sv,
    };
    for (const std::string_view json : cases) CHECK(bad(json).code == ErrorCode::BadRequest);
}

TEST_CASE("deep nesting is refused before it can hurt") {
    CHECK(bad(std::string(100'000, '[')).code == ErrorCode::BadRequest);
    std::string nested = R"({"name":)";
    for (int level = 0; level < 100'000; ++level) nested += "{\"a\":";
    CHECK(bad(nested).code == ErrorCode::BadRequest);
    nested = R"({"name":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    CHECK(bad(nested).code == ErrorCode::BadRequest);
    // Brackets inside of a text are text.
    CHECK(good(R"({"notes":")" + std::string(1000, '[') + "\"}").texts.at("notes").size() == 1000);
    // Just within the limit it is a wrong type like any other.
    nested = R"({"name":)" + std::string(kJsonDepthMax - 1, '[') +
             std::string(kJsonDepthMax - 1, ']') + "}";
    CHECK(bad(nested).code == ErrorCode::InvalidArgument);
}

TEST_CASE("each refused member is named") {
    struct Case {
        std::string_view json;
        std::string_view field;
        std::string_view part;
    };
    const Case cases[] = {
        {R"({"name":7})", "name", "not a number"},
        {R"({"name":true})", "name", "true or false"},
        {R"({"name":["a"]})", "name", "not a list"},
        {R"({"name":{"a":1}})", "name", "not an object"},
        {R"({"shoe":"9"})", "shoe", "no field called “shoe”"},
        {R"({"":"9"})", "", "no field called"},
        {R"({"id":"x"})", "id", "no field called"},
        {R"({"version":1})", "version", "no field called"},
        {R"({"customerId":"x"})", "customerId", "no field called"},
        {R"({"deleted":true})", "deleted", "no field called"},
        {R"({"links":{}})", "links", "no field called"},
        {R"({"Name":"a"})", "Name", "no field called"},
        {R"({"name":"a\u0000b"})", "name", "control character"},
        {R"({"notes":"\u001b[31m"})", "notes", "control character"},
        {R"({"email":"a@"})", "email", "after the @ is missing"},
        {R"({"email":"a b@c"})", "email", "no spaces"},
        {R"({"email":"a@@b.c"})", "email", "exactly one @"},
        {R"({"email":"a@b"})", "email", "no dot"},
        {R"({"tags":"vip"})", "tags", "a list of texts, not a text"},
        {R"({"tags":{}})", "tags", "not an object"},
        {R"({"tags":[1]})", "tags", "not a number"},
        {R"({"tags":[null]})", "tags", "not null"},
        {R"({"tags":["a\u0000"]})", "tags", "control character"},
        {R"({"emails":"a@x.org"})", "emails", "a list, not a text"},
        {R"({"emails":[7]})", "emails", "not a number"},
        {R"({"emails":["a@"]})", "emails", "“a@”"},
        {R"({"emails":[{"value":7}]})", "emails", "not a number"},
        {R"({"emails":[{"value":"a@x.org","label":[]}]})", "emails", "not a list"},
        {R"({"emails":[{"value":"a@x.org","primary":"yes"}]})", "emails", "not a text"},
        {R"({"emails":[{"value":"a@x.org","kind":"work"}]})", "emails", "no “kind”"},
        {R"({"emails":[{"value":"a@x.org","primary":true},{"value":"b@x.org","primary":true}]})",
         "emails",
         "mark one"},
        {R"({"email":"c@x.org","emails":[{"value":"a@x.org","primary":true}]})",
         "emails",
         "mark one"},
    };
    for (const Case& each : cases) {
        const Error error = bad(each.json);
        CHECK(error.code == ErrorCode::InvalidArgument);
        CHECK(error.fields.size() == 1);
        REQUIRE(error.fields.count(std::string(each.field)) == 1);
        const std::string& problem = error.fields.at(std::string(each.field));
        CAPTURE(problem);
        CHECK(problem.find(each.part) != std::string::npos);
    }
}

TEST_CASE("all problems come at once, whatever their kind") {
    const Error error =
        bad(R"({"name":7,"email":"a@","shoe":1,"tags":5,"phones":[{}],"emails":["x"]})");
    CHECK(error.fields.size() == 5);
    CHECK(error.message.find("5 fields") != std::string::npos);
}

TEST_CASE("limits hold at their borders") {
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind == FieldKind::Email) continue;
        CAPTURE(spec.wire);
        const std::string begin = "{\"" + std::string(spec.wire) + "\":\"";
        CHECK(read_contact_patch(begin + std::string(spec.chars_max, 'x') + "\"}").is_ok());
        CHECK_FALSE(
            read_contact_patch(begin + std::string(spec.chars_max + 1, 'x') + "\"}").is_ok());
    }
    const Error error = bad(R"({"name":")" + std::string(10'000, 'x') + "\"}");
    CHECK(error.fields.at("name").find("10000") != std::string::npos);
}

TEST_CASE("a hundred thousand unknown fields are answered briefly") {
    std::string json = "{";
    for (int index = 0; index < 100'000; ++index) json += "\"f" + std::to_string(index) + "\":1,";
    json += "\"name\":\"a\"}";
    CHECK(bad(json).fields.size() == kFieldProblemsMax);
    const Error named = bad("{\"" + std::string(500'000, 'k') + "\":1}");
    CHECK(named.fields.begin()->first.size() < 100);
    CHECK(named.message.size() < 500);
}

TEST_CASE("what a client writes is read as the same patch") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        const ContactFields fields = random.fields();
        ContactPatch patch;
        for (const FieldSpec& spec : kContactFields) {
            if (random.below(2) == 0) continue;
            patch.texts[std::string(spec.wire)] = clean_text(spec.kind, fields.*spec.member);
        }
        if (random.below(2) == 0) patch.tags = fields.tags;
        if (random.below(2) == 0) patch.more_emails = fields.more_emails;
        if (random.below(2) == 0) patch.more_phones = fields.more_phones;
        const Result<ContactPatch> read = read_contact_patch(write_contact_patch(patch));
        REQUIRE(read.is_ok());
        CHECK(read.value() == patch);
    }
}

TEST_CASE("a contact's own lists can be sent back unchanged") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        Contact contact = test::RandomContacts(seed).contact();
        const std::string json = write_contact(contact);
        const std::size_t begin = json.find(R"("emails":)");
        const std::size_t end = json.find(R"(,"notes":)", begin);
        const ContactPatch patch = good("{" + json.substr(begin, end - begin) + "}");
        CHECK(apply_patch(contact.fields, patch) == contact.fields);
    }
}

}  // namespace
}  // namespace crm
