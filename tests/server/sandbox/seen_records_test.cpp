#include "server/sandbox/seen_records.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/sandbox/derived.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/sandbox_store.h"

namespace crm::sandbox {
namespace {

using std::chrono::milliseconds;
constexpr TimePoint kStart{std::chrono::hours(1000)};

Record record(std::int64_t id, std::string name) {
    return {.id = id, .name = std::move(name)};
}

Change change(std::int64_t id, std::optional<Record> before, int at) {
    return {System::HubSpot, id, std::move(before), kStart + milliseconds(at)};
}

std::string names(const std::vector<Record>& records) {
    std::string text;
    for (const Record& each : records) text += each.name + " ";
    return text;
}

}  // namespace

TEST_CASE("seen records: a reading shows what was there before changes it does not know") {
    const std::vector<Change> changes = {change(1, record(1, "Ann"), 10),
                                         change(1, record(1, "Anna"), 20),
                                         change(2, std::nullopt, 30)};
    const auto name_of_1 = [&](int now, int age) {
        const OldRecords old =
            old_records(changes, {.now = kStart + milliseconds(now), .age = milliseconds(age)});
        return old.contains(1) ? old.at(1)->name : "as it is";
    };
    CHECK(name_of_1(30, 25) == "Ann");
    CHECK(name_of_1(30, 15) == "Anna");
    CHECK(name_of_1(30, 10) == "as it is");
    const OldRecords old =
        old_records(changes, {.now = kStart + milliseconds(30), .age = milliseconds(5)});
    REQUIRE(old.contains(2));
    CHECK_FALSE(old.at(2).has_value());  // it was not there
}

TEST_CASE("seen records: with a spread, some changes show before others, the same each time") {
    std::vector<Change> changes;
    for (std::int64_t id = 1; id <= 100; ++id) changes.push_back(change(id, std::nullopt, 0));
    const View view{.now = kStart + milliseconds(500), .age = milliseconds(1000), .spread = 7};
    const OldRecords old = old_records(changes, view);
    CHECK(old.size() > 25);
    CHECK(old.size() < 75);
    CHECK(old_records(changes, view) == old);
    View later = view;
    later.now = kStart + milliseconds(1000);
    CHECK(old_records(changes, later).empty());
}

TEST_CASE("seen records: a page of then is what a whole listing of then would show") {
    // Against the plain way: build all records of then, filter, sort, cut.
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        std::vector<Record> now;
        OldRecords old;
        std::vector<Record> then;
        for (std::int64_t id = 1; id <= 20; ++id) {
            const bool is_here = dice.hits(70);
            const bool has_changed = dice.hits(40);
            const Record here = record(id, "n" + std::to_string(id));
            const Record before = record(id, "o" + std::to_string(id));
            if (is_here) now.push_back(here);
            if (!has_changed) {
                if (is_here) then.push_back(here);
                continue;
            }
            old[id] = dice.hits(60) ? std::optional(before) : std::nullopt;
            if (old[id]) then.push_back(before);
        }
        const RecordQuery query{.from_id = static_cast<std::int64_t>(dice.below(8)),
                                .offset = dice.below(6),
                                .limit = 1 + dice.below(8)};
        std::erase_if(then, [&](const Record& each) { return each.id < query.from_id; });
        std::erase_if(now, [&](const Record& each) { return each.id < query.from_id; });
        now.resize(std::min(now.size(), query.offset + query.limit + old.size()));
        std::vector<Record> expected(
            then.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, then.size())),
            then.end());
        if (expected.size() > query.limit) expected.resize(query.limit);
        CHECK(names(as_seen(now, old, query)) == names(expected));
    }
}

TEST_CASE("seen records: a query looks at what the record was") {
    Record ann = record(1, "Ann Lee");
    ann.emails = {{.value = "Ann@X.example"}};
    CHECK(is_wanted(ann, {.email = "ann@x.EXAMPLE"}));
    CHECK(is_wanted(ann, {.text = "lee"}));
    CHECK_FALSE(is_wanted(ann, {.text = "bob"}));
    CHECK_FALSE(is_wanted(ann, {.shown = Shown::Deleted}));
    CHECK_FALSE(is_wanted(ann, {.from_id = 2}));
    ann.deleted_at = kStart;
    CHECK_FALSE(is_wanted(ann, {}));
    CHECK(is_wanted(ann, {.shown = Shown::Deleted}));
}

TEST_CASE("journal: changes are forgotten by age") {
    Journal journal;
    const CustomerId ann("ann");
    journal.add(ann, {change(1, std::nullopt, 0)});
    CHECK(journal.since(ann, System::HubSpot, kStart - milliseconds(1)).size() == 1);
    CHECK(journal.since(ann, System::HubSpot, kStart).empty());
    CHECK(journal.since(ann, System::Pipedrive, kStart - milliseconds(1)).empty());
    CHECK(journal.since(CustomerId("bob"), System::HubSpot, kStart - milliseconds(1)).empty());
    journal.add(ann, {change(2, std::nullopt, static_cast<int>(kSandboxAgeMax.count()) + 1)});
    CHECK(journal.since(ann, System::HubSpot, kStart - milliseconds(1)).size() == 1);
}

}  // namespace crm::sandbox
