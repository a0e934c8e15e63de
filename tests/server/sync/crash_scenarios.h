// Fifty small stories in which people and systems do something, told to the engine with a death of
// the process at every step: crash_steps_test.cpp. A story is data: what happened before and has
// settled, then what happens while the process may die.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/support/scripted_world.h"

namespace crm::test {

/// One thing that somebody does. In the app it is at most one commit, so that a person who was cut
/// off can tell by looking whether to do it again.
struct Act {
    enum class Where { Here, There, Run } where = Where::Here;
    std::function<void(ScriptedWorld&)> perform;  // empty for Run
};

struct CrashScenario {
    std::string name;
    std::vector<Act> before;
    std::vector<Act> then;
    int delete_limit = 1000;
    std::chrono::milliseconds settle{1000};
};

[[nodiscard]] std::vector<CrashScenario> crash_scenarios();

}  // namespace crm::test
