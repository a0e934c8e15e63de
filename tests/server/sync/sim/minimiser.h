// Makes a failing history shorter while it still fails in the same way.
#pragma once

#include <string>

#include "tests/server/sync/sim/history.h"

namespace crm::test::sim {

/// `kind` is that of a violation of the history. At most `lives_max` shorter histories are tried.
[[nodiscard]] History minimise(History history, const std::string& kind, int lives_max);

/// The seed, what is left of the history, and everything that happens in it.
[[nodiscard]] std::string tell_story(const History& history);

}  // namespace crm::test::sim
