// Action: what happened, in the words of the person or the world. Effect: what is to be done about
// it. update() turns the one into the other. Plain data; nothing here acts.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client-wasm/state/app_state.h"
#include "client-wasm/state/request.h"
#include "shared/api.h"
#include "shared/api_json.h"

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

// --- answers
// --------------------------------------------------------------------------------------------

struct ContactsLoaded {
    RequestId request = 0;
    api::ContactPage page;
};
enum class SaveOutcome { Created, Updated, Deleted, Restored, Fetched };
struct ContactAnswered {
    RequestId request = 0;
    Contact contact;
    SaveOutcome outcome = SaveOutcome::Fetched;
};
struct HistoryLoaded {
    RequestId request = 0;
    std::vector<api::HistoryEntry> entries;
};
struct SelfLoaded {
    RequestId request = 0;
    api::Self self;
};
struct SyncLoaded {
    RequestId request = 0;
    api::SyncStatus status;
};
struct RunAnswered {  // to StartSync, FetchRun, DecideRun
    RequestId request = 0;
    api::Run run;
};
struct RunsLoaded {
    RequestId request = 0;
    std::vector<api::Run> runs;
};
enum class Failure { NoConnection, Refused, Unreadable };
struct RequestFailed {
    RequestId request = 0;
    Failure failure = Failure::Refused;
    api::ErrorAnswer answer;  // a sentence for a person is always there
};

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
struct SyncNowClicked {};
struct PreviewClicked {};
struct PauseClicked {
    std::string system;
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
                            HelpClicked>;

// --- what is to be done
// ---------------------------------------------------------------------------------

struct SendRequest {
    RequestId id = 0;
    Request request;

    bool operator==(const SendRequest&) const = default;
};
enum class HistoryMode { Push, Replace };
/// Makes this the address. It may or may not come back as HashChanged: update() knows it already.
struct OpenHash {
    std::string hash;
    HistoryMode mode = HistoryMode::Push;

    bool operator==(const OpenHash&) const = default;
};
/// Keeps the choice for the next start and shows it at once.
struct SaveTheme {
    ThemeChoice theme = ThemeChoice::System;

    bool operator==(const SaveTheme&) const = default;
};
enum class Politeness { Polite, Assertive };
struct Announce {
    std::string text;
    Politeness politeness = Politeness::Polite;

    bool operator==(const Announce&) const = default;
};
/// TimerFired{timer} after the delay, once.
struct ScheduleTimer {
    std::uint64_t timer = 0;
    std::chrono::milliseconds delay{0};

    bool operator==(const ScheduleTimer&) const = default;
};
/// Whether closing the tab should ask first: text is typed and not saved.
struct GuardUnload {
    bool is_guarded = false;

    bool operator==(const GuardUnload&) const = default;
};

using Effect = std::variant<SendRequest, OpenHash, SaveTheme, Announce, ScheduleTimer, GuardUnload>;
using Effects = std::vector<Effect>;

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
