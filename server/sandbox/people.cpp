// Draws people one by one, then decides what each CRM knows of them.
#include "server/sandbox/people.h"

#include <chrono>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "server/sandbox/derived.h"
#include "server/sandbox/people_words.h"

namespace crm::sandbox {
namespace {

struct Person {
    std::string first;
    std::string second;
    std::string email;
    std::string phone;
    std::string job_title;
    std::string pronouns;
    std::string company;
};

std::string make_phone(Dice& dice, std::string_view pattern) {
    std::string phone(pattern);
    for (char& character : phone) {
        if (character == 'x') character = static_cast<char>('0' + dice.below(10));
    }
    return phone;
}

std::string make_pronouns(Dice& dice, std::size_t given) {
    if (dice.hits(8)) return "they/them";
    return given < 4 ? "she/her" : "he/him";
}

// Addresses and names each belong to one person: a second "Tom Quick" is thrown away and drawn
// anew.
class PeopleMaker {
   public:
    PeopleMaker(Dice& dice, const Crowd& crowd) : dice_(dice), crowd_(crowd) {}

    Person make() {
        for (;;) {
            Person person = draw();
            const bool is_new = names_.insert(person.first + " " + person.second).second;
            if (!is_new && !crowd_.can_share_names) continue;
            emails_.insert(person.email);
            return person;
        }
    }

   private:
    Person draw() {
        const Region& region = pick(regions());
        const std::size_t first_index = dice_.below(region.first.size());
        const std::size_t second_index = dice_.below(region.second.size());
        const Word& first = region.first[first_index];
        const Word& second = region.second[second_index];
        Person person{.first = std::string(first.text), .second = std::string(second.text)};
        std::string domain;
        if (dice_.hits(75)) {
            const Company& company = pick(companies());
            person.company = company.name;
            domain = company.domain;
        } else {
            domain = pick(plain_domains());
        }
        person.email = make_email(first.plain, second.plain, domain);
        person.phone = make_phone(dice_, region.phone);
        person.job_title = pick(job_titles());
        person.pronouns = make_pronouns(
            dice_, region.order == NameOrder::GivenFirst ? first_index : second_index);
        return person;
    }

    template <class T>
    const T& pick(std::span<const T> words) {
        return words[dice_.below(words.size())];
    }

    std::string make_email(std::string_view first,
                           std::string_view second,
                           const std::string& domain) {
        const std::string local = std::string(first) + "." + std::string(second);
        std::string email = local + "@" + domain;
        for (int number = 2; emails_.contains(email); ++number) {
            email = local + std::to_string(number) + "@" + domain;
        }
        return email;
    }

    Dice& dice_;
    const Crowd& crowd_;
    std::set<std::string> names_;
    std::set<std::string> emails_;
};

// "Ann.Lee@x.example": as somebody types it who likes capitals.
std::string with_capitals(std::string email) {
    bool is_start = true;
    for (char& character : email) {
        if (character == '@') break;
        if (is_start && character >= 'a' && character <= 'z') {
            character = static_cast<char>(character - 'a' + 'A');
        }
        is_start = character == '.' || character == '-';
    }
    return email;
}

// Which of two sides knows a field that belongs to the person.
enum class Knows { Both, HubSpot, Pipedrive, Nobody };

Knows draw_who_knows(Dice& dice) {
    const std::size_t throw_of_100 = dice.below(100);
    if (throw_of_100 < 30) return Knows::Both;
    if (throw_of_100 < 60) return Knows::HubSpot;
    if (throw_of_100 < 90) return Knows::Pipedrive;
    return Knows::Nobody;
}

struct Pair {
    Draft hubspot;
    Draft pipedrive;
};

void share(std::optional<std::string> Draft::*field,
           const std::string& value,
           Knows knows,
           Pair& pair) {
    if (value.empty()) return;
    if (knows == Knows::Both || knows == Knows::HubSpot) pair.hubspot.*field = value;
    if (knows == Knows::Both || knows == Knows::Pipedrive) pair.pipedrive.*field = value;
}

Pair describe(Dice& dice, const Person& person, const Crowd& crowd) {
    Pair pair;
    // HubSpot asks for two names where Pipedrive has one line; joined they read the same.
    pair.hubspot.first_name = person.first;
    pair.hubspot.last_name = person.second;
    pair.pipedrive.name = join_name(person.first, person.second);
    pair.hubspot.email = person.email;
    pair.pipedrive.email = dice.hits(15) ? with_capitals(person.email) : person.email;
    if (crowd.does_agree) pair.pipedrive.email = person.email;
    const auto draw_knows = [&crowd](Dice& from) {
        return crowd.does_agree ? Knows::Both : draw_who_knows(from);
    };
    share(&Draft::phone, person.phone, draw_knows(dice), pair);
    share(&Draft::job_title, person.job_title, draw_knows(dice), pair);
    share(&Draft::pronouns, person.pronouns, draw_knows(dice), pair);
    share(&Draft::company, person.company, draw_knows(dice), pair);
    return pair;
}

// Some time in 2024, changed within a year after. Whole seconds suit both CRMs.
Newcomer make_newcomer(Dice& dice, Draft draft) {
    constexpr TimePoint kFirst = std::chrono::sys_days(std::chrono::year(2024) / 1 / 8);
    constexpr std::size_t kYear = 365 * 24 * 3600;
    const auto later = [&dice](TimePoint time) {
        return time + std::chrono::seconds(dice.below(kYear));
    };
    Newcomer newcomer{.draft = std::move(draft), .created_at = later(kFirst)};
    newcomer.updated_at = dice.hits(60) ? later(newcomer.created_at) : newcomer.created_at;
    return newcomer;
}

}  // namespace

Population make_population(std::uint64_t seed, std::string_view customer, const Crowd& crowd) {
    Dice dice(hash_text(std::to_string(seed) + "|" + std::string(customer)));
    PeopleMaker maker(dice, crowd);
    Population population;
    for (std::size_t i = 0; i < crowd.people; ++i) {
        Pair pair = describe(dice, maker.make(), crowd);
        if (i < crowd.shared + crowd.hubspot_only) {
            population.hubspot.push_back(make_newcomer(dice, std::move(pair.hubspot)));
        }
        if (i < crowd.shared || i >= crowd.shared + crowd.hubspot_only) {
            population.pipedrive.push_back(make_newcomer(dice, std::move(pair.pipedrive)));
        }
    }
    // Pipedrive got its people in another order.
    for (std::size_t i = population.pipedrive.size(); i > 1; --i) {
        std::swap(population.pipedrive[i - 1], population.pipedrive[dice.below(i)]);
    }
    return population;
}

}  // namespace crm::sandbox
