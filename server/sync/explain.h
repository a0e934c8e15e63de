// Why one contact stands in one system as it does: one true sentence, and the facts behind it.
// Pure.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/rules.h"
#include "shared/contact.h"

namespace crm::sync {

/// One field of one contact in one system.
struct FieldExplanation {
    std::string ours;                     // now
    std::optional<std::string> received;  // last known value there, as the system writes it
    std::optional<std::string> agreed;    // our value that it stands for
    std::optional<std::string> sent;      // the last value of ours that was written there lately
    std::optional<TimePoint> decided_at;  // a reading before this cannot tell old from new
    std::optional<ParkedValue> parked;    // the system cannot hold our value
    bool is_frozen = false;               // it went to and fro; neither side is changed
    Direction direction = Direction::Both;

    bool operator==(const FieldExplanation&) const = default;
};

struct Explanation {
    LinkState state = LinkState::NotLinked;
    std::string sentence;  // never empty
    std::optional<Link> link;
    std::map<std::string, FieldExplanation> fields;  // by wire name; those that the system holds
    std::optional<Intent> intent;                    // the open call
    std::optional<Refusal> refusal;                  // of the last call, while it stands
    std::optional<TimePoint> next_try_at;            // when this goes on at the earliest, if known
};

[[nodiscard]] Explanation explain(const CustomerNotes& notes,
                                  const ContactNotes& contact,
                                  const SystemSpec& system,
                                  const Moment& moment);

/// What a person sees of one contact in one system, from what is known about that contact alone.
[[nodiscard]] ContactLink describe_link(const ContactNotes& notes, const SystemSpec& system);

}  // namespace crm::sync
