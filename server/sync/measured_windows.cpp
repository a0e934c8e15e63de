// The two times that the engine lives by, as measured. Pure.
#include "server/sync/measured_windows.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/rule.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

/// Twice what it was, or more when the proof asks for more.
milliseconds raise(milliseconds present, milliseconds proven) {
    return std::min<milliseconds>(std::max(2 * present, 3 * proven),
                                  std::max<milliseconds>(kMeasuredWindowMax, present));
}

/// Half way back to what is configured; zero, which means just that, when little is left.
milliseconds lower(milliseconds measured, milliseconds configured) {
    const milliseconds surplus = (measured - configured) / 2;
    return surplus < kMeasuredWindowLeast ? milliseconds(0) : configured + surplus;
}

}  // namespace

Rules rules_of(const SystemRow& row, const Rules& configured) {
    if (!is_on(Rule::MeasuredSettle)) return configured;
    return {std::max(configured.settle, row.settle), std::max(configured.late, row.late)};
}

void raise_settle(SystemRow& row,
                  const Rules& configured,
                  const WindowEvidence& evidence,
                  TimePoint now) {
    const Rules present = rules_of(row, configured);
    if (evidence.incidents > 0) row.settle = raise(present.settle, evidence.late_by);
    if (evidence.late_calls > 0) row.late = raise(present.late, kMeasuredWindowLeast);
    if (evidence.incidents > 0 || evidence.late_calls > 0) {
        row.incidents += evidence.incidents + evidence.late_calls;
        row.settle_raised_at = now;
        return;
    }
    while (row.settle_raised_at && *row.settle_raised_at + kMeasuredWindowHalves <= now) {
        row.settle = lower(row.settle, configured.settle);
        row.late = lower(row.late, configured.late);
        *row.settle_raised_at += kMeasuredWindowHalves;
        const bool is_over = row.settle.count() == 0 && row.late.count() == 0;
        if (is_over) row.settle_raised_at.reset();
    }
}

}  // namespace crm::sync
