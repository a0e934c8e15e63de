// The same stories, told to the proof of concept that came before and to this engine: what goes
// wrong, in numbers.
//
// CRM_CONTEST_SEEDS says how many stories, CRM_CONTEST_FIRST the first seed.
#include <cstdlib>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/server/sync/predecessor/contest.h"

namespace crm::test {
namespace {

constexpr int kSeeds = 40;

int number_from(const char* name, int fallback) {
    const char* text = std::getenv(name);
    const int number = text == nullptr ? 0 : std::atoi(text);
    return number > 0 ? number : fallback;
}

/// Sums over all stories.
struct Score {
    std::string engine;
    int seeds = 0;
    int violated = 0;
    Wrongs sum;

    void add(const Wrongs& wrongs) {
        ++seeds;
        if (wrongs.is_violated()) ++violated;
        sum.ghosts_in_app += wrongs.ghosts_in_app;
        sum.ghosts_in_systems += wrongs.ghosts_in_systems;
        sum.duplicates += wrongs.duplicates;
        sum.lost_edits += wrongs.lost_edits;
        sum.diverged += wrongs.diverged;
        sum.steady_writes += wrongs.steady_writes;
    }
    [[nodiscard]] std::string line() const {
        std::ostringstream out;
        out << "| " << engine << " | " << seeds << " | " << violated << " | " << sum.ghosts_in_app
            << " / " << sum.ghosts_in_systems << " | " << sum.duplicates << " | " << sum.lost_edits
            << " | " << sum.diverged << " | " << sum.steady_writes << " |";
        return out.str();
    }
};

}  // namespace

TEST_CASE("predecessor: what it got wrong in the same stories, this engine does not") {
    const int first = number_from("CRM_CONTEST_FIRST", 1);
    const int count = number_from("CRM_CONTEST_SEEDS", kSeeds);
    Score before{.engine = "predecessor"};
    Score filtered{.engine = "predecessor + the two filters"};
    Score ours{.engine = "this engine"};
    for (int i = first; i < first + count; ++i) {
        CAPTURE(i);
        const auto seed = static_cast<std::uint64_t>(i);
        const Story story = make_story(seed);
        before.add(tell_story(story, *make_predecessor(seed, DeletedFilter::Missing)));
        filtered.add(tell_story(story, *make_predecessor(seed, DeletedFilter::Added)));
        const Wrongs wrongs = tell_story(story, *make_engine(seed, story.weather));
        CHECK(wrongs.ghosts_in_app == 0);
        CHECK(wrongs.ghosts_in_systems == 0);
        CHECK(wrongs.duplicates == 0);
        CHECK(wrongs.lost_edits == 0);
        CHECK(wrongs.diverged == 0);
        CHECK(wrongs.steady_writes == 0);
        ours.add(wrongs);
    }
    MESSAGE(
        "\n| engine | seeds | violated | ghosts app / CRM | dup | lost edits | diverged | steady "
        "writes |\n|---|---|---|---|---|---|---|---|\n"
        << before.line() << "\n"
        << filtered.line() << "\n"
        << ours.line());
    CHECK(before.violated == before.seeds);
    CHECK(before.sum.ghosts_in_systems > filtered.sum.ghosts_in_systems);
    CHECK(filtered.violated > 0);
}

}  // namespace crm::test
