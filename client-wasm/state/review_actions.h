// What happens around what waits for a person, a contact's standing in each system, and the
// connections: answers of the server, and what the person does. Plain data.
#pragma once

#include <string>
#include <vector>

#include "client-wasm/state/request.h"
#include "shared/api_connections.h"
#include "shared/api_review.h"

namespace crm::client {

// --- answers, and one event
// -----------------------------------------------------------------------------

struct ContactSyncLoaded {
    RequestId request = 0;
    std::vector<api::SystemSync> systems;
};
struct ConflictsLoaded {
    RequestId request = 0;
    api::ConflictPage page;
};
struct ConflictAnswered {  // to ResolveConflict
    RequestId request = 0;
    api::Conflict conflict;
};
struct ConflictChanged {  // event "conflict"
    api::Conflict conflict;
};
struct HoldsLoaded {
    RequestId request = 0;
    api::HoldPage page;
};
struct HoldDecided {  // to DecideHold
    RequestId request = 0;
};
struct ConnectionsLoaded {
    RequestId request = 0;
    std::vector<api::SystemConnection> connections;
};
struct ConnectionAnswered {  // to DisconnectSystem
    RequestId request = 0;
    api::SystemConnection connection;
};
struct ConnectPageFound {  // to ConnectSystem
    RequestId request = 0;
    std::string url;
};

// --- what the person does
// -------------------------------------------------------------------------------

struct ReviewItemChosen {
    std::string id;  // of a conflict, or hold_id() of a record
};
struct ReviewMoved {
    int step = 1;  // to the next, or -1: the one before
};
struct ReviewSideChosen {
    std::string side;  // "app", a system's key, kBaseSide or kOtherSide
};
struct ReviewTextTyped {
    std::string text;
};
struct ReviewApplied {
    bool is_forced = false;  // even though the field has changed since
};
struct HoldDecisionClicked {
    HoldDecision decision = HoldDecision::Refuse;
};
struct MoreClicked {};  // the next page of the list that Review shows
struct ConnectClicked {
    std::string system;
};
struct DisconnectClicked {
    std::string system;
};

}  // namespace crm::client
