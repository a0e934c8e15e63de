// What is noted before a call, and what its end means. Pure; the executor commits the result.
#pragma once

#include <optional>
#include <string>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/plan.h"
#include "server/sync/rules.h"

namespace crm::sync {

/// Who already has the record that a create names: told by the store.
struct Claim {
    bool is_linked_elsewhere = false;
    bool is_dead = false;
};

struct OutcomeEffect {
    bool is_written = false;  // the system now holds what was sent
    std::optional<RemoteId>
        died;                  // a record that was created for a contact which is deleted by now
    bool is_parked = false;    // refused for single values, without which it is tried again
    std::string history_kind;  // with text, or empty
    std::string history_text;
};

/// The call is about to start.
void note_step(Standing& standing, const Step& step, TimePoint now);

/// The call ended.
[[nodiscard]] OutcomeEffect note_outcome(ContactNotes& notes,
                                         const Step& step,
                                         const SystemSpec& system,
                                         const CallOutcome& outcome,
                                         const Claim& claim,
                                         const Moment& moment);

/// A crash, or a stop, left the call without an end.
void note_interrupted(Standing& standing, TimePoint now, const Rules& rules);

}  // namespace crm::sync
