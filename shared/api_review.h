// The part of the contract about what waits for a person's decision, and about why things are as
// they are. DO NOT RENAME wire names: checks and integrations outside this repository use them.
// Plain data; JSON is api_review_json's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/result.h"
#include "shared/time_text.h"

namespace crm::api {

inline constexpr std::string_view kConflictsPath = "/api/conflicts";

/// The side of a conflict that is our own; every other side is the key of a system.
inline constexpr std::string_view kAppSide = "app";

struct ConflictSide {
    std::string side;
    std::string value;

    bool operator==(const ConflictSide&) const = default;
};

/// One field that two sides wanted differently. Never deleted: what lost stays here.
struct Conflict {
    std::string id;
    std::string contact_id;
    std::string contact;  // its name
    std::string field;    // wire name
    std::string kind;     // "both_changed", "first_sync", "during_own_write", …
    std::string policy;   // what chose the winner
    std::string state;    // "open", "auto", "resolved"
    std::string base;     // what both sides had agreed on
    std::vector<ConflictSide> sides;
    std::string winner;  // the value that stood when it was recorded
    std::string run_id;
    TimePoint at{};
    std::string resolution;   // the value that a person chose
    std::string resolved_by;  // empty: nobody did
    std::optional<TimePoint> resolved_at;

    bool operator==(const Conflict&) const = default;
};

struct ConflictPage {
    std::vector<Conflict> conflicts;  // newest first
    std::int64_t total = 0;           // of the whole query
    std::string cursor;               // empty: this was the last page

    bool operator==(const ConflictPage&) const = default;
};

/// What is asked of a list of conflicts. Empty texts: any.
struct ConflictQuery {
    std::string state;
    std::string contact_id;
    int limit = 0;
    std::string cursor;
};

/// A person's decision: a value, or the side whose value it is to be.
struct Resolution {
    std::optional<std::string> value;
    std::string side;
    bool is_forced = false;  // even though the field has changed since the conflict was recorded

    bool operator==(const Resolution&) const = default;
};

}  // namespace crm::api
