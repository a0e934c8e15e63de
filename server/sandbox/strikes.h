// How faults bend one call: what happens before it, what it sees, and how it ends.
#pragma once

#include "server/sandbox/crm.h"
#include "server/sandbox/desk.h"
#include "server/sandbox/ending.h"
#include "server/sandbox/faults.h"
#include "server/sandbox/runs.h"

namespace crm::sandbox {

/// The call as it should be.
using Apply = Ending (*)(const Desk& desk, const Call& call);

/// The call as the strikes make it. `desk` outlives the sandbox's late writes.
[[nodiscard]] Ending strike(const Desk& desk,
                            const Call& call,
                            const Strikes& strikes,
                            Apply apply);

/// Half of the page, as if nothing came after it.
void shorten(Page& page);

void note_call(const Desk& desk, const Call& call, const Ending& ending);

}  // namespace crm::sandbox
