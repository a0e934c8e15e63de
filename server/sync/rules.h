// The two times that the engine lives by, and the window of one reading. Both are measured on our
// clock.
#pragma once

#include <chrono>

#include "shared/time_text.h"

namespace crm::sync {

struct Rules {
    std::chrono::milliseconds settle{
        60'000};  // a listing shows every record as of some moment at most so old
    std::chrono::milliseconds late{
        60'000};  // a call without answer takes effect within this, or never
};

/// Now, and the times that count from now on.
struct Moment {
    TimePoint now{};
    Rules rules;
};

/// When a reading was started and ended.
struct Window {
    TimePoint started{};
    TimePoint ended{};
};

}  // namespace crm::sync
