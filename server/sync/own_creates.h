// Which records of one listing are those of creates of ours that ended without an answer, where
// nothing marks them. Pure.
//
// A record that shows all that was sent is ours at once. One that shows only the e-mail, or at
// least two other texts, may be ours and edited, or somebody else's: the records are compared once
// a complete listing would show ours if it was made at all. The one that shows most of what was
// sent is ours then, and of equals the one with the e-mail. When the contact was deleted meanwhile
// that is the one to be deleted, so that nothing of it comes back.
#pragma once

#include <map>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/rules.h"

namespace crm::sync {

class LinkIndex;

struct OwnCreates {
    std::map<RemoteId, ContactId> ours;
    std::map<RemoteId, ContactId> possible;  // a later listing tells
};

struct OwnSearch {
    const CustomerNotes& notes;
    const SystemSpec& system;
    const LinkIndex& index;
    std::vector<const RemoteRecord*> records;  // linked to nobody and not dead, the oldest first
    bool is_complete = false;                  // the listing
    TimePoint started{};                       // likewise
    Rules rules;
};

[[nodiscard]] OwnCreates find_own_creates(const OwnSearch& search);

}  // namespace crm::sync
