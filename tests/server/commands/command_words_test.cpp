// The words behind a command: what is unknown, missing or said twice is one clear sentence.
#include "server/commands/command_words.h"

#include <doctest/doctest.h>

using crm::commands::read_words;
using crm::commands::WordRules;
using crm::commands::Words;

namespace {

const WordRules kImport{"import", true, {"--format", "--key"}, {"--dry-run"}};

std::string refusal(const std::vector<std::string>& words, const WordRules& rules = kImport) {
    const auto read = read_words(words, rules);
    return read.is_ok() ? "" : read.error().message;
}

}  // namespace

TEST_CASE("a file, flags with values, and switches") {
    const auto read = read_words({"a.csv", "--format", "csv", "--key=phone", "--dry-run"}, kImport);
    REQUIRE(read.is_ok());
    const Words& words = read.value();
    CHECK(words.file == "a.csv");
    CHECK(*words.find("--format") == "csv");
    CHECK(*words.find("--key") == "phone");
    CHECK(words.find("--dry-run") != nullptr);
    CHECK(words.find("--other") == nullptr);
}

TEST_CASE("what is wrong is said in one line") {
    CHECK(refusal({}).find("Say which file: contacts-server import FILE") == 0);
    CHECK(refusal({"a", "--shoe"}).find("Unknown flag --shoe of import") == 0);
    CHECK(refusal({"a", "b"}).find("Unexpected argument b") == 0);
    CHECK(refusal({"a", "--format"}).find("The flag --format needs a value") == 0);
    CHECK(refusal({"a", "--format="}).find("The flag --format needs a value") == 0);
    CHECK(refusal({"a", "--dry-run=1"}).find("The flag --dry-run takes no value") == 0);
    CHECK(refusal({"a", "--key", "x", "--key", "y"}).find("more than once") != std::string::npos);
    CHECK(refusal({"a"}, {"purge", false, {}, {}}).find("Unexpected argument a") == 0);
    CHECK(refusal({}, {"purge", false, {}, {}}).empty());
}
