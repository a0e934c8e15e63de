#include "shared/contact_filter.h"

#include <doctest/doctest.h>

#include "shared/limits.h"
#include "tests/shared/random_contacts.h"

namespace crm {
namespace {

ContactFilter filter_of(std::string_view text) {
    Result<ContactFilter> filter = parse_filter(text);
    REQUIRE_MESSAGE(filter.is_ok(), (filter.is_ok() ? "" : filter.error().message));
    return filter.take();
}

Contact chloe() {
    Contact contact;
    contact.fields.name = "Chloé Müller";
    contact.fields.email = "Chloe@Example.org";
    contact.fields.company = "Straße & \"Co\"";
    contact.fields.phone = "+44 (20) 7946-0991";
    contact.fields.notes = "met in Київ";
    contact.fields.tags = {"VIP", "Žilina"};
    contact.fields.more_emails = {{"second@x.org", "work"}};
    contact.fields.more_phones = {{"555.0100", ""}};
    contact.updated_at = *parse_time("2026-11-10T09:00:00Z");
    contact.links[SystemKey("hubspot")].state = LinkState::Synced;
    contact.links[SystemKey("pipedrive")].state = LinkState::Error;
    return contact;
}

}  // namespace

TEST_CASE("filter: what finds a contact") {
    for (const std::string_view text : {"",
                                        "name contains muller",
                                        "name is \"CHLOE MULLER\"",
                                        "company is \"strasse & \"\"co\"\"\"",
                                        "email is chloe@example.ORG",
                                        "email is second@x.org",
                                        "email contains \"@x\"",
                                        "phone contains 79460991",
                                        "phone is \"+442079460991\"",
                                        "phone is 5550100",
                                        "jobTitle is empty",
                                        "email is not empty",
                                        "tag is vip",
                                        "tag contains \"zil\"",
                                        "tag is not empty",
                                        "notes contains київ",
                                        "updatedAt since 2026-11-10",
                                        "updatedAt since \"2026-11-10T10:00:00+01:00\"",
                                        "sync is synced",
                                        "sync is error",
                                        "sync:pipedrive is error",
                                        "name is bob or tag is vip",
                                        "name is bob and tag is x or tag is vip",
                                        "tag is vip and (name is bob or jobTitle is empty)"}) {
        CAPTURE(text);
        CHECK(matches_filter(chloe(), filter_of(text)));
    }
}

TEST_CASE("filter: what does not find it") {
    for (const std::string_view text : {"name is muller",
                                        "email is empty",
                                        "jobTitle is not empty",
                                        "tag is empty",
                                        "tag is \"vi\"",
                                        "phone contains 990",
                                        "updatedAt since 2026-11-11",
                                        "createdAt since 2026-01-01",
                                        "sync is conflict",
                                        "sync:hubspot is error",
                                        "sync:none is error",
                                        "tag is vip and name is bob",
                                        "(tag is vip or name is bob) and jobTitle is not empty"}) {
        CAPTURE(text);
        CHECK_FALSE(matches_filter(chloe(), filter_of(text)));
    }
}

TEST_CASE("filter: what cannot be read is refused, and the message says where") {
    for (const std::string_view text : {"name",
                                        "shoe is x",
                                        "name is",
                                        "name is not x",
                                        "name since 2026-01-01",
                                        "updatedAt is x",
                                        "updatedAt since yesterday",
                                        "updatedAt since 2026-02-31",
                                        "tag is \"x",
                                        "name is \"\"",
                                        "name is \"  \"",
                                        "(name is x",
                                        "name is x)",
                                        "()",
                                        "and",
                                        "name is x and",
                                        "name is x tag is y",
                                        "\"name\" is x",
                                        "sync is broken",
                                        "sync is empty",
                                        "tag:x"}) {
        CAPTURE(text);
        const Result<ContactFilter> filter = parse_filter(text);
        REQUIRE_FALSE(filter.is_ok());
        CHECK(filter.error().code == ErrorCode::BadRequest);
        CHECK(filter.error().message.find("The filter cannot be read: ") == 0);
    }
    CHECK(parse_filter("shoe is x").error().message.find("“shoe”") != std::string::npos);
}

TEST_CASE("filter: depth, count and length have limits") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '(') + "name is x" + std::string(depth, ')');
    };
    CHECK(parse_filter(nested(kFilterDepthMax)).is_ok());
    CHECK_FALSE(parse_filter(nested(kFilterDepthMax + 1)).is_ok());
    CHECK_FALSE(parse_filter(std::string(kFilterCharsMax, '(')).is_ok());
    std::string many = "name is x";
    for (std::size_t count = 1; count < kFilterConditionsMax; ++count) many += " or name is x";
    CHECK(parse_filter(many).is_ok());
    CHECK_FALSE(parse_filter(many + " or name is x").is_ok());
    CHECK_FALSE(parse_filter("name is " + std::string(kFilterCharsMax, 'x')).is_ok());
}

TEST_CASE("filter: every tree comes back from its text") {
    static const std::vector<std::string> conditions = {"name is \"a \"\"b\"\"\"",
                                                        "company contains \"and\"",
                                                        "tag is empty",
                                                        "phone is not empty",
                                                        "sync:hubspot is \"conflict\"",
                                                        "createdAt since \"2026-01-01\""};
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        std::string text = conditions[random.below(conditions.size())];
        for (std::size_t count = random.below(6); count > 0; --count) {
            if (random.below(3) == 0) text = "(" + text + ")";
            text += random.below(2) == 0 ? " and " : " or ";
            text += conditions[random.below(conditions.size())];
        }
        const ContactFilter filter = filter_of(text);
        const std::string written = format_filter(filter);
        CAPTURE(written);
        CHECK(filter_of(written) == filter);
        CHECK(format_filter(filter_of(written)) == written);
    }
}

TEST_CASE("filter: without the conditions about sync it finds no fewer") {
    const ContactFilter filter = filter_of("name is bob and sync is error or sync is conflict");
    CHECK(asks_for_sync(filter));
    CHECK_FALSE(asks_for_sync(without_sync(filter)));
    CHECK_FALSE(asks_for_sync(filter_of("name is sync")));
    CHECK(matches_filter(chloe(), without_sync(filter)));
    CHECK(without_sync(filter_of("tag is vip")) == filter_of("tag is vip"));
}

}  // namespace crm
