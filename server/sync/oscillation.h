// Fields that go to and fro: a workflow over there that turns a value back, or two systems that
// each write what the other cannot keep. After some turns the field is left alone. Pure. Nothing
// is remembered about a field that never turned back.
//
// Listings count quick turns. A slow one is known by whose value it turns back: a machine undoes
// what we write, again and again. People change their minds about each other's values more seldom
// than kTurnBacksMax times within kTurnBacksLife.
#pragma once

#include <cstdint>
#include <string>

#include "server/store/sync_notes.h"

namespace crm::sync {

/// One edit over there.
struct Turn {
    std::string left;
    std::string now;
    std::int64_t cycle = 0;    // the number of the listing that showed it
    bool is_return = false;    // the value was there before, as far as the shadow knows
    TimePoint at{};            // when that listing had been read
    bool is_over_own = false;  // what it left was written by us
};

/// True when the field is to be frozen.
[[nodiscard]] bool note_turn(Oscillation& oscillation, const Turn& turn);

}  // namespace crm::sync
