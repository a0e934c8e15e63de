// Who is taken for one person, why, and who is not.
#include "server/contacts/duplicates.h"

#include <algorithm>

#include "server/contacts/duplicate_rules.h"
#include "server/limits.h"
#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::kAcme;
using test::kGlobex;
using test::patch;
using test::World;

ContactFields person(const std::string& name,
                     const std::string& company,
                     const std::string& email = "",
                     const std::string& phone = "") {
    ContactFields fields;
    fields.name = name;
    fields.company = company;
    fields.email = email;
    fields.phone = phone;
    return fields;
}

std::string codes(const ContactFields& left, const ContactFields& right) {
    std::string all;
    for (const auto& reason : compare(person_of(left), person_of(right))) all += reason.code + " ";
    return all;
}

api::DuplicatePage list(World& world, int limit = 100, const std::string& cursor = "") {
    auto page = list_duplicates(world.service, kAcme, limit, cursor);
    REQUIRE_MESSAGE(page.is_ok(), (page.is_ok() ? "" : page.error().message));
    return page.take();
}

}  // namespace

TEST_CASE("duplicates: the reasons that two contacts may be one") {
    ContactFields more = person("A", "", "a@x.org");
    more.more_emails = {{"B@X.org", "work"}};
    CHECK(codes(more, person("B", "", "b@x.org")) == "same_email ");
    CHECK(codes(person("A", "", "", "+44 20 7946 0991"),
                person("B", "", "", "0044 (20) 79460991")) == "same_phone ");
    CHECK(codes(person("A", "", "", "030 123 45 67"), person("B", "", "", "0301234567")) ==
          "same_phone ");
    CHECK(codes(person("A", "", "", "1234"), person("B", "", "", "1234")) == "");
    CHECK(codes(person("Chloé Müller", "Acme"), person("Mueller Chloe", "ACME ")) ==
          "similar_name ");
    CHECK(codes(person("Chloe Muller", "Acme"), person("Chloe Muler", "Acme")) == "similar_name ");
    CHECK(codes(person("Hanna Muller", "Acme"), person("Hnana Müller", "Acme")) == "similar_name ");
    CHECK(codes(person("Chloe Muller", "Acme"), person("Chloe Miller", "Other")) == "");
    CHECK(codes(person("Chloe Muller", ""), person("Chloe Muller", "")) == "");
    CHECK(codes(person("Jan", "Acme"), person("Jen", "Acme")) == "");
    CHECK(codes(person("Chloe Muller", "Acme"), person("Chloe Mutter", "Acme")) == "");
}

TEST_CASE("duplicates: the scan finds the pairs that comparing everybody finds") {
    static const std::vector<std::string> names = {
        "Anna Berg", "Ana Berg", "Anna Bergg", "Berg Anna", "Anan Berg", "Bob", "Jörg Weiß"};
    static const std::vector<std::string> companies = {"", "Acme", "acme", "Other"};
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random(seed);
        std::vector<Person> people;
        people.reserve(12);
        // So few share a company, a phone or an e-mail that no group is a large one.
        for (int count = 0; count < 12; ++count) {
            ContactFields fields = person(names[random_below(random, names.size())],
                                          companies[random_below(random, companies.size())]);
            if (random_below(random, 2) == 0)
                fields.email = "p" + std::to_string(random_below(random, 9)) + "@x.org";
            if (random_below(random, 2) == 0)
                fields.phone = "+4420794609" + std::to_string(10 + random_below(random, 9));
            people.push_back(person_of(fields));
        }
        std::vector<std::pair<std::size_t, std::size_t>> expected;
        for (std::size_t left = 0; left < people.size(); ++left) {
            for (std::size_t right = left + 1; right < people.size(); ++right) {
                if (!compare(people[left], people[right]).empty())
                    expected.emplace_back(left, right);
            }
        }
        const auto found = find_pairs(people);
        CHECK(std::includes(expected.begin(), expected.end(), found.begin(), found.end()));
        if (expected.size() <= kDuplicateGroupMax) CHECK(found == expected);
    }
}

