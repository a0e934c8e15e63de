// The system's clock, rounded down to the milliseconds that the wire shows.
#include "server/clock.h"

namespace crm {

TimePoint SystemClock::now() const {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace crm
