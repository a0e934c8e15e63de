// What a listing shows of a system, as far as planning needs it. Pure.
#pragma once

#include "server/sync/plan.h"
#include "server/sync/rules.h"

namespace crm::sync {

/// `notes` are those after observing the listing: what is linked by then is not unlinked any more.
[[nodiscard]] SystemView make_view(const SystemSpec& system,
                                   const Listing& listing,
                                   const Window& window,
                                   const CustomerNotes& notes);

/// The two times of one system: as configured, or more when more was measured.
[[nodiscard]] Rules rules_for(const SystemKey& system,
                              const CustomerNotes& notes,
                              const Rules& configured);

}  // namespace crm::sync
