#include "server/sandbox/scenarios.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "server/sandbox/derived.h"
#include "shared/text.h"
#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox {
namespace {

std::string text_of(const Newcomer& newcomer) {
    const Draft& draft = newcomer.draft;
    std::string text;
    for (const auto* field : {&draft.name,
                              &draft.first_name,
                              &draft.last_name,
                              &draft.email,
                              &draft.phone,
                              &draft.job_title,
                              &draft.pronouns,
                              &draft.company}) {
        text += field->value_or("-") + "|";
    }
    return text + std::to_string(newcomer.created_at.time_since_epoch().count()) + "|" +
           std::to_string(newcomer.updated_at.time_since_epoch().count()) + "\n";
}

std::uint64_t digest(const Population& population) {
    std::string all;
    for (const Newcomer& each : population.hubspot) all += text_of(each);
    all += "--\n";
    for (const Newcomer& each : population.pipedrive) all += text_of(each);
    return hash_text(all);
}

Population make(std::string_view name, std::uint64_t seed = 1) {
    const auto scenario = find_scenario(name);
    REQUIRE(scenario.has_value());
    return make_scenario(*scenario, seed, "dev");
}

std::map<std::string, int> emails(const std::vector<Newcomer>& people) {
    std::map<std::string, int> count;
    for (const Newcomer& each : people) ++count[fold(each.draft.email.value_or(""))];
    return count;
}

}  // namespace

TEST_CASE("scenarios: the same seed gives the same people, for ever") {
    // A digest that changes means that everybody's practice data changes with the next version.
    const std::pair<const char*, std::uint64_t> digests[] = {
        {"clean", 3841290465002328602ULL},
        {"overlapping", 11498796919188649529ULL},
        {"duplicates", 13454316523343916182ULL},
        {"10k", 7382039892361837265ULL},
        {"hostile names", 16656295277248048185ULL}};
    for (const auto& each : digests) {
        const char* const name = each.first;
        CAPTURE(name);
        CHECK(digest(make(name)) == each.second);
        CHECK(digest(make(name, 2)) != each.second);
    }
}

TEST_CASE("scenarios: every name is known, and no other") {
    CHECK(find_scenario("hostile-names") == Scenario::HostileNames);
    CHECK_FALSE(find_scenario("messy").has_value());
    CHECK(scenario_names().find("100k") != std::string::npos);
}

TEST_CASE("scenarios: clean means that both CRMs say the same of everybody") {
    const Population clean = make("clean");
    REQUIRE(clean.hubspot.size() == 200);
    REQUIRE(clean.pipedrive.size() == 200);
    std::map<std::string, const Draft*> there;
    for (const Newcomer& each : clean.pipedrive) there[*each.draft.email] = &each.draft;
    for (const Newcomer& each : clean.hubspot) {
        REQUIRE(there.contains(*each.draft.email));
        const Draft& other = *there.at(*each.draft.email);
        CHECK(each.draft.phone == other.phone);
        CHECK(each.draft.job_title == other.job_title);
        CHECK(each.draft.pronouns == other.pronouns);
        CHECK(each.draft.company == other.company);
    }
}

TEST_CASE("scenarios: duplicates share an e-mail in Pipedrive, and a name in HubSpot") {
    const Population population = make("duplicates");
    int repeated = 0;
    for (const auto& [email, count] : emails(population.pipedrive)) {
        repeated += !email.empty() && count > 1 ? 1 : 0;
    }
    CHECK(repeated >= 15);
    for (const auto& [email, count] : emails(population.hubspot)) {
        CHECK((email.empty() || count == 1));
    }
    std::map<std::string, int> names;
    for (const Newcomer& each : population.hubspot) {
        ++names[*each.draft.first_name + " " + *each.draft.last_name];
    }
    const auto is_twice = [](const auto& entry) { return entry.second > 1; };
    CHECK(std::count_if(names.begin(), names.end(), is_twice) >= 20);
}

TEST_CASE("scenarios: ten thousand people have ten thousand addresses") {
    const Population population = make("10k");
    CHECK(population.hubspot.size() == 8'000);
    CHECK(population.pipedrive.size() == 8'000);
    CHECK(emails(population.hubspot).size() == 8'000);
    CHECK(emails(population.pipedrive).size() == 8'000);
}

TEST_CASE("scenarios: both CRMs take everybody, whatever the name") {
    for (const char* name : {"clean", "duplicates", "hostile names"}) {
        CAPTURE(name);
        const Population expected = make_scenario(*find_scenario(name), 1, "ann");
        const test::World world(name);
        CHECK(world.list_all("hubspot").size() == expected.hubspot.size());
        CHECK(world.list_all("pipedrive").size() == expected.pipedrive.size());
    }
}

TEST_CASE("scenarios: hostile names stay text on the pages") {
    const test::World world("hostile names");
    std::size_t seen = 0;
    for (int page = 1; page <= 7; ++page) {
        for (const std::string system : {"hubspot", "pipedrive"}) {
            const test::Reply reply =
                world.send({.path = "/" + system + "/app?page=" + std::to_string(page)});
            CHECK(reply.status == 200);
            CHECK(reply.body.find("<script") == std::string::npos);
            CHECK(reply.body.find("<img") == std::string::npos);
            CHECK(reply.body.find("<b>") == std::string::npos);
            seen += reply.body.find("&lt;script&gt;") != std::string::npos ? 1U : 0U;
        }
    }
    CHECK(seen > 0);
}

TEST_CASE("scenarios: a name that is not known stops the start, and says what there is") {
    const test::World world;
    const crm::test::FakeClock clock;
    const auto started =
        Sandbox::start({.database = world.folder() / "other.db", .scenario = "messy"}, clock);
    REQUIRE_FALSE(started.is_ok());
    CHECK(started.error().code == ErrorCode::InvalidArgument);
    CHECK(started.error().message.find("hostile names") != std::string::npos);
}

}  // namespace crm::sandbox
