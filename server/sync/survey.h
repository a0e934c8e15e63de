// How things stand, told from the notes: counters per system, problems with their sentences, what
// is pending, and how one contact is shown. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/explain.h"
#include "server/sync/plan.h"
#include "server/sync/rules.h"
#include "shared/api.h"

namespace crm::sync {

struct SystemCounts {
    std::int64_t in_sync = 0;
    std::int64_t excluded = 0;
    std::int64_t failing = 0;
    std::int64_t pending = 0;
};

struct Survey {
    std::map<SystemKey, SystemCounts> systems;
    std::int64_t pending = 0;
    std::vector<api::RunProblem>
        problems;  // holds and refusals, in the order of systems and contacts
    std::optional<TimePoint>
        decidable_at;  // the earliest time at which a further listing would settle something
};

/// Why a record is held back, with the reason why nobody is suggested for it, if there is one.
[[nodiscard]] std::string hold_message(const Hold& hold);
/// What a person can do about it.
[[nodiscard]] std::string hold_action(HoldReason reason, const std::string& label);

[[nodiscard]] Survey survey(const CustomerNotes& notes,
                            const std::vector<SystemSpec>& systems,
                            const Rules& rules,
                            TimePoint now);

}  // namespace crm::sync
