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

/// Short: half of the page, as if nothing came after it. Empty: nothing, and the page itself comes
/// next. Circle: the page, and the page itself comes next. `cursor` is the one that asked for it.
void bend_page(PageBend bend, System system, const std::string& cursor, Page& page);

void note_call(const Desk& desk, const Call& call, const Ending& ending);

}  // namespace crm::sandbox
