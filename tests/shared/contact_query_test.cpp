#include "shared/contact_query.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "shared/text.h"
#include "shared/url.h"
#include "tests/shared/random_contacts.h"

namespace crm {
namespace {

using Keys = std::vector<SortKey>;

TEST_CASE("sort keys are read and written") {
    REQUIRE(parse_sort("name,-updatedAt").is_ok());
    CHECK(parse_sort("name,-updatedAt").value() == Keys{{"name", false}, {"updatedAt", true}});
    CHECK(parse_sort("").value().empty());
    for (const std::string_view text :
         {"name", "-email,phone,jobTitle,-pronouns", "company,-createdAt"}) {
        CHECK(format_sort(parse_sort(text).value()) == text);
    }
}

TEST_CASE("what cannot be sorted by is named") {
    const std::string_view cases[] = {"shoe",
                                      "notes",
                                      "tags",
                                      "name,",
                                      ",name",
                                      "--name",
                                      " name",
                                      "Name",
                                      "name,name",
                                      "name,-name",
                                      "-",
                                      "\x80",
                                      "name,email,phone,company,jobTitle"};
    for (const std::string_view text : cases) {
        CAPTURE(text);
        const Result<Keys> keys = parse_sort(text);
        REQUIRE_FALSE(keys.is_ok());
        CHECK(keys.error().code == ErrorCode::BadRequest);
    }
    CHECK(parse_sort("shoe").error().message.find("shoe") != std::string::npos);
}

TEST_CASE("a cursor comes back as it went out") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        Cursor cursor{{}, "id-" + std::to_string(seed)};
        for (std::size_t count = random.below(5); count > 0; --count) {
            cursor.values.push_back(random.text());
        }
        const Result<Cursor> read = parse_cursor(format_cursor(cursor), cursor.values.size());
        REQUIRE(read.is_ok());
        CHECK(read.value() == cursor);
        CHECK_FALSE(parse_cursor(format_cursor(cursor), cursor.values.size() + 1).is_ok());
    }
}

TEST_CASE("cursors that were not given out are refused") {
    for (const std::string_view text :
         {"", "1", "abc", "name", "AAAAAAAA", "%%%", "MTIzNDU2Nzg5MA"}) {
        CAPTURE(text);
        const Result<Cursor> read = parse_cursor(text, 1);
        REQUIRE_FALSE(read.is_ok());
        CHECK(read.error().code == ErrorCode::BadRequest);
    }
    const std::string good = format_cursor({{"ada"}, "id-1"});
    for (std::size_t index = 0; index < good.size(); ++index) {
        std::string changed = good;
        changed[index] = changed[index] == 'A' ? 'B' : 'A';
        CHECK_FALSE(parse_cursor(changed, 1).is_ok());
        CHECK_FALSE(parse_cursor(good.substr(0, index), 1).is_ok());
    }
    CHECK_FALSE(parse_cursor(good + "A", 1).is_ok());
    CHECK_FALSE(parse_cursor(format_cursor({{"\xFF"}, "id"}), 1).is_ok());
    CHECK_FALSE(parse_cursor(format_cursor({{"a"}, ""}), 1).is_ok());
}

Contact named(std::string id, std::string name, std::string company = "") {
    Contact contact;
    contact.id = ContactId{std::move(id)};
    contact.fields.name = std::move(name);
    contact.fields.company = std::move(company);
    return contact;
}

std::string order_of(std::vector<Contact> contacts, const Keys& keys) {
    std::sort(contacts.begin(), contacts.end(), [&keys](const Contact& left, const Contact& right) {
        return less(left, right, keys);
    });
    std::string ids;
    for (const Contact& contact : contacts) ids += contact.id.text;
    return ids;
}

TEST_CASE("empty values come last in both directions, ids break ties") {
    const std::vector<Contact> contacts{named("1", ""),
                                        named("2", "Zoë"),
                                        named("3", "ada"),
                                        named("4", "Čížek"),
                                        named("5", "ADA"),
                                        named("6", "")};
    CHECK(order_of(contacts, {}) == "354216");
    CHECK(order_of(contacts, {{"name", false}}) == "354216");
    CHECK(order_of(contacts, {{"name", true}}) == "243516");
}

TEST_CASE("later keys decide where earlier ones are equal; times sort as times") {
    std::vector<Contact> contacts{named("1", "a", "x"), named("2", "b", "x"), named("3", "a", "y")};
    contacts[0].updated_at = TimePoint{std::chrono::milliseconds{5}};
    contacts[1].updated_at = TimePoint{std::chrono::milliseconds{10}};
    contacts[2].updated_at = TimePoint{std::chrono::milliseconds{-10}};
    CHECK(order_of(contacts, {{"company", false}, {"name", true}}) == "213");
    CHECK(order_of(contacts, {{"updatedAt", false}}) == "312");
    CHECK(order_of(contacts, {{"updatedAt", true}}) == "213");
    CHECK(sort_value(contacts[0], "createdAt") == "1970-01-01T00:00:00.000Z");
    CHECK(sort_value(contacts[0], "company") == "x");
    CHECK(sort_value(contacts[0], "shoe") == "");
}

