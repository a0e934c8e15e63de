// Which rows are ticked, and what can be taken back: plain data of app_state.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client-wasm/state/request.h"
#include "shared/ids.h"

namespace crm::client {

/// The rows of one list that an action on many is about.
struct Selection {
    ListKind list = ListKind::Live;
    bool is_everyone = false;     // whom the query finds, loaded or not, but those left out
    std::set<ContactId> ids;      // ticked one by one
    std::set<ContactId> without;  // of everyone: unticked one by one
    std::int64_t anchor = -1;     // the row ticked last: Shift ticks from there

    bool operator==(const Selection&) const = default;
};

/// One thing that this person did and can take back.
struct UndoStep {
    std::string what;              // "Saved Ada"
    Request back;                  // takes it back
    std::optional<Request> again;  // does it once more, for Redo; unset: the answer to `back` tells

    bool operator==(const UndoStep&) const = default;
};

enum class UndoWay { Back, Again };

struct UndoSent {
    UndoWay way = UndoWay::Back;
    UndoStep step;

    bool operator==(const UndoSent&) const = default;
};

struct UndoStack {
    std::vector<UndoStep> done;          // newest last
    std::vector<UndoStep> undone;        // likewise; gone with the next thing that is done
    std::map<RequestId, UndoSent> sent;  // without an answer yet
    /// What the saves under way will need to be taken back.
    std::map<RequestId, ContactPatch> inverses;

    bool operator==(const UndoStack&) const = default;
};

}  // namespace crm::client
