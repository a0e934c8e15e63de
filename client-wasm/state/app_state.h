// Everything the browser client knows, as plain data: what is shown is a function of it. update()
// is the only writer (client-wasm/state/update.h); views read it and push actions.
//
// No clock, no I/O, no pixels. Times come in with actions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "client-wasm/state/import_state.h"
#include "client-wasm/state/request.h"
#include "client-wasm/state/review_state.h"
#include "client-wasm/state/route.h"
#include "client-wasm/state/selection.h"
#include "shared/api.h"
#include "shared/api_bulk.h"
#include "shared/api_connections.h"
#include "shared/api_undo.h"
#include "shared/contact.h"
#include "shared/contact_query.h"

namespace crm::client {

enum class ThemeChoice { System, Light, Dark };

/// The rows of one query. Pages are found by keyset cursors, so a page's start is known once the
/// page before has been read; the cursors stay when a page's contacts are dropped.
struct ContactList {
    std::optional<std::int64_t> total;                // unknown until the first answer
    std::vector<std::string> cursors{std::string()};  // start of page i
    std::map<std::int64_t, std::vector<Contact>> pages;
    std::int64_t first_shown = 0;  // rows on the screen, as the table last said
    std::int64_t last_shown = 0;
    std::optional<std::int64_t> stale_from;  // pages from here on are shown but must be read again
    RequestId request = 0;                   // the one request under way, 0 when none
    std::int64_t requested_page = 0;
    bool is_failed =
        false;  // the last request got no usable answer; no request until Retry or a change

    bool operator==(const ContactList&) const = default;
};

enum class SaveState { Editing, Saving };

/// What is typed in the panel. `base` is what the person saw when typing began: its version goes
/// with Save.
struct Draft {
    Contact base;  // id unset: a new contact
    ContactFields fields;
    std::set<std::string> left_fields;  // wire names of fields left once: problems show there
    std::map<std::string, std::string>
        server_problems;  // by wire name; gone when the field is edited
    SaveState save = SaveState::Editing;
    ContactFields sent;  // what Save sent: what is typed meanwhile outlives the answer
    RequestId request = 0;

    bool operator==(const Draft&) const = default;
};

struct ContactPanel {
    std::optional<Draft> draft;  // unset while the contact is being fetched
    std::vector<api::HistoryEntry> history;
    std::optional<std::vector<api::SystemSync>> sync;  // unset until the Sync tab has asked
    bool is_missing = false;                           // the server knows no such contact
    std::string history_field;   // wire name; the timeline shows only its changes; empty: all
    std::string history_system;  // likewise

    bool operator==(const ContactPanel&) const = default;
};

enum class Side { Yours, Theirs };

struct DeleteDialog {
    ContactId id;
    std::string name;

    bool operator==(const DeleteDialog&) const = default;
};

/// Asked when unsaved text would be lost; `target` is where the person wanted to go.
struct LeaveDialog {
    Route target;

    bool operator==(const LeaveDialog&) const = default;
};

/// Somebody else changed the same fields: one choice per field.
struct ConflictDialog {
    api::VersionConflict conflict;
    std::map<std::string, Side> choices;

    bool operator==(const ConflictDialog&) const = default;
};

struct HelpDialog {
    bool operator==(const HelpDialog&) const = default;
};

/// Asked before a system is disconnected: what that means.
struct DisconnectDialog {
    api::SystemConnection connection;

    bool operator==(const DisconnectDialog&) const = default;
};

/// Open while the person lets us into a system, on a page of somebody else's.
struct ConnectDialog {
    api::SystemConnection connection;
    std::string url;

    bool operator==(const ConnectDialog&) const = default;
};

/// Everything that can be done or gone to, found by typing.
struct PaletteDialog {
    std::string text;
    std::size_t selected = 0;     // of palette_entries()
    std::vector<Contact> people;  // who match the text
    RequestId request = 0;        // the newest search

    bool operator==(const PaletteDialog&) const = default;
};

/// Asked before many are deleted.
struct BulkDeleteDialog {
    std::int64_t count = 0;

    bool operator==(const BulkDeleteDialog&) const = default;
};

/// Which tags the ticked contacts get, or lose.
struct TagDialog {
    bool is_removal = false;
    std::string text;  // several with commas between

    bool operator==(const TagDialog&) const = default;
};

/// Shown when some of many were refused.
struct BulkReportDialog {
    api::BulkReport report;

    bool operator==(const BulkReportDialog&) const = default;
};

/// What undoing a run or a change would do, before it is done.
struct UndoDialog {
    std::string id;
    api::Undo preview;

    bool operator==(const UndoDialog&) const = default;
};

/// In which form the list is exported.
struct ExportDialog {
    std::string format = "csv";  // "csv", "vcf", "json"

    bool operator==(const ExportDialog&) const = default;
};

using Dialog = std::variant<std::monostate,
                            DeleteDialog,
                            LeaveDialog,
                            ConflictDialog,
                            HelpDialog,
                            DisconnectDialog,
                            ConnectDialog,
                            PaletteDialog,
                            BulkDeleteDialog,
                            TagDialog,
                            BulkReportDialog,
                            UndoDialog,
                            ExportDialog>;

using ToastId = std::uint64_t;

struct Toast {
    ToastId id = 0;
    std::string text;
    std::optional<Request> undo;  // set: a button "Undo" sends it

    bool operator==(const Toast&) const = default;
};

enum class NoticePlace { List, Panel, Screen };

/// A failure in four lines: what happened, what it means for the data, the one action, the details.
struct Notice {
    std::uint64_t id = 0;
    NoticePlace place = NoticePlace::Screen;
    std::string what;
    std::string meaning;
    std::optional<Request> retry;  // a button "Retry" sends it again
    std::string details;           // code and request id, for support

    bool operator==(const Notice&) const = default;
};

enum class TimerKind { Search, Refresh, Flash, Tick, Poll, Probe, ConnectionPoll, Palette, GoKey };

enum class Connection { Starting, Live, Lost };

struct SyncState {
    std::optional<api::SyncStatus> status;
    std::vector<api::Run> runs;  // newest first
    std::optional<api::Run> opened_run;
    RunId awaited_run;                   // started by this person: its end is announced
    std::set<std::string> shown_causes;  // of problems: all of them are listed, not the first few

    bool operator==(const SyncState&) const = default;
};

struct AppState {
    TimePoint now{};
    Route route;
    std::string search_text;  // as typed; the route follows after a pause
    ContactList contacts;
    ContactList trash;
    Selection selection;
    UndoStack undo;
    ImportState import;
    bool is_go_awaited = false;  // "g" was pressed: the next key says where to
    ContactPanel panel;
    Dialog dialog;
    std::vector<Toast> toasts;    // oldest first
    std::vector<Notice> notices;  // oldest first
    SyncState sync;
    ReviewState review;
    std::optional<std::vector<api::SystemConnection>> connections;  // unset until asked for
    std::optional<api::Self> self;
    Connection connection = Connection::Starting;
    ThemeChoice theme = ThemeChoice::System;
    std::set<ContactId> flashes;           // rows that changed by somebody else's hand flash once
    std::map<RequestId, Request> pending;  // sent, not yet answered
    std::map<std::uint64_t, TimerKind> timers;  // those that still mean something when they fire
    std::uint64_t next_id = 1;                  // of requests, toasts, notices and timers alike

    bool operator==(const AppState&) const = default;
};

}  // namespace crm::client
