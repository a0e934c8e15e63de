// The words that people.cpp makes its people from: invented combinations of common given and family
// names in several scripts, made-up companies, and phone numbers from ranges that reach nobody or
// that are shaped like them.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace crm::sandbox {

/// A name as it is written, and the plain letters it has in an address.
struct Word {
    std::string_view text;
    std::string_view plain;
};

enum class NameOrder { GivenFirst, FamilyFirst };

/// Names that go together, in the order in which they are written. Of the given ones the first four
/// go with "she/her", the others with "he/him".
struct Region {
    std::array<Word, 8> first;
    std::array<Word, 8> second;
    std::string_view phone;  // every 'x' becomes a digit
    NameOrder order = NameOrder::GivenFirst;
};

struct Company {
    std::string_view name;
    std::string_view domain;
};

[[nodiscard]] std::span<const Region> regions();
[[nodiscard]] std::span<const Company> companies();
[[nodiscard]] std::span<const std::string_view> job_titles();
[[nodiscard]] std::span<const std::string_view> plain_domains();  // of people without a company

}  // namespace crm::sandbox
