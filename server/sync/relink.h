// What becomes of a contact whose record is gone from a system: another record takes its place, or
// none does. Pure; finding out that it is gone, and whether another record is there, is the
// caller's: from listings, or from an answer that came for another id.
#pragma once

#include <string>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/rules.h"

namespace crm::sync {

/// Both ends of a change of records.
struct Parting {
    RemoteId died;        // never linked again
    std::string history;  // a line for the contact
};

/// A record that replaces the linked one, as it was just read.
struct Successor {
    const SystemSpec& system;
    const RemoteRecord& record;
    TimePoint read_at{};
    Rules rules;
    const ContactFields& ours;
    bool is_proven = false;  // by our marker, or as one of two that became one; else by e-mail only
};

/// What the contact and its old record had agreed on is the base for the new one, so that a merge
/// over there is no conflict here. What the new record does not have at all is sent to it: a merge
/// blanks nothing. `standing` must have a link; the caller has made sure that nobody else holds
/// the new record.
[[nodiscard]] Parting relink(Standing& standing, const Successor& successor);

/// No other record takes its place: the policy of the system says what follows. `standing` must
/// have a link.
[[nodiscard]] Parting lose_record(Standing& standing, const SystemSpec& system);

/// The record was merged into the one of another contact. Creating it anew would undo what a
/// person did there; whether the contacts are one person is for a person to say. `standing` must
/// have a link.
[[nodiscard]] Parting detach_merged(Standing& standing,
                                    const SystemSpec& system,
                                    const std::string& other_name);

}  // namespace crm::sync
