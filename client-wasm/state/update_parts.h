// What the files of update() share: the step at hand, and small verbs that more than one topic
// needs. Not for anybody else.
#pragma once

#include <optional>
#include <string>

#include "client-wasm/state/actions.h"
#include "client-wasm/state/app_state.h"

namespace crm::client {

/// One run of update(): what it writes, and what it wants done.
struct Step {
    AppState& state;
    Effects effects;
};

// update.cpp
RequestId send(Step& step, Request request);
void announce(Step& step, std::string text, Politeness politeness);
void schedule(Step& step, TimerKind kind, std::chrono::milliseconds delay);
/// Drops timers of this kind; they may still fire, and then mean nothing.
void cancel_timers(Step& step, TimerKind kind);
/// Shows and announces an outcome. `undo` set: with a button that sends it.
void add_toast(Step& step, std::string text, std::optional<Request> undo);
struct Failed {
    Request request;
    const RequestFailed& reply;
};
/// Shows a failure in its four lines, with Retry, and announces it.
void add_notice(Step& step, NoticePlace place, const Failed& failed);
void drop_notices(Step& step, NoticePlace place);

// update_list.cpp
[[nodiscard]] ContactList& list_for(Step& step, ListKind kind);
[[nodiscard]] ContactQuery query_for(const AppState& state, ListKind kind);
/// Asks for the first page that is shown and not there, one at a time.
void want_rows(Step& step, ListKind kind);
/// Forgets all rows and reads again from the top.
void reset_list(Step& step, ListKind kind);
/// What is shown is read again soon; it stays on the screen until then.
void refresh_soon(Step& step);
void refresh_lists(Step& step);
/// Puts a contact's new state into the rows that show it.
void place_contact(Step& step, const Contact& contact);
void take_out(ContactList& list, const ContactId& id);
void handle_list_failure(Step& step, const FetchContacts& request, const RequestFailed& reply);

// update_navigation.cpp
void go(Step& step, Route route, HistoryMode mode);
/// Asks first when unsaved text would be lost.
void go_or_ask(Step& step, const Route& route);
/// Fetches what the screen of `state.route` shows; `before` is the route that was left.
void enter_route(Step& step, const Route& before);
/// Tells of it, and knocks again after a while: the event stream need not notice by itself.
void lose_connection(Step& step);

// update_form.cpp
void open_panel(Step& step);
void show_in_panel(Step& step, const Contact& contact);
void save_draft(Step& step);
void save_conflict(Step& step, const ConflictDialog& dialog);
/// What the open tab shows beside the form.
void fetch_tab(Step& step);
void handle_panel_failure(Step& step, const Request& request, const RequestFailed& reply);

// update_sync.cpp
void take_run(Step& step, const api::Run& run);
/// True: the failure of a look at the awaited run, which is simply tried again.
bool handle_poll_failure(Step& step, const Request& request, const RequestFailed& reply);

// update_review.cpp
/// Reads again what waits for a person.
void refresh_review(Step& step);
/// What Review shows has changed: who changed the contact is asked for.
void look_at_shown(Step& step);
void take_review_history(Step& step,
                         const ContactId& contact,
                         const std::vector<api::HistoryEntry>& entries);
/// True: the failure is said where the decision was made, or it is none to speak of.
bool handle_review_failure(Step& step, const Request& request, const RequestFailed& reply);

// update_palette.cpp
void find_people(Step& step);

// update_bulk.cpp
void clear_selection(Step& step);
/// True: the dialog was one of these, and is done.
bool confirm_bulk(Step& step, const Dialog& dialog);

// update_undo.cpp
/// This was done, or undone: shows and announces it, and keeps how to take it back. `answered` is
/// the request that did it.
void note_done(Step& step, RequestId answered, UndoStep done);
/// Sends a change of a contact that can be taken back: `before` is what it was.
RequestId send_patch(Step& step, PatchContact wish, const ContactFields& before);
/// Of a save that was answered; nullopt when nothing is known of it.
[[nodiscard]] std::optional<UndoStep> undo_of_save(Step& step,
                                                   const PatchContact& wish,
                                                   const ContactAnswered& answer);
/// What was to be undone was not: it can be tried again when the server was only out of reach.
void keep_undo(Step& step, const RequestFailed& failed);

// update_import.cpp
/// True: the failure is said on the Import screen.
bool handle_import_failure(Step& step, const Request& request, const RequestFailed& reply);
/// True: the dialog was the one of the export, and is done.
bool confirm_export(Step& step, const Dialog& dialog);

// update_connections.cpp
void look_at_connections(Step& step);
/// True: it is simply asked again.
bool handle_connection_failure(Step& step, const Request& request);

// One for each action.
void handle(Step& step, const Started& action);
void handle(Step& step, const HashChanged& action);
void handle(Step& step, const TimerFired& action);
void handle(Step& step, const ConnectionChanged& action);
void handle(Step& step, const ContactChanged& action);
void handle(Step& step, const RunChanged& action);
void handle(Step& step, const SystemChanged& action);
void handle(Step& step, const EventsReset& action);
void handle(Step& step, const ContactsLoaded& action);
void handle(Step& step, const ContactAnswered& action);
void handle(Step& step, const HistoryLoaded& action);
void handle(Step& step, const SelfLoaded& action);
void handle(Step& step, const SyncLoaded& action);
void handle(Step& step, const RunAnswered& action);
void handle(Step& step, const RunsLoaded& action);
void handle(Step& step, const RequestFailed& action);
void handle(Step& step, const RouteOpened& action);
void handle(Step& step, const SearchChanged& action);
void handle(Step& step, const SortClicked& action);
void handle(Step& step, const RowsShown& action);
void handle(Step& step, const FieldEdited& action);
void handle(Step& step, const FieldLeft& action);
void handle(Step& step, const SaveClicked& action);
void handle(Step& step, const CancelClicked& action);
void handle(Step& step, const DeleteClicked& action);
void handle(Step& step, const DialogConfirmed& action);
void handle(Step& step, const DialogClosed& action);
void handle(Step& step, const SideChosen& action);
void handle(Step& step, const UndoClicked& action);
void handle(Step& step, const ToastClosed& action);
void handle(Step& step, const RetryClicked& action);
void handle(Step& step, const NoticeClosed& action);
void handle(Step& step, const RestoreClicked& action);
void handle(Step& step, const SyncNowClicked& action);
void handle(Step& step, const PreviewClicked& action);
void handle(Step& step, const PauseClicked& action);
void handle(Step& step, const RunDecided& action);
void handle(Step& step, const ThemeChosen& action);
void handle(Step& step, const HelpClicked& action);
void handle(Step& step, const ProblemsToggled& action);
void handle(Step& step, const ContactSyncLoaded& action);
void handle(Step& step, const ConflictsLoaded& action);
void handle(Step& step, const ConflictAnswered& action);
void handle(Step& step, const ConflictChanged& action);
void handle(Step& step, const HoldsLoaded& action);
void handle(Step& step, const HoldDecided& action);
void handle(Step& step, const ConnectionsLoaded& action);
void handle(Step& step, const ConnectionAnswered& action);
void handle(Step& step, const ConnectPageFound& action);
void handle(Step& step, const ReviewItemChosen& action);
void handle(Step& step, const ReviewMoved& action);
void handle(Step& step, const ReviewSideChosen& action);
void handle(Step& step, const ReviewTextTyped& action);
void handle(Step& step, const ReviewApplied& action);
void handle(Step& step, const HoldDecisionClicked& action);
void handle(Step& step, const MoreClicked& action);
void handle(Step& step, const ConnectClicked& action);
void handle(Step& step, const DisconnectClicked& action);
void handle(Step& step, const PaletteOpened& action);
void handle(Step& step, const PaletteTyped& action);
void handle(Step& step, const PaletteMoved& action);
void handle(Step& step, const PaletteChosen& action);
void handle(Step& step, const PeopleFound& action);
void handle(Step& step, const RowToggled& action);
void handle(Step& step, const LoadedToggled& action);
void handle(Step& step, const EveryoneChosen& action);
void handle(Step& step, const SelectionCleared& action);
void handle(Step& step, const BulkClicked& action);
void handle(Step& step, const TagsTyped& action);
void handle(Step& step, const BulkAnswered& action);
void handle(Step& step, const UndoAnswered& action);
void handle(Step& step, const UndoPressed& action);
void handle(Step& step, const RedoPressed& action);
void handle(Step& step, const FileChosen& action);
void handle(Step& step, const ImportColumnChosen& action);
void handle(Step& step, const ImportKeyChosen& action);
void handle(Step& step, const ImportClicked& action);
void handle(Step& step, const ImportAnswered& action);
void handle(Step& step, const RefusedRowsClicked& action);
void handle(Step& step, const ExportClicked& action);
void handle(Step& step, const ExportFormatChosen& action);
void handle(Step& step, const HistoryUndoClicked& action);
void handle(Step& step, const TimelineFiltered& action);
void handle(Step& step, const GoPressed& action);

}  // namespace crm::client
