#include "server/sandbox/record.h"

#include <doctest/doctest.h>

namespace crm::sandbox {

TEST_CASE("record: a name is split at its first gap") {
    CHECK(split_name("Ann Lee").first == "Ann");
    CHECK(split_name("Ann Lee").rest == "Lee");
    CHECK(split_name("  Mary   Ann van der Berg ").first == "Mary");
    CHECK(split_name("  Mary   Ann van der Berg ").rest == "Ann van der Berg");
    CHECK(split_name("Cher").rest.empty());
    CHECK(split_name("   ").first.empty());
}

TEST_CASE("record: two parts are joined by one space") {
    CHECK(join_name("Ann", "Lee") == "Ann Lee");
    CHECK(join_name(" Ann ", "") == "Ann");
    CHECK(join_name("", "Lee") == "Lee");
    CHECK(join_name("", "").empty());
}

TEST_CASE("record: an id is a row of digits that fits") {
    CHECK(parse_id("734931097788") == 734931097788);
    CHECK(parse_id("999999999999999999").has_value());
    for (const char* text : {"", "-1", "+1", "1 ", "0x1", "1.0", "9999999999999999999", "１"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_id(text).has_value());
    }
}

TEST_CASE("record: the marked value is the primary one, else the first") {
    CHECK(primary_of({}).empty());
    CHECK(primary_of({{.value = "a"}, {.value = "b"}}) == "a");
    CHECK(primary_of({{.value = "a"}, {.value = "b", .is_primary = true}}) == "b");
}

TEST_CASE("record: systems go by their keys") {
    CHECK(find_system("hubspot") == System::HubSpot);
    CHECK(find_system("pipedrive") == System::Pipedrive);
    CHECK_FALSE(find_system("HubSpot").has_value());
}

}  // namespace crm::sandbox
