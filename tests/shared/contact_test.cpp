#include "shared/contact.h"

#include <doctest/doctest.h>

#include "tests/shared/random_contacts.h"

namespace crm {
namespace {

TEST_CASE("fields are found by their wire names") {
    for (const FieldSpec& spec : kContactFields) CHECK(find_field(spec.wire) == &spec);
    CHECK(find_field("job_title") == nullptr);
    CHECK(find_field("emails") == nullptr);
    CHECK(find_field("") == nullptr);
}

TEST_CASE("a patch changes what it names and nothing else") {
    const ContactFields before{
        .name = "Ada", .email = "ada@x.org", .phone = "12345", .tags = {"a"}};
    CHECK(apply_patch(before, {}) == before);
    ContactFields expected = before;
    expected.name = "Ada L.";
    expected.phone = "";
    CHECK(apply_patch(before, {.texts = {{"name", "Ada L."}, {"phone", ""}}}) == expected);
    expected = before;
    expected.tags = {"b", "c"};
    CHECK(apply_patch(before, {.tags = std::vector<std::string>{"c", "b", "c", "C"}}) == expected);
}

TEST_CASE("an address that becomes the primary one leaves the further ones") {
    const ContactFields before{.email = "a@x.org",
                               .phone = "020 7946 0991",
                               .more_emails = {{"b@x.org", "work"}, {"c@x.org", ""}},
                               .more_phones = {{"12345", "home"}}};
    const ContactFields after =
        apply_patch(before, {.texts = {{"email", "B@X.org"}, {"phone", "123-45"}}});
    CHECK(after.email == "B@X.org");
    CHECK(after.more_emails == std::vector<LabeledValue>{{"c@x.org", ""}});
    CHECK(after.more_phones.empty());
}

TEST_CASE("of alike values the first one stays") {
    ContactFields fields{.email = "a@x.org", .tags = {"b", "a", "B", "a"}};
    fields.more_emails = {{"b@x.org", "work"}, {"B@x.org", "home"}, {"A@x.org", ""}, {"", "work"}};
    fields.more_phones = {{"+44 20 7946", ""}, {"0044207946", "x"}, {"12", ""}, {"1 2", ""}};
    fields = normalize_lists(fields);
    CHECK(fields.tags == std::vector<std::string>{"a", "b"});
    CHECK(fields.more_emails == std::vector<LabeledValue>{{"b@x.org", "work"}});
    CHECK(fields.more_phones ==
          std::vector<LabeledValue>{{"+44 20 7946", ""}, {"12", ""}, {"1 2", ""}});
}

TEST_CASE("normalising twice changes nothing, and patches keep fields normal") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        const ContactFields fields = random.fields();
        CHECK(normalize_lists(fields) == fields);
        const ContactFields other = random.fields();
        const ContactPatch patch{.texts = {{"email", other.email}, {"phone", other.phone}},
                                 .tags = other.tags,
                                 .more_phones = other.more_phones};
        const ContactFields once = apply_patch(fields, patch);
        CHECK(normalize_lists(once) == once);
        CHECK(apply_patch(once, patch) == once);
    }
}

TEST_CASE("differences come in table order and in readable words") {
    const ContactFields from{.name = "Ada", .phone = "1", .tags = {"vip"}};
    ContactFields to = from;
    CHECK(diff_fields(from, to).empty());
    to.phone = "2";
    to.notes = "n";
    to.tags = {"lead", "vip"};
    to.more_emails = {{"a@x.org", ""}, {"b@x.org", "work"}};
    const std::vector<FieldChange> expected{{"phone", "1", "2"},
                                            {"notes", "", "n"},
                                            {"emails", "", "a@x.org; b@x.org (work)"},
                                            {"tags", "vip", "lead; vip"}};
    CHECK(diff_fields(from, to) == expected);
}

TEST_CASE("equal fields have no difference, different ones have one") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        const ContactFields from = random.fields();
        const ContactFields to = random.edited(from);
        CHECK(diff_fields(from, to).empty() == (from == to));
    }
}

TEST_CASE("a contact always has a name to show") {
    CHECK(display_name({.name = "Ada", .email = "a@x.org"}) == "Ada");
    CHECK(display_name({.name = "  ", .email = "a@x.org"}) == "a@x.org");
    CHECK(display_name({.phone = "12345"}) == "12345");
    CHECK(display_name({}) == "Unnamed contact");
}

TEST_CASE("link states have their words") {
    for (const LinkState state : {LinkState::Synced,
                                  LinkState::Pending,
                                  LinkState::Conflict,
                                  LinkState::Error,
                                  LinkState::NotLinked}) {
        CHECK(parse_link_state(link_state_text(state)) == state);
    }
    CHECK(link_state_text(LinkState::NotLinked) == "not_linked");
    CHECK_FALSE(parse_link_state("Synced").has_value());
}

}  // namespace
}  // namespace crm
