// The two times that the engine lives by, as measured: what proves one of them too short makes it
// longer, and with time and no further proof it comes back to what is configured. Never below
// that. Pure.
#pragma once

#include <chrono>
#include <cstdint>

#include "server/store/sync_notes.h"
#include "server/sync/rules.h"

namespace crm::sync {

/// What a run saw that should not have been possible.
struct WindowEvidence {
    std::int64_t incidents = 0;            // readings that were older than Δ allows
    std::chrono::milliseconds late_by{0};  // how old the oldest of them was
    std::int64_t late_calls = 0;           // calls without answer that took effect after Λ
};

/// The times to live by for one system.
[[nodiscard]] Rules rules_of(const SystemRow& row, const Rules& configured);

/// After a run. Changes nothing when there is nothing to raise and nothing to lower.
void raise_settle(SystemRow& row,
                  const Rules& configured,
                  const WindowEvidence& evidence,
                  TimePoint now);

}  // namespace crm::sync
