// Thousands of histories over the real engine and the real database: see live.h, oracles.h.
//
// CRM_SIM_MERGES: how many more in which people make contacts one here.
// CRM_SIM_SEEDS says how many histories of all worlds together, CRM_SIM_FIRST the first seed,
// CRM_SIM_WORLD (1 to 4) only one of the worlds; with CRM_SIM_STORY=1 each is told line by line.
// CRM_SIM_KIND: which kind of violation is made short ("lost_edit"), when there are several.
// A failure prints its seed and the shortest history that still fails. Each history lives in one
// thread, with a world and a database of its own; as many live at once as there are cores.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/server/sync/sim/live.h"
#include "tests/server/sync/sim/minimiser.h"
#include "tests/server/sync/sim/table.h"

namespace crm::test::sim {
namespace {

constexpr int kHistoriesDefault = 1000;
constexpr int kMergeHistoriesDefault = 200;
constexpr int kStoriesMax = 3;  // minimised and told in full
constexpr int kLivesMax = 400;
constexpr int kBatch = 200;  // histories whose verdicts are in memory at once

/// A number from the environment, or the default.
int setting(const char* name, int fallback) {
    const char* text = std::getenv(name);
    const int number = text == nullptr ? 0 : std::atoi(text);
    return text != nullptr && number >= 0 ? number : fallback;
}

void tell_failure(const History& history, const Verdict& verdict) {
    static int told = 0;
    for (const Violation& violation : verdict.violations) {
        MESSAGE("world " << world_name(history.world) << ", seed " << history.seed << ": "
                         << violation.kind << ", " << violation.text);
    }
    if (++told > setting("CRM_SIM_STORIES", kStoriesMax)) return;
    const char* kind = std::getenv("CRM_SIM_KIND");
    const History shortest =
        minimise(history, kind == nullptr ? verdict.violations.front().kind : kind, kLivesMax);
    MESSAGE("the shortest history:\n" << tell_story(shortest));
}

struct Lived {
    History history;
    Verdict verdict;
};

/// The histories of these seeds, lived on all cores, in the order of their seeds.
enum class Merges { Left, Added };
std::vector<Lived> live_batch(World world, int first, int end, Merges merges = Merges::Left) {
    std::vector<Lived> all(static_cast<std::size_t>(std::max(end - first, 0)));
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < all.size(); i = next++) {
            const auto seed = static_cast<std::uint64_t>(first) + i;
            all[i].history = make_history(world, seed);
            if (merges == Merges::Added) all[i].history = add_merges(all[i].history);
            all[i].verdict = live(all[i].history);
        }
    };
    std::vector<std::future<void>> workers;
    for (unsigned i = 0; i < std::max(std::thread::hardware_concurrency(), 1U); ++i)
        workers.push_back(std::async(std::launch::async, work));
    for (std::future<void>& worker : workers) worker.get();
    return all;
}

void judge(const Lived& lived) {
    const std::uint64_t seed = lived.history.seed;
    CAPTURE(seed);
    if (setting("CRM_SIM_STORY", 0) > 0) MESSAGE(tell_story(lived.history));
    CHECK(lived.verdict.violations.empty());
    if (!lived.verdict.violations.empty()) tell_failure(lived.history, lived.verdict);
}

TEST_CASE("simulation: whatever people and systems do, everything agrees in the end") {
    const int first = setting("CRM_SIM_FIRST", 1);
    const int only = setting("CRM_SIM_WORLD", 0);
    const int worlds = only > 0 ? 1 : static_cast<int>(kWorlds.size());
    const int count = (setting("CRM_SIM_SEEDS", kHistoriesDefault) + worlds - 1) / worlds;
    Table table;
    for (const World world : kWorlds) {
        if (only > 0 && kWorlds.at(static_cast<std::size_t>(only) - 1) != world) continue;
        for (int begin = first; begin < first + count; begin += kBatch) {
            const int end = std::min(begin + kBatch, first + count);
            for (const Lived& lived : live_batch(world, begin, end)) {
                table.add(world, lived.verdict);
                judge(lived);
            }
        }
    }
    std::fputs(table.text().c_str(), stdout);
}

TEST_CASE("simulation: nor do merges here, and taking them back") {
    const int first = setting("CRM_SIM_FIRST", 1);
    const int count =
        setting("CRM_SIM_MERGES", kMergeHistoriesDefault) / static_cast<int>(kWorlds.size());
    for (const World world : kWorlds) {
        for (int begin = first; begin < first + count; begin += kBatch) {
            const int end = std::min(begin + kBatch, first + count);
            for (const Lived& lived : live_batch(world, begin, end, Merges::Added)) judge(lived);
        }
    }
}

TEST_CASE("simulation: the same seed tells the same story") {
    for (const World world : kWorlds) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const History history = make_history(world, seed);
            CHECK(live(history).hash == live(history).hash);
        }
    }
}

}  // namespace
}  // namespace crm::test::sim
