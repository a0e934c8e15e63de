// Action: what happened, in the words of the person or the world; update() turns it into effects
// (effects.h). What the server answers is in answer_actions.h, Review, Connections and a contact's
// Sync tab in review_actions.h, many contacts at once in bulk_actions.h. Plain data; nothing here
// acts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client-wasm/state/answer_actions.h"
#include "client-wasm/state/app_state.h"
#include "client-wasm/state/bulk_actions.h"
#include "client-wasm/state/effects.h"
#include "client-wasm/state/import_actions.h"
#include "client-wasm/state/request.h"
#include "client-wasm/state/review_actions.h"
#include "shared/api.h"

namespace crm::client {

// --- what the world tells
// -------------------------------------------------------------------------------

/// Once, before anything else.
struct Started {
    std::string hash;
    ThemeChoice theme = ThemeChoice::System;
};
struct HashChanged {
    std::string hash;  // by Back, a link, the address bar, or our own OpenHash
};
struct TimerFired {
    std::uint64_t timer = 0;  // of ScheduleTimer
};
/// The event stream opened, or was lost (the browser tries again by itself).
struct ConnectionChanged {
    Connection connection = Connection::Live;
};
struct ContactChanged {  // event "contact"
    Contact contact;
};
struct RunChanged {  // event "run"
    api::Run run;
};
struct SystemChanged {  // event "system"
    api::SystemStatus system;
};
struct EventsReset {};  // what was missed cannot be replayed

// --- what the person does
// -------------------------------------------------------------------------------

struct RouteOpened {  // a link, a row, a button that leads somewhere
    Route route;
};
struct SearchChanged {
    std::string text;
};
struct SortClicked {
    std::string field;  // wire name
};
struct RowsShown {
    ListKind list = ListKind::Live;
    std::int64_t first = 0;
    std::int64_t last = 0;
};
struct FieldEdited {
    std::string field;  // wire name
    std::string text;
};
struct FieldLeft {
    std::string field;
};
struct SaveClicked {};
struct CancelClicked {};  // Cancel, the close button, Escape in the panel
struct DeleteClicked {};
struct DialogConfirmed {};  // the button that does what the dialog asks about
struct DialogClosed {};
struct SideChosen {
    std::string field;
    Side side = Side::Yours;
};
struct UndoClicked {
    ToastId toast = 0;
};
struct ToastClosed {  // by the person, or because its time is over
    ToastId toast = 0;
};
struct RetryClicked {
    std::uint64_t notice = 0;
};
struct NoticeClosed {
    std::uint64_t notice = 0;
};
struct RestoreClicked {
    ContactId id;
};
struct SyncNowClicked {
    std::string system;  // only this one; empty: all
    ContactId contact;   // only this one; unset: all
};
struct PreviewClicked {};
struct PauseClicked {
    std::string system;  // empty: all
    bool is_paused = true;
};
struct RunDecided {
    RunId id;
    RunDecision decision = RunDecision::Discard;
};
struct ThemeChosen {
    ThemeChoice theme = ThemeChoice::System;
};
struct HelpClicked {};
struct PaletteOpened {};
struct PaletteTyped {
    std::string text;
};
struct PaletteMoved {
    int step = 1;  // down, or -1: up
};
struct PaletteChosen {
    std::size_t index = 0;  // of palette_entries()
};
struct PeopleFound {
    RequestId request = 0;
    std::vector<Contact> people;
};
struct ProblemsToggled {  // all problems of one cause are shown, or the first of them
    std::string cause;
};

using Action = std::variant<Started,
                            HashChanged,
                            TimerFired,
                            ConnectionChanged,
                            ContactChanged,
                            RunChanged,
                            SystemChanged,
                            EventsReset,
                            ContactsLoaded,
                            ContactAnswered,
                            HistoryLoaded,
                            SelfLoaded,
                            SyncLoaded,
                            RunAnswered,
                            RunsLoaded,
                            RequestFailed,
                            RouteOpened,
                            SearchChanged,
                            SortClicked,
                            RowsShown,
                            FieldEdited,
                            FieldLeft,
                            SaveClicked,
                            CancelClicked,
                            DeleteClicked,
                            DialogConfirmed,
                            DialogClosed,
                            SideChosen,
                            UndoClicked,
                            ToastClosed,
                            RetryClicked,
                            NoticeClosed,
                            RestoreClicked,
                            SyncNowClicked,
                            PreviewClicked,
                            PauseClicked,
                            RunDecided,
                            ThemeChosen,
                            HelpClicked,
                            ProblemsToggled,
                            ContactSyncLoaded,
                            ConflictsLoaded,
                            ConflictAnswered,
                            ConflictChanged,
                            HoldsLoaded,
                            HoldDecided,
                            ConnectionsLoaded,
                            ConnectionAnswered,
                            ConnectPageFound,
                            ReviewItemChosen,
                            ReviewMoved,
                            ReviewSideChosen,
                            ReviewTextTyped,
                            ReviewApplied,
                            HoldDecisionClicked,
                            MoreClicked,
                            ConnectClicked,
                            DisconnectClicked,
                            PaletteOpened,
                            PaletteTyped,
                            PaletteMoved,
                            PaletteChosen,
                            PeopleFound,
                            RowToggled,
                            LoadedToggled,
                            EveryoneChosen,
                            SelectionCleared,
                            BulkClicked,
                            TagsTyped,
                            BulkAnswered,
                            UndoAnswered,
                            UndoPressed,
                            RedoPressed,
                            FileChosen,
                            ImportColumnChosen,
                            ImportKeyChosen,
                            ImportClicked,
                            ImportAnswered,
                            RefusedRowsClicked,
                            ExportClicked,
                            ExportFormatChosen,
                            HistoryUndoClicked,
                            TimelineFiltered,
                            GoPressed>;

/// Actions in the order in which they happened; views push, the frame drains.
class ActionQueue {
   public:
    void push(Action action) { actions_.push_back(std::move(action)); }
    [[nodiscard]] bool is_empty() const { return actions_.empty(); }
    [[nodiscard]] std::vector<Action> take() { return std::exchange(actions_, {}); }

   private:
    std::vector<Action> actions_;
};

}  // namespace crm::client
