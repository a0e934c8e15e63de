// What is built from chance has the promised form.
#include "server/random.h"

#include <set>

#include <doctest/doctest.h>

#include "tests/support/seeded_random.h"

using namespace crm;

TEST_CASE("a UUID is version 4, and no two are alike") {
    SystemRandom random;
    std::set<std::string> seen;
    for (int round = 0; round < 1000; ++round) {
        const std::string id = make_uuid(random);
        REQUIRE(id.size() == 36);
        CHECK(id[8] == '-');
        CHECK(id[13] == '-');
        CHECK(id[14] == '4');
        CHECK(std::string("89ab").find(id[19]) != std::string::npos);
        CHECK(id.find_first_not_of("0123456789abcdef-") == std::string::npos);
        CHECK(seen.insert(id).second);
    }
}

TEST_CASE("a bounded number stays below its bound and reaches every value") {
    test::SeededRandom random(7);
    for (const std::uint64_t bound : {1U, 2U, 3U, 10U}) {
        std::set<std::uint64_t> seen;
        for (int round = 0; round < 500; ++round) {
            const std::uint64_t number = random_below(random, bound);
            REQUIRE(number < bound);
            seen.insert(number);
        }
        CHECK(seen.size() == bound);
    }
}
