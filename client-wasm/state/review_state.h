// What waits for a person, as the client knows it: lists as far as they are read, which entry is
// looked at, and what is chosen for it but not applied yet. Plain data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/api.h"
#include "shared/api_review.h"
#include "shared/ids.h"

namespace crm::client {

/// Choices of a conflict beside its sides: what was before, and a value that is typed.
inline constexpr std::string_view kBaseSide = "base";
inline constexpr std::string_view kOtherSide = "other";

/// The server did not take a decision.
struct ReviewRefusal {
    std::string id;          // of the conflict
    std::string message;     // one sentence
    bool is_forced = false;  // it can be insisted on: the field has changed since

    bool operator==(const ReviewRefusal&) const = default;
};

/// What stood in a field before a decision was sent: Undo puts it back. The event of the decision
/// may arrive before its answer, and then the lists tell nothing of it any more.
struct StoodBefore {
    std::string id;  // of the conflict
    std::string value;

    bool operator==(const StoodBefore&) const = default;
};

struct ReviewState {
    std::optional<api::ConflictPage> open;  // wait for a person
    std::optional<api::ConflictPage> past;  // all others; what lost stays there
    std::optional<api::HoldPage> holds;
    std::string current;  // the entry looked at; not in the list (any more): the first
    std::string side;     // chosen for it; empty: none yet
    std::string typed;    // for kOtherSide
    std::optional<ReviewRefusal> refusal;
    std::optional<StoodBefore> stood;
    ContactId history_of;  // who changed the contact of the current conflict
    std::vector<api::HistoryEntry> history;

    bool operator==(const ReviewState&) const = default;
};

}  // namespace crm::client
