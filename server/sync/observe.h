// What one listing of one system means: records are linked, values merged, absences counted, open
// intents resolved. Pure: it changes the notes in memory and says what it changed; writing that
// down is apply.h's. The same notes and the same listing always give the same result.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/rules.h"

namespace crm::sync {

struct Observation {
    const SystemSpec& system;
    const Listing& listing;
    Window window;
    Rules rules;
    ConflictPolicies policies = {};
    std::string phone_region = {};  // as in phone_key()
    std::int64_t cycle = 0;         // of the complete listings of this system, the how manieth
};

/// One line for a contact's history.
struct HistoryNote {
    ContactId contact;
    std::string kind;  // "linked", "unlinked", "conflict"
    std::string text;
};

/// What observe() changed. Contacts that arrived carry an id that only this value knows ("new-1"):
/// the store gives them their real one.
struct Observed {
    std::set<ContactId> standings;              // of this system: to be saved
    std::vector<ContactId> arrived;             // in order; their fields are in the notes
    std::map<ContactId, ContactFields> edited;  // the fields before
    std::vector<ContactId>
        renamed;  // whose e-mail was taken over, in the order in which that is free of clashes
    std::vector<ContactId> confirmed;  // left probation
    std::vector<ContactId> withdrawn;  // left probation without becoming contacts
    std::vector<std::pair<RemoteKey, ContactId>> died;
    std::vector<RemoteKey> revived;  // dead until now
    std::set<RemoteKey> holds;       // to be saved, or removed when the notes have none
    std::vector<std::pair<ContactId, std::string>> aliases;
    std::vector<ConflictRow> conflicts;  // run and time are filled in by apply
    std::vector<HistoryNote> history;
    std::int64_t doubtful = 0;              // values that a later listing must tell old from new
    std::optional<TimePoint> decidable_at;  // the earliest listing that can decide one
    // What proves the times that we live by too short.
    std::int64_t incidents = 0;            // readings that were older than Δ allows
    std::chrono::milliseconds late_by{0};  // how old the oldest of them was
    std::int64_t late_calls = 0;           // creates and updates that took effect after Λ

    [[nodiscard]] bool is_empty() const;
};

[[nodiscard]] Observed observe(CustomerNotes& notes, const Observation& observation);

}  // namespace crm::sync
