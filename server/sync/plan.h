// What a run will do, as plain data: showing it and doing it use the same value.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/rules.h"

namespace crm::sync {

/// Where e-mails are unique: whether that of an update goes along.
enum class EmailTurn {
    Now,
    Later,   // another record is about to give it up
    GiveUp,  // records wait for each other in a ring, and this one lets go first
};

/// One call to one system.
struct Step {
    IntentKind kind = IntentKind::Create;
    ContactId contact;
    SystemKey system;
    RemoteId record;                        // update and delete
    FieldTexts raw;                         // what is sent
    FieldTexts app;                         // our values that it stands for
    std::string email_key;                  // of a create
    bool is_recreation = false;             // its record had vanished
    EmailTurn email_turn = EmailTurn::Now;  // of an update

    bool operator==(const Step&) const = default;
};

/// What this run has seen of one system.
struct SystemView {
    bool is_reachable = false;  // its listing came back, if only in part: it may be written to
    bool is_complete = false;   // all pages came: records may be created
    TimePoint started{};
    std::set<std::string> unlinked_emails;  // keys of the records that are visible and not linked
    std::set<RemoteId> visible;
};

enum class Blocker {
    None,
    NothingToDo,
    Probation,    // arriving: nothing is written for it yet
    OpenCall,     // a call without an answer is open
    NoEmail,      // a record without e-mail is never created
    Parked,       // the system cannot hold its e-mail
    Suggested,    // a record there may be its own: a person decides
    Refused,      // refused before, and not yet due again
    Unreachable,  // no listing
    Incomplete,   // a create needs a complete listing
    InDoubt,      // what the system shows may be an edit: it is understood first
    EmailInUse,  // another record or an unfinished delete holds the e-mail: linking or time decides
    Unconfirmed,  // a delete that was confirmed, but not yet seen to be gone
};

/// One contact in one system: the step, or why there is none now.
struct StepChoice {
    std::optional<Step> step;
    Blocker blocker = Blocker::NothingToDo;

    bool operator==(const StepChoice&) const = default;
};

struct Plan {
    std::vector<Step> steps;   // deletes, updates, creates; each in the order of contact ids
    std::int64_t blocked = 0;  // what a later run settles by itself
    std::optional<TimePoint> decidable_at;  // the earliest time at which a blocked one may go on
};

}  // namespace crm::sync
