// Contacts by seed, for tests of laws. Texts come from a small pool that holds what hurts: quotes,
// accents, emoji, line breaks, near-equal spellings; small, so that two contacts often agree.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "shared/contact.h"

namespace crm::test {

/// How many random cases a test of a law looks at.
inline constexpr int kRandomCases = 2000;

class RandomContacts {
   public:
    explicit RandomContacts(std::uint64_t seed) : engine_(seed) {}

    /// From 0 to below `end`.
    [[nodiscard]] std::size_t below(std::size_t end);
    [[nodiscard]] std::string text();
    [[nodiscard]] std::string email();
    [[nodiscard]] std::string phone();
    [[nodiscard]] TimePoint time();
    /// Lists are normalised, as they always are in a stored contact.
    [[nodiscard]] ContactFields fields();
    /// `fields` with zero to three of its fields changed.
    [[nodiscard]] ContactFields edited(ContactFields fields);
    [[nodiscard]] Contact contact();

   private:
    void edit_one(ContactFields& fields);

    std::mt19937_64 engine_;
};

}  // namespace crm::test
