// Fields that go to and fro. Pure.
#include "server/sync/oscillation.h"

#include <algorithm>

#include "server/sync/rule.h"
#include "shared/limits.h"

namespace crm::sync {

bool note_turn(Oscillation& oscillation, const Turn& turn) {
    const auto is_old = [&](std::int64_t cycle) { return cycle + kFlipCycles <= turn.cycle; };
    auto& left = oscillation.left;
    std::erase_if(left, [&](const auto& entry) { return is_old(entry.second); });
    std::erase_if(oscillation.flips, is_old);
    const bool is_return =
        turn.is_return ||
        std::any_of(left.begin(), left.end(), [&](auto& entry) { return entry.first == turn.now; });
    if (is_return) oscillation.flips.push_back(turn.cycle);
    if (!is_return && left.empty()) return false;
    if (left.size() >= kLeftValuesKept) left.erase(left.begin());
    left.emplace_back(turn.left, turn.cycle);
    if (!is_on(Rule::OscillationFreeze) || oscillation.flips.size() < kFlipsMax) return false;
    oscillation.is_frozen = true;
    return true;
}

}  // namespace crm::sync