TEST_CASE("the order is a strict weak order for any contacts") {
    test::RandomContacts random(42);
    const Keys keys{{"company", true}, {"name", false}};
    std::vector<Contact> contacts;
    contacts.reserve(60);
    for (int count = 0; count < 60; ++count) contacts.push_back(random.contact());
    for (const Contact& a : contacts) {
        CHECK_FALSE(less(a, a, keys));
        for (const Contact& b : contacts) {
            if (less(a, b, keys)) CHECK_FALSE(less(b, a, keys));
            for (const Contact& c : contacts) {
                const bool is_chain = less(a, b, keys) && less(b, c, keys);
                if (is_chain && !less(a, c, keys)) FAIL("not transitive");
            }
        }
    }
}

bool finds(const Contact& contact, std::string_view text) {
    return matches(contact, {.text = std::string(text)});
}

TEST_CASE("every word must be found somewhere") {
    Contact contact = named("1", "Chloé Müller", "Straße & Co");
    contact.fields.email = "chloe@example.org";
    contact.fields.phone = "+44 (20) 7946-0991";
    contact.fields.notes = "met 2026-01-31\nin Київ";
    contact.fields.tags = {"VIP"};
    contact.fields.more_emails = {{"second@x.org", "work"}};
    contact.fields.more_phones = {{"555.0100", ""}};
    for (const std::string_view text :
         {"",        "  ",          "chloe",       "CHLOÉ",      "muller chloe",
          "strasse", "STRASSE vip", "example.org", "київ",       "second@",
          "0991",    "79460991",    "7946-0991",   "(20)7946",   "+4420",
          "+44",     "555-01",      "5550100",     "2026-01-31", "met"}) {
        CAPTURE(text);
        CHECK(finds(contact, text));
    }
    for (const std::string_view text :
         {"bob", "chloe bob", "0992", "9-9-2", "(99)", "work", "1-2-3"}) {
        CAPTURE(text);
        CHECK_FALSE(finds(contact, text));
    }
}

TEST_CASE("only words that look like phones are searched by their digits") {
    CHECK(phone_digits_of_word("+44-20") == "4420");
    CHECK(phone_digits_of_word("(0)12") == "012");
    CHECK(phone_digits_of_word("12") == "");
    CHECK(phone_digits_of_word("a123") == "");
    CHECK(phone_digits_of_word("") == "");
    CHECK(search_words("  Ada\u00A0 LOVELACE ") == std::vector<std::string>{"ada", "lovelace"});
    CHECK(search_words("").empty());
}

TEST_CASE("an umlaut is found however it is written") {
    const Contact drawn = named("1", "Chloé Müller");
    const Contact written = named("2", "Chloe Mueller");
    for (const Contact& contact : {drawn, written}) {
        CHECK(finds(contact, "Mueller"));
        CHECK(finds(contact, "MÜLLER chloe"));
        CHECK(finds(contact, "müll"));
    }
    CHECK(finds(drawn, "muller"));
    CHECK_FALSE(finds(named("3", "Moller"), "Müller"));
    // "sue" is no "sü", and whatever has "su" in it is no Sue.
    CHECK_FALSE(finds(named("4", "Susan"), "sue"));
    CHECK(search_forms("+44 Müller") == std::vector<SearchForms>{{"+44"}, {"muller", "mueller"}});
    CHECK(search_forms("").empty());
}

TEST_CASE("words do not match across the border of two fields") {
    Contact contact = named("1", "ada", "bob");
    contact.fields.phone = "12345";
    contact.fields.more_phones = {{"67890", ""}};
    CHECK_FALSE(finds(contact, "adabob"));
    CHECK_FALSE(finds(contact, "4567"));
}

TEST_CASE("deleted contacts are hidden, included or alone") {
    Contact contact = named("1", "ada");
    CHECK(matches(contact, {}));
    CHECK(matches(contact, {.deleted = Deleted::Included}));
    CHECK_FALSE(matches(contact, {.deleted = Deleted::Only}));
    contact.deleted = true;
    CHECK_FALSE(matches(contact, {}));
    CHECK(matches(contact, {.deleted = Deleted::Included}));
    CHECK(matches(contact, {.deleted = Deleted::Only}));
}

TEST_CASE("a contact is found by each of its own words") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        Contact contact = random.contact();
        contact.deleted = false;
        for (const FieldSpec& spec : kContactFields) {
            CHECK(finds(contact, contact.fields.*spec.member));
        }
    }
}

}  // namespace
}  // namespace crm
