#include "server/sandbox/people.h"

#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "shared/text.h"

namespace crm::sandbox {
namespace {

std::string key_of_newcomer(const Newcomer& newcomer) {
    return email_key(newcomer.draft.email.value_or("")).value_or("");
}

std::string name_of(const Draft& draft) {
    return draft.name ? *draft.name
                      : join_name(draft.first_name.value_or(""), draft.last_name.value_or(""));
}

}  // namespace

TEST_CASE("people: 160 in each CRM, 200 in all, 120 in both") {
    const Population people = make_population(1, "dev");
    CHECK(people.hubspot.size() == 160);
    CHECK(people.pipedrive.size() == 160);
    std::set<std::string> emails;
    for (const auto* side : {&people.hubspot, &people.pipedrive}) {
        std::set<std::string> own;
        for (const Newcomer& newcomer : *side) {
            const std::string key = key_of_newcomer(newcomer);
            REQUIRE_FALSE(key.empty());
            CHECK(own.insert(key).second);
            emails.insert(key);
            CHECK_FALSE(name_of(newcomer.draft).empty());
            CHECK(newcomer.updated_at >= newcomer.created_at);
        }
    }
    CHECK(emails.size() == 200);
}

TEST_CASE("people: nothing contradicts between the CRMs, and each fills gaps of the other") {
    const Population people = make_population(1, "dev");
    std::map<std::string, Draft> hubspot;
    for (const Newcomer& newcomer : people.hubspot) {
        hubspot[key_of_newcomer(newcomer)] = newcomer.draft;
    }
    int only_there = 0;
    int only_here = 0;
    int other_case = 0;
    for (const Newcomer& newcomer : people.pipedrive) {
        const auto twin = hubspot.find(key_of_newcomer(newcomer));
        if (twin == hubspot.end()) continue;
        CHECK(name_of(newcomer.draft) == name_of(twin->second));
        other_case += newcomer.draft.email != twin->second.email ? 1 : 0;
        for (const auto field :
             {&Draft::phone, &Draft::job_title, &Draft::pronouns, &Draft::company}) {
            const auto& here = newcomer.draft.*field;
            const auto& there = twin->second.*field;
            if (here && there) CHECK(*here == *there);
            only_here += here && !there ? 1 : 0;
            only_there += there && !here ? 1 : 0;
        }
    }
    CHECK(only_here > 50);
    CHECK(only_there > 50);
    CHECK(other_case > 5);
}

TEST_CASE("people: the same seed and customer give the same people, others give others") {
    const auto emails = [](const Population& people) {
        std::set<std::string> all;
        for (const Newcomer& newcomer : people.hubspot) all.insert(key_of_newcomer(newcomer));
        return all;
    };
    CHECK(emails(make_population(1, "dev")) == emails(make_population(1, "dev")));
    CHECK(emails(make_population(1, "dev")) != emails(make_population(2, "dev")));
    CHECK(emails(make_population(1, "dev")) != emails(make_population(1, "eva")));
}

TEST_CASE("people: any seed makes addresses that are valid and reach nobody") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const Population people = make_population(seed, "dev");
        for (const Newcomer& newcomer : people.pipedrive) {
            const std::string key = key_of_newcomer(newcomer);
            CAPTURE(key);
            const bool is_reserved = key.ends_with(".example") || key.ends_with("@example.com") ||
                                     key.ends_with("@example.org") || key.ends_with("@example.net");
            CHECK(is_reserved);
            CHECK(is_utf8(name_of(newcomer.draft)));
        }
    }
}

TEST_CASE("people: many scripts are among them") {
    std::string names;
    for (const Newcomer& newcomer : make_population(1, "dev").pipedrive) {
        names += name_of(newcomer.draft);
    }
    for (const char* letter : {"é", "ř", "ł", "ο", "о", "ễ", "ا", "ö", "ş"}) {
        CAPTURE(letter);
        CHECK(names.find(letter) != std::string::npos);
    }
}

}  // namespace crm::sandbox
