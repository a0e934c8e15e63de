// The part of the contract about what waits for a person's decision, and about why things are as
// they are. DO NOT RENAME wire names: checks and integrations outside this repository use them.
// Plain data; JSON is api_review_json's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"
#include "shared/time_text.h"

namespace crm::api {

inline constexpr std::string_view kConflictsPath = "/api/conflicts";
inline constexpr std::string_view kHoldsPath = "/api/sync/holds";

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

/// One field of one contact in one system.
struct FieldSync {
    std::string field;                    // wire name
    std::string ours;                     // now
    std::optional<std::string> received;  // the last value seen there, as the system writes it
    std::optional<std::string> agreed;    // our value that it stands for
    std::optional<std::string> sent;      // the last value that was written there lately
    std::optional<TimePoint> decided_at;  // a reading from before cannot tell old from new
    std::string parked;                   // why the system cannot hold our value; empty: it can
    bool is_frozen = false;               // it went to and fro: left alone until a person decides
    std::string direction = "both";       // or "in", "out"

    bool operator==(const FieldSync&) const = default;
};

/// A call that is under way, or got no answer.
struct OpenCall {
    std::string kind;  // "create", "update", "delete"
    TimePoint sent_at{};
    std::optional<TimePoint> deadline;  // it takes effect until then, or never

    bool operator==(const OpenCall&) const = default;
};

/// Why one contact stands in one system as it does.
struct SystemSync {
    std::string system;
    std::string label;
    std::string state;   // as of a contact's link
    std::string reason;  // one true sentence
    std::string record_id;
    std::string url;
    std::optional<TimePoint> linked_at;
    std::optional<TimePoint> synced_at;
    std::vector<FieldSync> fields;
    std::optional<OpenCall> open_call;
    std::optional<TimePoint> next_try_at;

    bool operator==(const SystemSync&) const = default;
};

/// A contact that may be the same person.
struct Suggestion {
    std::string contact_id;
    std::string contact;  // its name
    std::string reason;   // one sentence
    bool is_refused = false;

    bool operator==(const Suggestion&) const = default;
};

/// A record that is seen and not taken over.
struct HeldRecord {
    std::string system;
    std::string record_id;
    std::string title;
    std::string reason;   // "no_email", "invalid", "duplicate", "suppressed", "restored", "merged",
                          // "possible_duplicate"
    std::string message;  // one sentence
    std::string action;   // what to do
    TimePoint since{};
    std::map<std::string, std::string> values;  // what the record shows, by wire name
    std::string contact_id;                     // the one that it collides with; may be empty
    std::string contact;                        // its name
    std::optional<Suggestion> suggestion;

    bool operator==(const HeldRecord&) const = default;
};

struct HoldPage {
    std::vector<HeldRecord> holds;  // by system and record
    std::int64_t total = 0;         // of the whole query
    std::string cursor;             // empty: this was the last page

    bool operator==(const HoldPage&) const = default;
};

/// What is asked of a list of held records. Empty texts: any.
struct HoldQuery {
    std::string system;
    std::string reason;
    int limit = 0;
    std::string cursor;
};

}  // namespace crm::api
