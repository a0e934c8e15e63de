// Who may be one person, and why: the same e-mail, the same phone, or nearly the same name at the
// same company. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "shared/api_duplicates.h"
#include "shared/contact.h"

namespace crm {

/// A contact by what it is compared by.
struct Person {
    std::vector<std::string> emails;  // keys, the further ones, too; sorted
    std::vector<std::string> phones;  // E.164, or the digits of what has no country code; sorted
    std::string company;              // folded
    std::string name;                 // folded words, sorted, umlauts as one letter
    std::string shown_company;
};

[[nodiscard]] Person person_of(const ContactFields& fields);

/// The strongest first; empty: nothing says that they are one.
[[nodiscard]] std::vector<api::DuplicateReason> compare(const Person& left, const Person& right);

[[nodiscard]] int score_of(const std::vector<api::DuplicateReason>& reasons);

/// Indexes of pairs that compare() finds reasons for, the smaller one first, sorted. What more than
/// kDuplicateGroupMax share pairs each of them with the first only: a switchboard's number is no
/// evidence for each pair of a thousand people. Time and memory grow with their number, not with
/// its square.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> find_pairs(
    const std::vector<Person>& people);

}  // namespace crm
