// Fields that go to and fro. Pure.
#include "server/sync/oscillation.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/rule.h"

namespace crm::sync {

bool note_turn(Oscillation& oscillation, const Turn& turn) {
    const auto is_old = [&](std::int64_t cycle) { return cycle + kFlipCycles <= turn.cycle; };
    auto& left = oscillation.left;
    std::erase_if(left, [&](const auto& entry) { return is_old(entry.second); });
    std::erase_if(oscillation.flips, is_old);
    std::erase_if(oscillation.turned_back,
                  [&](TimePoint at) { return at + kTurnBacksLife <= turn.at; });
    const bool is_return =
        turn.is_return ||
        std::any_of(left.begin(), left.end(), [&](auto& entry) { return entry.first == turn.now; });
    if (is_return) oscillation.flips.push_back(turn.cycle);
    if (is_return && turn.is_over_own) oscillation.turned_back.push_back(turn.at);
    if (!is_return && left.empty()) return false;
    if (left.size() >= kLeftValuesKept) left.erase(left.begin());
    left.emplace_back(turn.left, turn.cycle);
    const bool is_too_often =
        oscillation.flips.size() >= kFlipsMax || oscillation.turned_back.size() >= kTurnBacksMax;
    if (!is_on(Rule::OscillationFreeze) || !is_too_often) return false;
    oscillation.is_frozen = true;
    return true;
}

}  // namespace crm::sync