TEST_CASE("duplicates: a switchboard's number does not pair everybody with everybody") {
    std::vector<Person> people;
    people.reserve(500);
    for (int count = 0; count < 500; ++count) {
        people.push_back(person_of(person("P" + std::to_string(count), "", "", "+442079460991")));
    }
    CHECK(find_pairs(people).size() == 499);
}

TEST_CASE("duplicates: pages, strongest first; kept separate is remembered") {
    World world;
    const Contact ada = world.create(
        patch({{"name", "Ada Byron"}, {"company", "Acme"}, {"phone", "+44 20 7946 0991"}}));
    const Contact twin = world.create(
        patch({{"name", "Ada Byrom"}, {"company", "Acme"}, {"phone", "+442079460991"}}));
    const Contact bob = world.create(patch({{"name", "Bob"}, {"phone", "+44 20 7946 0991"}}));
    world.create(patch({{"name", "Ada Byron"}, {"company", "Acme"}}), kGlobex);
    const api::DuplicatePage all = list(world);
    CHECK(all.total == 3);
    REQUIRE(all.duplicates.size() == 3);
    CHECK(all.duplicates[0].score == 5);
    REQUIRE(all.duplicates[0].contacts.size() == 2);
    CHECK(all.duplicates[0].contacts[0].id == ada.id);
    CHECK(all.duplicates[0].contacts[1].id == twin.id);
    CHECK(all.duplicates[0].reasons[0].sentence == "Same phone: +442079460991");
    std::string cursor;
    std::vector<int> scores;
    do {
        const api::DuplicatePage page = list(world, 1, cursor);
        CHECK(page.total == 3);
        for (const auto& duplicate : page.duplicates) scores.push_back(duplicate.score);
        cursor = page.cursor;
    } while (!cursor.empty());
    CHECK(scores == std::vector<int>{5, 3, 3});
    CHECK_FALSE(list_duplicates(world.service, kAcme, 1, "nonsense").is_ok());

    for (int twice = 0; twice < 2; ++twice) {
        CHECK(keep_separate(world.service, kAcme, {twin.id, ada.id}, "Ann").is_ok());
    }
    CHECK(list(world).total == 2);
    CHECK_FALSE(keep_separate(world.service, kGlobex, {twin.id, ada.id}, "Ann").is_ok());
    REQUIRE(world.service.remove(kAcme, bob.id, test::by("Ann")).is_ok());
    CHECK(list(world).total == 0);
}

TEST_CASE("duplicates: who is being typed") {
    World world;
    ContactPatch with_more = patch({{"name", "Ada Byron"}, {"company", "Acme"}});
    with_more.more_emails.emplace().push_back({"ada@x.org", ""});
    with_more.texts["email"] = "byron@x.org";
    with_more.texts["phone"] = "+44 20 7946 0991";
    const Contact ada = world.create(with_more);
    const Contact other = world.create(patch({{"name", "Other"}, {"email", "other@x.org"}}));
    const auto typed = [&](const ContactFields& fields, const ContactId& self = {}) {
        auto page = find_duplicates_of(world.service, kAcme, fields, self);
        REQUIRE(page.is_ok());
        std::string found;
        for (const auto& duplicate : page.value().duplicates) {
            found +=
                duplicate.contacts.front().fields.name + ":" + duplicate.reasons.front().code + " ";
        }
        return found;
    };
    CHECK(typed(person("", "", "ADA@x.org")) == "Ada Byron:same_email ");
    CHECK(typed(person("", "", "", "0044 20 79460991")) == "Ada Byron:same_phone ");
    CHECK(typed(person("Ada Byrn", "acme")) == "Ada Byron:similar_name ");
    CHECK(typed(person("Ada Byron", "Acme", "ada@x.org"), ada.id).empty());
    CHECK(typed(person("Ada", "")).empty());
    CHECK(typed(person("", "", "ad")).empty());
    REQUIRE(keep_separate(world.service, kAcme, {ada.id, other.id}, "Ann").is_ok());
    CHECK(typed(person("", "", "ada@x.org"), other.id).empty());
}

}  // namespace crm
