#include "shared/contact_parse.h"

#include <doctest/doctest.h>

#include "shared/limits.h"

namespace crm {
namespace {

using namespace std::string_view_literals;

std::string problem_of(std::string_view wire, std::string_view text) {
    return field_problem(*find_field(wire), text);
}

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("good values have no problem") {
    CHECK(problem_of("name", "Zoë O'Brien-王 👩‍🚀") == "");
    CHECK(problem_of("name", "") == "");
    CHECK(problem_of("email", "") == "");
    CHECK(problem_of("email", "john+tag@x.com") == "");
    CHECK(problem_of("phone", "ask reception, ext. 7") == "");
    CHECK(problem_of("notes", "one\ntwo\tthree") == "");
}

TEST_CASE("a bad e-mail is told what it lacks") {
    struct Case {
        std::string_view text;
        std::string_view part;
    };
    const Case cases[] = {
        {"a@", "after the @ is missing"},
        {"@b.c", "before the @ is missing"},
        {"a", "The @ is missing"},
        {"a b@c", "no spaces"},
        {"a\u00A0b@c.d", "no spaces"},
        {"a@@b.c", "exactly one @"},
        {"a@b.c, d@e.f", "no spaces"},
        {"a@b.c,d@e.f", "exactly one @"},
        {"a@b", "no dot"},
        {"a@.b", "nothing on one side"},
        {"a@b.", "nothing on one side"},
        {"a@b..c", "nothing on one side"},
        {"<a@b.c>", "cannot be part"},
        {"a@b.c\0"sv, "control character"},
        {"a@\x80.c", "broken characters"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.text);
        const std::string problem = problem_of("email", each.text);
        CAPTURE(problem);
        CHECK(mentions(problem, each.part));
    }
}

TEST_CASE("limits count characters, and the message says how many") {
    std::string longest;
    for (std::size_t index = 0; index < kNameCharsMax; ++index) longest += "é";
    CHECK(problem_of("name", longest) == "");
    const std::string problem = problem_of("name", longest + "é");
    CHECK(mentions(problem, "201"));
    CHECK(mentions(problem, "200"));
    CHECK(mentions(problem_of("name", std::string(10'000, 'x')), "10000"));
}

TEST_CASE("controls are refused, line breaks in one-line fields too") {
    CHECK(mentions(problem_of("name", "a\0b"sv), "control character"));
    CHECK(mentions(problem_of("notes", "a\x1B[0m"), "control character"));
    CHECK(mentions(problem_of("name", "a\nb"), "several lines"));
}

TEST_CASE("cleaning trims, and joins the lines of one-line fields") {
    CHECK(clean_text(FieldKind::Line, "  a\tb\nc ") == "a b c");
    CHECK(clean_text(FieldKind::MultiLine, "\na\r\nb\rc\n\nd\n") == "a\nb\nc\n\nd");
    CHECK(clean_text(FieldKind::MultiLine, "a\r\n\r\nb") == "a\n\nb");
    CHECK(clean_text(FieldKind::Line, "a\r\nb") == "a  b");
    CHECK(clean_text(FieldKind::Line, std::string_view("a\0", 2)) == std::string_view("a\0", 2));
}

TEST_CASE("a phone without country code gets a hint, never an error") {
    CHECK(phone_hint("020 7946 0991") != "");
    CHECK(phone_hint("+44 20 7946 0991") == "");
    CHECK(phone_hint("0044 20 7946 0991") == "");
    CHECK(phone_hint("") == "");
    CHECK(phone_hint("ext. 12") == "");
}

TEST_CASE("a good patch comes out trimmed") {
    RawPatch raw;
    raw.texts = {{"name", "  Ada "}, {"notes", "a\r\nb"}};
    raw.tags = {" vip ", "lead", "VIP", ""};
    raw.emails = {{"A@x.org", " work ", true}, {" b@x.org", "", false}, {"B@x.org", "", false}};
    const Result<ContactPatch> patch = parse_patch(raw);
    REQUIRE(patch.is_ok());
    const ContactPatch expected{
        .texts = {{"name", "Ada"}, {"notes", "a\nb"}, {"email", "A@x.org"}},
        .tags = std::vector<std::string>{"lead", "vip"},
        .more_emails = std::vector<LabeledValue>{{"b@x.org", ""}},
    };
    CHECK(patch.value() == expected);
}

TEST_CASE("all problems come at once") {
    RawPatch raw;
    raw.texts = {{"name", std::string(201, 'x')}, {"email", "a@"}, {"phone", "ok"}, {"shoe", "9"}};
    raw.tags = {std::string(65, 't')};
    raw.phones = {{"1", std::string(33, 'l'), false}};
    const Result<ContactPatch> patch = parse_patch(raw);
    REQUIRE_FALSE(patch.is_ok());
    const Error& error = patch.error();
    CHECK(error.code == ErrorCode::InvalidArgument);
    CHECK(error.fields.size() == 5);
    for (const char* wire : {"name", "email", "shoe", "tags", "phones"}) {
        CAPTURE(wire);
        CHECK(error.fields.count(wire) == 1);
    }
    CHECK(mentions(error.message, "5 fields"));
}

TEST_CASE("a single problem is the message") {
    const Result<ContactPatch> patch = parse_patch({.texts = {{"jobTitle", "a\x01"}}});
    REQUIRE_FALSE(patch.is_ok());
    CHECK(mentions(patch.error().message, "Job title: "));
    CHECK(mentions(patch.error().message, patch.error().fields.at("jobTitle")));
}

TEST_CASE("the primary one is said once, or twice the same") {
    RawPatch raw;
    raw.texts = {{"email", "a@x.org"}};
    raw.emails = {{"A@X.org", "", true}, {"b@x.org", "", false}};
    REQUIRE(parse_patch(raw).is_ok());
    CHECK(parse_patch(raw).value().texts.at("email") == "a@x.org");
    raw.emails->front().value = "c@x.org";
    REQUIRE_FALSE(parse_patch(raw).is_ok());
    CHECK(parse_patch(raw).error().fields.count("emails") == 1);
    raw.texts.clear();
    raw.emails->back().is_primary = true;  // two of them
    CHECK_FALSE(parse_patch(raw).is_ok());
}

TEST_CASE("lists have limits, counted after alike values are gone") {
    RawPatch raw;
    raw.emails.emplace();
    for (std::size_t index = 0; index < kExtraValuesMax; ++index) {
        raw.emails->push_back({"e" + std::to_string(index) + "@x.org", "", false});
    }
    raw.emails->push_back({"E0@x.org", "", false});
    raw.emails->push_back({"main@x.org", "", true});
    CHECK(parse_patch(raw).is_ok());
    raw.emails->push_back({"more@x.org", "", false});
    CHECK_FALSE(parse_patch(raw).is_ok());

    RawPatch tags;
    tags.tags.emplace();
    for (std::size_t index = 0; index <= kTagsMax; ++index) {
        tags.tags->push_back("t" + std::to_string(index));
    }
    CHECK_FALSE(parse_patch(tags).is_ok());
    tags.tags->pop_back();
    CHECK(parse_patch(tags).is_ok());
}

TEST_CASE("a new contact needs something to be found by") {
    CHECK(check_new_contact({.name = "Ada"}).is_ok());
    CHECK(check_new_contact({.email = "a@x.org"}).is_ok());
    CHECK(check_new_contact({.phone = "1"}).is_ok());
    const Status refused = check_new_contact({.company = "ACME"});
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().code == ErrorCode::InvalidArgument);
    CHECK(refused.error().fields.count("name") == 1);
}

TEST_CASE("a caller's words are cut before they are repeated") {
    CHECK(shorten_shown("short") == "short");
    const std::string shown = shorten_shown(std::string(5000, 'x'));
    CHECK(shown == std::string(kShownNameCharsMax, 'x') + "…");
}

}  // namespace
}  // namespace crm
