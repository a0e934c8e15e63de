// One history of what people do in three places, told to an engine in a hard weather, and what is
// wrong when everybody rests.
#pragma once

#include "tests/server/sync/predecessor/contestant.h"

namespace crm::test {

struct Happening {
    enum class What { CreateHere, CreateThere, EditHere, EditThere, DeleteHere, DeleteThere };
    What what = What::CreateHere;
    std::chrono::milliseconds at{0};
    int person = 0;
    std::size_t system = 0;  // of what happens there
    std::string field;
    std::string value;
};

struct Story {
    Weather weather;
    std::vector<Happening> happenings;  // in order of time
};

/// The same seed, the same story, whoever hears it.
[[nodiscard]] Story make_story(std::uint64_t seed);

struct Wrongs {
    int ghosts_in_app = 0;
    int ghosts_in_systems = 0;
    int duplicates = 0;
    int lost_edits = 0;
    int diverged = 0;
    int steady_writes = 0;

    [[nodiscard]] bool is_violated() const {
        return ghosts_in_app + ghosts_in_systems + duplicates + lost_edits + diverged +
                   steady_writes >
               0;
    }
};

[[nodiscard]] Wrongs tell_story(const Story& story, Contestant& engine);

}  // namespace crm::test
