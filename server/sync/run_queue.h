// The runs of one customer that wait or are on, and how a further request joins them. Pure: no
// clock, no threads, no store.
//
// At most one real run waits; it grows to cover whatever is asked for meanwhile. Previews never mix
// with real runs.
#pragma once

#include <deque>
#include <optional>

#include "shared/api.h"

namespace crm::sync {

struct RunQueue {
    std::optional<api::Run> running;
    std::deque<api::Run> waiting;   // in the order in which they start
    bool goes_round_again = false;  // the running one was asked for once more
    bool is_restricted = false;     // the running one may not use all that a person's run may

    /// nullptr when it neither waits nor runs.
    [[nodiscard]] const api::Run* find(const RunId& run) const;
    [[nodiscard]] bool is_idle() const { return !running && waiting.empty(); }
};

/// Every system and every contact, for real: what the timer does.
[[nodiscard]] bool is_full(const api::Run& run);

/// Joins a run that covers the request, or appends `fresh`, which gets the request's scope. The run
/// that will do it. RateLimited when too many previews wait.
[[nodiscard]] Result<api::Run> enqueue(RunQueue& queue,
                                       const api::RunRequest& request,
                                       api::Run fresh);

/// Moves the next run from waiting to running; `otherwise` when none waits.
api::Run& begin_next(RunQueue& queue, api::Run otherwise);

}  // namespace crm::sync
