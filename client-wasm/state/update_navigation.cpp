// Where the person is: addresses, screens, the question before unsaved text is left, search and
// sorting.
#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/update_parts.h"
#include "shared/text.h"

namespace crm::client {
namespace {

bool is_same_panel(const Route& left, const Route& right) {
    return has_panel(left) == has_panel(right) && left.contact == right.contact &&
           left.is_new_contact == right.is_new_contact;
}

bool is_same_query(const Route& left, const Route& right) {
    return left.text == right.text && left.sort == right.sort;
}

/// Review and Sync tell of the same runs.
void enter_sync(Step& step) {
    step.state.sync.opened_run.reset();
    send(step, FetchSync{});
    send(step, FetchRuns{});
    if (step.state.route.run.is_set()) send(step, FetchRun{step.state.route.run});
}

void enter_review(Step& step) {
    ReviewState& review = step.state.review;
    review.current.clear();
    review.side.clear();
    review.refusal.reset();
    refresh_review(step);
    look_at_shown(step);
}

}  // namespace

void go(Step& step, Route route, HistoryMode mode) {
    const Route before = std::exchange(step.state.route, std::move(route));
    if (before == step.state.route) return;
    step.effects.push_back(OpenHash{format_route(step.state.route), mode});
    enter_route(step, before);
}

void go_or_ask(Step& step, const Route& route) {
    if (is_dirty(step.state) && !is_same_panel(step.state.route, route)) {
        step.state.dialog = LeaveDialog{route};
        return;
    }
    go(step, route, HistoryMode::Push);
}

void enter_route(Step& step, const Route& before) {
    const Route& route = step.state.route;
    step.state.is_go_awaited = false;
    const bool is_moved = before.screen != route.screen;
    if (is_moved) drop_notices(step, NoticePlace::Screen);
    if (is_moved || !is_same_query(before, route)) clear_selection(step);
    if (!is_same_panel(before, route)) {
        open_panel(step);
    } else if (before.tab != route.tab) {
        fetch_tab(step);
    }
    switch (route.screen) {
        case Screen::Contacts:
            if (!is_same_query(before, route)) {
                reset_list(step, ListKind::Live);
            } else {
                want_rows(step, ListKind::Live);
            }
            return;
        case Screen::Trash:
            if (is_moved) reset_list(step, ListKind::Trash);
            return;
        case Screen::Sync:
            if (is_moved || before.run != route.run) enter_sync(step);
            return;
        case Screen::Review:
            if (is_moved) enter_sync(step);
            if (is_moved || before.tab != route.tab) enter_review(step);
            return;
        case Screen::Settings:
            if (is_moved) send(step, FetchConnections{});
            return;
        case Screen::Import:
            return;
    }
}

void handle(Step& step, const Started& action) {
    AppState& state = step.state;
    state.theme = action.theme;
    state.route = parse_route(action.hash);
    state.search_text = state.route.text;
    send(step, FetchSelf{});
    send(step, FetchSync{});
    refresh_review(step);
    schedule(step, TimerKind::Tick, kTickPeriod);
    if (has_panel(state.route)) open_panel(step);
    switch (state.route.screen) {
        case Screen::Contacts:
            want_rows(step, ListKind::Live);
            return;
        case Screen::Trash:
            want_rows(step, ListKind::Trash);
            return;
        case Screen::Sync:
        case Screen::Review:
            enter_sync(step);
            return;
        case Screen::Settings:
            send(step, FetchConnections{});
            return;
        case Screen::Import:
            return;
    }
}

void handle(Step& step, const HashChanged& action) {
    AppState& state = step.state;
    const Route target = parse_route(action.hash);
    if (target == state.route) return;
    if (is_dirty(state) && !is_same_panel(state.route, target)) {
        // The browser has moved already: the address goes back to where the text is.
        step.effects.push_back(OpenHash{format_route(state.route), HistoryMode::Push});
        state.dialog = LeaveDialog{target};
        return;
    }
    const Route before = std::exchange(state.route, target);
    state.search_text = target.text;
    cancel_timers(step, TimerKind::Search);
    enter_route(step, before);
}

void handle(Step& step, const RouteOpened& action) {
    go_or_ask(step, action.route);
}

void handle(Step& step, const SearchChanged& action) {
    if (action.text == step.state.search_text) return;
    step.state.search_text = action.text;
    cancel_timers(step, TimerKind::Search);
    schedule(step, TimerKind::Search, kSearchPause);
}

void handle(Step& step, const SortClicked& action) {
    Route route = step.state.route;
    // Without a sort the list is by name: a click on Name then turns it round.
    const SortKey current = route.sort.empty() ? SortKey{"name", false} : route.sort.front();
    const bool is_turned = current.field == action.field && !current.is_descending;
    route.sort = {{action.field, is_turned}};
    if (route.sort.front() == SortKey{"name", false}) route.sort.clear();
    go(step, std::move(route), HistoryMode::Replace);
}

void handle(Step& step, const DialogConfirmed& /*action*/) {
    const Dialog dialog = std::exchange(step.state.dialog, std::monostate());
    if (const auto* deletion = std::get_if<DeleteDialog>(&dialog)) {
        send(step, DeleteContact{deletion->id});
    } else if (const auto* leave = std::get_if<LeaveDialog>(&dialog)) {
        step.state.panel = ContactPanel{};
        step.state.search_text = leave->target.text;
        go(step, leave->target, HistoryMode::Push);
    } else if (const auto* conflict = std::get_if<ConflictDialog>(&dialog)) {
        save_conflict(step, *conflict);
    } else if (const auto* disconnect = std::get_if<DisconnectDialog>(&dialog)) {
        send(step, DisconnectSystem{disconnect->connection.system});
    } else {
        const bool is_done = confirm_bulk(step, dialog) || confirm_export(step, dialog);
        const auto* undo = std::get_if<UndoDialog>(&dialog);
        if (!is_done && undo != nullptr) send(step, UndoChange{undo->id});
    }
}

void handle(Step& step, const DialogClosed& /*action*/) {
    step.state.dialog = std::monostate();
}

void lose_connection(Step& step) {
    step.state.connection = Connection::Lost;
    cancel_timers(step, TimerKind::Probe);
    schedule(step, TimerKind::Probe, kProbePeriod);
}

void handle(Step& step, const ConnectionChanged& action) {
    AppState& state = step.state;
    if (action.connection == Connection::Lost) {
        lose_connection(step);
        return;
    }
    const Connection before = std::exchange(state.connection, action.connection);
    if (before == action.connection || action.connection != Connection::Live) return;
    if (before != Connection::Lost) return;
    announce(step, "Connected again", Politeness::Polite);
    handle(step, EventsReset{});
}

void handle(Step& step, const EventsReset& /*action*/) {
    step.state.contacts.is_failed = false;
    step.state.trash.is_failed = false;
    drop_notices(step, NoticePlace::List);
    refresh_lists(step);
    if (step.state.route.screen == Screen::Trash) {
        want_rows(step, ListKind::Trash);
    } else {
        want_rows(step, ListKind::Live);
    }
    send(step, FetchSync{});
    refresh_review(step);
    if (step.state.route.screen == Screen::Settings) send(step, FetchConnections{});
    if (!step.state.self) send(step, FetchSelf{});
    const ContactId& open = step.state.route.contact;
    if (open.is_set() && !is_dirty(step.state)) send(step, FetchContact{open});
}

}  // namespace crm::client
