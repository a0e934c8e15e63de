// One run for one customer: list, observe, plan, brake, execute; and again within the same run
// while a further listing soon settles what is open, or while a person asked for it. Blocks its
// thread until the end.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "server/clock.h"
#include "server/contacts/contact_service.h"
#include "server/store/database.h"
#include "server/store/rollback_mark.h"
#include "server/sync/connector.h"
#include "server/sync/governor.h"
#include "server/sync/quiet_memory.h"
#include "server/sync/survey.h"
#include "server/sync/sync_service.h"
#include "shared/api.h"

namespace crm::sync {

/// What a run asks of the one who started it. All are called from the run's threads.
struct RunControl {
    std::function<bool()>
        is_stopping;  // cancelled, or the server ends: stop after the current step
    std::function<bool()>
        take_round_again;  // a person asked while the run was on; asking clears it
    std::function<bool(TimePoint)> pause_until;   // false: stopped meanwhile
    std::function<void(const api::Run&)> report;  // progress
    /// How things stand when the run ends, so that nobody has to look again; not called by a run
    /// that found nothing changed. May be empty.
    std::function<void(const Survey&)> surveyed;
};

/// Side by side is for life; one after the other makes a simulation repeatable.
enum class Concurrency { Parallel, Sequential };

struct RunDoors {
    store::Database& database;
    ContactService& contacts;
    const Clock& clock;
    Concurrency concurrency = Concurrency::Parallel;
    QuietMemory* quiet = nullptr;          // of this customer; none: every run looks at everything
    store::RollbackMark* mark = nullptr;   // none: an older database is not recognised
    std::map<SystemKey, Gate> gates = {};  // systems that this run may not use, or only so much
};

/// The run in its final state, already stored. `run` comes in as queued, with its id and trigger.
[[nodiscard]] api::Run perform_run(const RunDoors& doors,
                                   const SyncSettings& settings,
                                   const CustomerId& customer,
                                   std::vector<std::unique_ptr<Connector>>& connectors,
                                   const RunControl& control,
                                   api::Run run);

}  // namespace crm::sync
