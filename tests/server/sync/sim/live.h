// Lets one history happen and judges it. One thread, no waiting: the same history gives the same
// verdict, to the last bit of its hash.
#pragma once

#include "tests/server/sync/sim/history.h"
#include "tests/server/sync/sim/verdict.h"

namespace crm::test::sim {

enum class Telling { Short, Story };  // Story: every line of what happened is kept

[[nodiscard]] Verdict live(const History& history, Telling telling = Telling::Short);

}  // namespace crm::test::sim
