// What the tests of the 98 known situations share: questions to a ScriptedWorld.
#pragma once

#include <algorithm>
#include <string>

#include "tests/support/scripted_world.h"

namespace crm::test {

inline const SystemKey kHubSpot{"hubspot"};
inline const SystemKey kPipedrive{"pipedrive"};
inline const std::string kAdaEmail = "ada@x.org";
inline const std::string kBobEmail = "bob@x.org";

/// The problem of a run with that code, or nullptr.
inline const api::RunProblem* find_problem(const api::Run& run, const std::string& code) {
    const auto found =
        std::find_if(run.problems.begin(), run.problems.end(), [&](const api::RunProblem& problem) {
            return problem.code == code;
        });
    return found == run.problems.end() ? nullptr : &*found;
}

/// A world in which one contact is in step everywhere.
inline void settle_ada(ScriptedWorld& world) {
    world.create("Ada", kAdaEmail);
    world.settle();
}

/// Runs, far enough from each other, that write nothing.
inline void check_quiet(ScriptedWorld& world) {
    const int writes = world.writes();
    for (int i = 0; i < 3; ++i) {
        world.clock.advance(world.settings.settle + world.settings.late);
        CHECK(world.run().pending == 0);
    }
    CHECK(world.writes() == writes);
}

/// A conflict of a field that keeps a value, as the one that lost or as the one that stands.
inline bool is_on_record(ScriptedWorld& world, const std::string& field, const std::string& value) {
    const auto rows = world.conflicts();
    return std::any_of(rows.begin(), rows.end(), [&](const sync::ConflictRow& row) {
        return row.field == field && (row.app_value == value || row.remote_value == value);
    });
}

inline const sync::Hold* find_hold(const sync::CustomerNotes& notes,
                                   const SystemKey& system,
                                   const std::string& record) {
    const auto found = notes.holds.find({system, RemoteId(record)});
    return found == notes.holds.end() ? nullptr : &found->second;
}

}  // namespace crm::test
