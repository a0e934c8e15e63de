// Fields that go to and fro: a workflow over there that turns a value back, or two systems that
// each write what the other cannot keep. After some turns the field is left alone. Pure. Nothing
// is remembered about a field that never turned back.
#pragma once

#include <cstdint>
#include <string>

#include "server/store/sync_notes.h"

namespace crm::sync {

/// One edit over there.
struct Turn {
    std::string left;
    std::string now;
    std::int64_t cycle = 0;  // the number of the listing that showed it
    bool is_return = false;  // the value was there before, as far as the shadow knows
};

/// True when the field is to be frozen.
[[nodiscard]] bool note_turn(Oscillation& oscillation, const Turn& turn);

}  // namespace crm::sync
