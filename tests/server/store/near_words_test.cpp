#include "server/store/near_words.h"

#include <doctest/doctest.h>

namespace crm::store {

TEST_CASE("near words: what is near, and how near") {
    const auto distance = [](const char* word, const char* term) {
        return NearWord(word).distance_to(term);
    };
    CHECK(distance("muller", "muller") == 0);
    CHECK(distance("ull", "muller") == 0);
    CHECK(distance("mulller", "muller") == 1);  // too much
    CHECK(distance("mullr", "muller") == 1);    // missing
    CHECK(distance("mulper", "muller") == 1);   // wrong
    CHECK(distance("mlulerr", "muller") == std::nullopt);
    CHECK(distance("mluler", "muller") == 1);  // swapped with its neighbour
    CHECK(distance("umller", "muller") == 1);  // swapped
    CHECK(distance("malle", "mullers") == 1);  // and goes on
    CHECK(distance("jhon", "john") == 1);
    CHECK(distance("jon", "jan") == std::nullopt);  // too short to guess
    CHECK(distance("john", "johanna") == std::nullopt);
    CHECK(distance("schmidtt", "schmit") == 2);
    CHECK(distance("wolfsburg", "wolvesburg") == 2);
    CHECK(distance("київи", "києва") == std::nullopt);
    CHECK(distance("київв", "київ") == 1);
    CHECK(distance("muller", "") == std::nullopt);
    CHECK(distance("", "muller") == 0);
}

}  // namespace crm::store
