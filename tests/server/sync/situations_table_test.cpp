// The 98 known situations in which syncing HubSpot and Pipedrive goes wrong: each has a test whose
// name begins with its number, or a reason here why it cannot arise in this product.
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace crm::test {
namespace {

namespace fs = std::filesystem;

constexpr int kSituations = 98;

struct Reason {
    int number;
    const char* text;
};

constexpr std::array kReasons{
    Reason{6, "No search is ever asked: a record is known by link, marker or a complete listing."},
    Reason{8, "There is no window of time to advance: every listing is a full one."},
    Reason{9, "Listings are walked by cursor; the search with its 10,000 rows is not used."},
    Reason{10, "No walk follows time stamps, so rows with one time stamp cannot hold it up."},
    Reason{22, "lifecyclestage is none of the fields that are synced."},
    Reason{23, "No batch is ever sent: one call writes one record."},
    Reason{24, "No batch, so no partial answer to one."},
    Reason{25, "No batch, so no results in another order."},
    Reason{26, "No batch; and a contact has at most one open call in a system (S5)."},
    Reason{27, "No upsert is used: create, or update by id."},
    Reason{42,
           "Over the actions a privacy deletion looks like any other, and nothing of a deleted "
           "record is written back when its system says detach or ask."},
    Reason{61, "Integration.app serialises for the CRM; actions take and give text."},
    Reason{62, "No walk asks for what changed since a time, so ties within a second lose nothing."},
    Reason{65, "No search is asked, so no record arrives in part."},
    Reason{87, "Webhooks are not used: what a system shows is read, never told."},
    Reason{88, "Webhooks are not used, so none arrive in the wrong order."},
    Reason{89, "Webhooks are not used, so none can be lost; every run lists."},
    Reason{90, "Webhooks are not used, so no old payload can be applied."},
};

/// What is not proved here; the text says what is missing.
constexpr std::array kUnmet{
    Reason{97, "No undo of a whole run; the values before it are in each contact's history."},
};

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The numbers of all tests named "situation N: …" in the tests of this tree, with their files.
std::map<int, std::vector<std::string>> find_tests() {
    std::map<int, std::vector<std::string>> found;
    const std::string mark = std::string("\"situation") + " ";
    const fs::path tests = fs::path(CRM_SOURCE_DIR) / "tests";
    for (const auto& entry : fs::recursive_directory_iterator(tests / "server")) {
        if (entry.path().extension() != ".cpp") continue;
        const std::string text = read_file(entry.path());
        for (std::size_t at = text.find(mark); at != std::string::npos;
             at = text.find(mark, at + 1)) {
            const int number = std::atoi(text.c_str() + at + mark.size());
            if (number == 0) continue;
            found[number].push_back(fs::relative(entry.path(), tests).string());
        }
    }
    return found;
}

}  // namespace

TEST_CASE("situations: each of the 98 has one test or one reason, or is told") {
    const auto tests = find_tests();
    std::set<int> reasons;
    for (const Reason& gap : kUnmet) {
        CHECK(reasons.insert(gap.number).second);
        MESSAGE("situation " << gap.number << " is not met: " << std::string(gap.text));
    }
    for (const Reason& reason : kReasons) CHECK(reasons.insert(reason.number).second);
    for (int number = 1; number <= kSituations; ++number) {
        CAPTURE(number);
        const auto found = tests.find(number);
        const std::size_t count = found == tests.end() ? 0 : found->second.size();
        CHECK(count + reasons.count(number) == 1);
    }
    for (const auto& test : tests) {
        CAPTURE(test.first);
        CHECK((test.first >= 1 && test.first <= kSituations));
    }
    MESSAGE("situations with a test: " << tests.size() << ", with a reason: " << kReasons.size()
                                       << ", not met: " << kUnmet.size());
}

}  // namespace crm::test
