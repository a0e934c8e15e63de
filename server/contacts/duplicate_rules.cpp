// Names are found by what is left of them without one letter: two names that one letter, or two
// swapped ones, keep apart have such a rest in common.
#include "server/contacts/duplicate_rules.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>

#include "server/limits.h"
#include "server/phone_key.h"
#include "shared/contact_query.h"
#include "shared/text.h"
#include "shared/utf8.h"

namespace crm {
namespace {

constexpr std::size_t kPhoneDigitsMin = 7;
constexpr std::size_t kSimilarBytesMin = 5;
constexpr int kEmailScore = 6;
constexpr int kPhoneScore = 3;
constexpr int kNameScore = 2;

void sort_out(std::vector<std::string>& keys) {
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

void add_email(std::vector<std::string>& keys, const std::string& email) {
    if (auto key = email_key(email)) keys.push_back(std::move(*key));
}

void add_phone(std::vector<std::string>& keys, const std::string& phone) {
    if (phone.empty()) return;
    if (auto key = phone_key(phone, "")) {
        keys.push_back(std::move(*key));
        return;
    }
    std::string digits = digits_of(phone);
    if (digits.size() >= kPhoneDigitsMin) keys.push_back(std::move(digits));
}

/// "mueller" and "muller" alike.
std::string without_umlauts(const std::string& folded) {
    std::string plain;
    for (const char letter : folded) {
        const bool is_second = letter == 'e' && !plain.empty() &&
                               std::string_view("aou").find(plain.back()) != std::string_view::npos;
        if (!is_second) plain += letter;
    }
    return plain;
}

std::string name_key(const std::string& name) {
    std::vector<std::string> words = search_words(name);
    std::sort(words.begin(), words.end());
    std::string key;
    for (const std::string& word : words) key += (key.empty() ? "" : " ") + without_umlauts(word);
    return key;
}

/// One byte too much, missing, wrong, or two neighbours swapped.
bool is_within_one(std::string_view left, std::string_view right) {
    if (left.size() > right.size()) std::swap(left, right);
    if (right.size() - left.size() > 1) return false;
    std::size_t same = 0;
    while (same < left.size() && left[same] == right[same]) ++same;
    const std::string_view rest_left = left.substr(same);
    const std::string_view rest_right = right.substr(same);
    if (rest_left.size() < rest_right.size()) return rest_left == rest_right.substr(1);
    if (rest_left.size() <= 1) return true;
    const bool is_wrong = rest_left.substr(1) == rest_right.substr(1);
    const bool is_swapped = rest_left[0] == rest_right[1] && rest_left[1] == rest_right[0] &&
                            rest_left.substr(2) == rest_right.substr(2);
    return is_wrong || is_swapped;
}

bool is_similar(const std::string& left, const std::string& right) {
    if (left.empty() || right.empty()) return false;
    if (left == right) return true;
    return std::min(left.size(), right.size()) >= kSimilarBytesMin && is_within_one(left, right);
}

const std::string* find_common(const std::vector<std::string>& left,
                               const std::vector<std::string>& right) {
    for (const std::string& key : left) {
        if (std::binary_search(right.begin(), right.end(), key)) return &key;
    }
    return nullptr;
}

struct Sighting {
    std::uint64_t key = 0;
    std::size_t person = 0;

    bool operator<(const Sighting& other) const {
        return std::pair(key, person) < std::pair(other.key, other.person);
    }
    bool operator==(const Sighting&) const = default;
};

/// Equal keys may be another's by chance: compare() has the last word.
void add_sightings(std::vector<Sighting>& sightings, const Person& person, std::size_t index) {
    const auto add = [&](char kind, const std::string& key) {
        sightings.push_back({std::hash<std::string>()(kind + key), index});
    };
    for (const std::string& email : person.emails) add('e', email);
    for (const std::string& phone : person.phones) add('p', phone);
    if (person.company.empty() || person.name.empty()) return;
    const std::string place = person.company + '\n';
    add('n', place + person.name);
    if (person.name.size() < kSimilarBytesMin) return;
    for (std::size_t letter = 0; letter < person.name.size(); ++letter) {
        std::string rest = person.name;
        rest.erase(letter, 1);
        add('n', place + rest);
    }
}

}  // namespace

Person person_of(const ContactFields& fields) {
    Person person;
    add_email(person.emails, fields.email);
    for (const LabeledValue& entry : fields.more_emails) add_email(person.emails, entry.value);
    add_phone(person.phones, fields.phone);
    for (const LabeledValue& entry : fields.more_phones) add_phone(person.phones, entry.value);
    sort_out(person.emails);
    sort_out(person.phones);
    person.company = fold(trim(fields.company));
    person.name = name_key(fields.name);
    person.shown_company = trim(fields.company);
    return person;
}

std::vector<api::DuplicateReason> compare(const Person& left, const Person& right) {
    std::vector<api::DuplicateReason> reasons;
    if (const std::string* email = find_common(left.emails, right.emails)) {
        reasons.push_back({"same_email", "Same e-mail: " + *email});
    }
    if (const std::string* phone = find_common(left.phones, right.phones)) {
        reasons.push_back({"same_phone", "Same phone: " + *phone});
    }
    const bool is_same_place = !left.company.empty() && left.company == right.company;
    if (is_same_place && is_similar(left.name, right.name)) {
        reasons.push_back({"similar_name",
                           (left.name == right.name ? "Same name at " : "Similar name at ") +
                               left.shown_company});
    }
    return reasons;
}

int score_of(const std::vector<api::DuplicateReason>& reasons) {
    int score = 0;
    for (const api::DuplicateReason& reason : reasons) {
        if (reason.code == "same_email") score += kEmailScore;
        if (reason.code == "same_phone") score += kPhoneScore;
        if (reason.code == "similar_name") score += kNameScore;
    }
    return score;
}

std::vector<std::pair<std::size_t, std::size_t>> find_pairs(const std::vector<Person>& people) {
    std::vector<Sighting> sightings;
    for (std::size_t index = 0; index < people.size(); ++index) {
        add_sightings(sightings, people[index], index);
    }
    std::sort(sightings.begin(), sightings.end());
    sightings.erase(std::unique(sightings.begin(), sightings.end()), sightings.end());
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (auto begin = sightings.begin(); begin != sightings.end();) {
        const auto end = std::find_if(
            begin, sightings.end(), [&](const Sighting& one) { return one.key != begin->key; });
        const bool is_large = static_cast<std::size_t>(end - begin) > kDuplicateGroupMax;
        for (auto left = begin; left != end && (left == begin || !is_large); ++left) {
            for (auto right = left + 1; right != end; ++right) {
                pairs.emplace_back(left->person, right->person);
            }
        }
        begin = end;
    }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    const auto is_unfounded = [&](const auto& pair) {
        return compare(people[pair.first], people[pair.second]).empty();
    };
    pairs.erase(std::remove_if(pairs.begin(), pairs.end(), is_unfounded), pairs.end());
    return pairs;
}

}  // namespace crm
