// The two times that the engine lives by, and the window of one reading. Both are measured on our
// clock.
#pragma once

#include <chrono>
#include <map>
#include <string>

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

/// Who wins when a field changed on both sides: by wire name, "*" for all others.
struct ConflictPolicies {
    std::map<std::string, std::string> by_field;  // "app", "newest", "ask", or a system's key

    [[nodiscard]] std::string of(const std::string& field) const {
        auto found = by_field.find(field);
        if (found == by_field.end()) found = by_field.find("*");
        return found == by_field.end() ? "app" : found->second;
    }
};

/// When a reading was started and ended.
struct Window {
    TimePoint started{};
    TimePoint ended{};
};

}  // namespace crm::sync
