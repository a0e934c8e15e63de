#include "server/phone_key.h"

#include <doctest/doctest.h>

namespace crm {
namespace {

std::string key(std::string_view text, const std::string& region = {}) {
    return phone_key(text, region).value_or("none");
}

TEST_CASE("phone: however it is written, one number has one key") {
    for (const char* text : {"+44 20 7946 0958",
                             "+44 (0)20 7946 0958",
                             "0044 20 7946 0958",
                             " +44-20-7946-0958 ",
                             "tel:+44-20-7946-0958",
                             "+44\u00a020\u00a07946\u00a00958",
                             "\uff0b44 20 7946 0958"}) {
        CAPTURE(text);
        CHECK(key(text) == "+442079460958");
        CHECK(phone_tail(text) == phone_tail("+442079460958"));
    }
    CHECK(key("+1 (555) 123-4567") == "+15551234567");
    CHECK(key("+49 30 901820") == "+4930901820");
}

TEST_CASE("phone: without a country code it counts only where the country is known") {
    CHECK(key("020 7946 0958") == "none");
    CHECK(key("020 7946 0958", "GB") == "+442079460958");
    CHECK(key("(212) 555-0100", "US") == "+12125550100");
    CHECK(key("15551234567") == "none");
    CHECK(key("+49 30 901820", "GB") == "+4930901820");
    // How one dials abroad is the country's.
    CHECK(key("00 49 30 901820", "DE") == "+4930901820");
    CHECK(key("011 49 30 901820", "US") == "+4930901820");
}

TEST_CASE("phone: what is no whole number has no key") {
    for (const char* text : {"",
                             "+",
                             "123",
                             "(No phone)",
                             "+999 123456",
                             "+1 555 0100",
                             "+44 20 7946 0958 ext. 5",
                             "+44 20 7946 0958 x5",
                             "+1 800 FLOWERS",
                             "+44 20 7946 0958 20 7946 0958",
                             "ada@example.org"}) {
        CAPTURE(text);
        CHECK(key(text) == "none");
    }
    CHECK(key("+44 20 7946 0958" + std::string(1000, ' ') + "1") == "none");
}

TEST_CASE("phone: regions are countries in capitals") {
    CHECK(is_phone_region("GB"));
    CHECK(is_phone_region("DE"));
    for (const char* region : {"", "gb", "ZZ", "001", "Germany"})
        CHECK_FALSE(is_phone_region(region));
}

}  // namespace
}  // namespace crm
