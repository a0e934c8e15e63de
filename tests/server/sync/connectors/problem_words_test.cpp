#include "server/sync/connectors/problem_words.h"

#include <doctest/doctest.h>

namespace crm::sync {

TEST_CASE("problem words: the system is named, and a write says what became of it") {
    const std::string write = describe_problem(Asked::Write, "no_answer", "HubSpot");
    CHECK(write.starts_with("HubSpot gave no clear answer"));
    CHECK(write.find("not sent again") != std::string::npos);
    CHECK(describe_problem(Asked::Listing, "no_answer", "HubSpot") != write);
    CHECK(describe_problem(Asked::Write, "rate_limited", "A 100% CRM").starts_with("A 100% CRM"));
}

}  // namespace crm::sync
