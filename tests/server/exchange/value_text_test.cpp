// Lists in one cell: every list comes back; what other programs write is understood.
#include "server/exchange/value_text.h"

#include <random>

#include <doctest/doctest.h>

#include "shared/text.h"

using namespace crm;
using namespace crm::exchange;

using Values = std::vector<LabeledValue>;
using Tags = std::vector<std::string>;

TEST_CASE("values read like a person writes them") {
    CHECK(write_values_text({{"+1 (555) 010-9999", ""}, {"b@x.example", "work"}}) ==
          "+1 (555) 010-9999; b@x.example (work)");
    CHECK(write_values_text({{"020 (ext)", ""}}) == "020 \\(ext\\)");
    CHECK(read_values_text("a@x.example ::: b@x.example;c@x.example (home)\nd@x.example") ==
          Values{{"a@x.example", ""},
                 {"b@x.example", ""},
                 {"c@x.example", "home"},
                 {"d@x.example", ""}});
    CHECK(read_values_text(" ; ") == Values{});
    CHECK(read_values_text("(020)") == Values{{"(020)", ""}});
}

TEST_CASE("tags are cut at semicolons, commas and Google's colons") {
    CHECK(read_tags_text("vip, lead;new ::: * myContacts") ==
          Tags{"vip", "lead", "new", "* myContacts"});
    CHECK(write_tags_text({"a;b", "VIP"}) == "a\\;b; VIP");
}

TEST_CASE("every list comes back as it went") {
    std::mt19937_64 engine(5);
    const auto word = [&] {
        static constexpr std::string_view kLetters = "ab \\;,():x";
        std::string text = "a";
        for (std::size_t count = engine() % 7; count > 0; --count) {
            text += kLetters[engine() % kLetters.size()];
        }
        return trim(text);
    };
    for (int round = 0; round < 20'000; ++round) {
        Values values(engine() % 4);
        for (LabeledValue& value : values) value = {word(), engine() % 2 == 0 ? word() : ""};
        CAPTURE(write_values_text(values));
        CHECK(read_values_text(write_values_text(values)) == values);
        Tags tags(engine() % 4);
        for (std::string& tag : tags) tag = word();
        CAPTURE(write_tags_text(tags));
        CHECK(read_tags_text(write_tags_text(tags)) == tags);
    }
}
