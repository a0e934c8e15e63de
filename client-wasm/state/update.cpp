// The entry of update() and the verbs that its topics share.
#include "client-wasm/state/update.h"

#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/update_parts.h"
#include "shared/text.h"

namespace crm::client {
namespace {

std::string meaning_of(const Request& request) {
    if (std::holds_alternative<CreateContact>(request) ||
        std::holds_alternative<PatchContact>(request)) {
        return "Nothing was saved. What you typed is still here.";
    }
    if (std::holds_alternative<DeleteContact>(request)) return "The contact was not deleted.";
    if (std::holds_alternative<RestoreContact>(request))
        return "The contact is still in the Trash.";
    if (std::holds_alternative<ChangeMany>(request))
        return "What was changed before that stays, and can be undone.";
    if (std::holds_alternative<UndoChange>(request)) return "Everything stays as it is.";
    if (std::holds_alternative<StartSync>(request)) return "No sync was started. Nothing was lost.";
    if (std::holds_alternative<DecideRun>(request)) return "The sync waits as before.";
    if (std::holds_alternative<PauseSystem>(request)) return "The system syncs as before.";
    if (std::holds_alternative<ResolveConflict>(request))
        return "The conflict still waits for you. No value was changed.";
    if (std::holds_alternative<DecideHold>(request)) return "The record stays where it was.";
    if (std::holds_alternative<ConnectSystem>(request)) return "The connection is as it was.";
    if (std::holds_alternative<DisconnectSystem>(request))
        return "The connection is as it was. Nothing was deleted.";
    return "Nothing was changed. What you see may be out of date.";
}

std::string what_failed(const RequestFailed& reply) {
    if (reply.failure == Failure::NoConnection) return "The server cannot be reached";
    if (reply.answer.error.code == ErrorCode::Unauthorized) {
        return "You are signed out; sign in in another tab, then try again";
    }
    if (reply.answer.error.message.empty()) return "The server could not do that";
    return reply.answer.error.message;
}

std::string details_of(const RequestFailed& reply) {
    if (reply.failure == Failure::NoConnection) return "No answer came";
    std::string details(api::error_code_text(reply.answer.error.code));
    if (!reply.answer.request_id.empty()) details += " · request " + reply.answer.request_id;
    return details;
}

}  // namespace

Effects update(AppState& state, const Action& action, TimePoint now) {
    state.now = now;
    Step step{state, {}};
    const bool was_dirty = is_dirty(state);
    std::visit([&step](const auto& happened) { handle(step, happened); }, action);
    if (is_dirty(state) != was_dirty) step.effects.push_back(GuardUnload{!was_dirty});
    return std::move(step.effects);
}

RequestId send(Step& step, Request request) {
    const RequestId id = step.state.next_id++;
    step.state.pending.emplace(id, request);
    step.effects.push_back(SendRequest{id, std::move(request)});
    return id;
}

void announce(Step& step, std::string text, Politeness politeness) {
    step.effects.push_back(Announce{std::move(text), politeness});
}

void schedule(Step& step, TimerKind kind, std::chrono::milliseconds delay) {
    const std::uint64_t timer = step.state.next_id++;
    step.state.timers.emplace(timer, kind);
    step.effects.push_back(ScheduleTimer{timer, delay});
}

void cancel_timers(Step& step, TimerKind kind) {
    auto& timers = step.state.timers;
    for (auto timer = timers.begin(); timer != timers.end();) {
        timer = timer->second == kind ? timers.erase(timer) : std::next(timer);
    }
}

void add_toast(Step& step, std::string text, std::optional<Request> undo) {
    std::vector<Toast>& toasts = step.state.toasts;
    announce(step, undo ? text + ". Undo is at hand" : text, Politeness::Polite);
    toasts.push_back({step.state.next_id++, std::move(text), std::move(undo)});
    if (toasts.size() > kToastsMax) toasts.erase(toasts.begin());
}

void add_notice(Step& step, NoticePlace place, const Failed& failed) {
    Notice notice{.id = step.state.next_id++, .place = place};
    notice.what = what_failed(failed.reply);
    notice.meaning = meaning_of(failed.request);
    notice.retry = failed.request;
    notice.details = details_of(failed.reply);
    std::vector<Notice>& notices = step.state.notices;
    // The same failure again says nothing new.
    const auto same = std::find_if(notices.begin(), notices.end(), [&notice](const Notice& other) {
        return other.place == notice.place && other.retry == notice.retry;
    });
    announce(step, as_sentence(notice.what) + " " + notice.meaning, Politeness::Assertive);
    if (same != notices.end()) notices.erase(same);
    notices.push_back(std::move(notice));
}

void drop_notices(Step& step, NoticePlace place) {
    std::vector<Notice>& notices = step.state.notices;
    notices.erase(std::remove_if(notices.begin(),
                                 notices.end(),
                                 [place](const Notice& notice) { return notice.place == place; }),
                  notices.end());
}

// --- actions of no topic
// --------------------------------------------------------------------------------

void handle(Step& step, const RequestFailed& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const Request request = std::move(found->second);
    step.state.pending.erase(found);
    keep_undo(step, action);
    if (action.failure == Failure::NoConnection) lose_connection(step);
    if (const auto* list = std::get_if<FetchContacts>(&request)) {
        handle_list_failure(step, *list, action);
        return;
    }
    const bool is_of_panel = std::holds_alternative<CreateContact>(request) ||
                             std::holds_alternative<PatchContact>(request) ||
                             std::holds_alternative<FetchContact>(request) ||
                             std::holds_alternative<FetchContactSync>(request) ||
                             std::holds_alternative<FetchHistory>(request);
    if (is_of_panel) {
        handle_panel_failure(step, request, action);
        return;
    }
    if (handle_poll_failure(step, request, action)) return;
    if (handle_review_failure(step, request, action)) return;
    if (handle_connection_failure(step, request)) return;
    if (handle_import_failure(step, request, action)) return;
    // Look-ups behind the scenes say nothing while the banner already tells of the connection.
    if (std::holds_alternative<FindPeople>(request)) return;  // what can be done is still there
    const bool is_quiet =
        std::holds_alternative<FetchSync>(request) || std::holds_alternative<FetchSelf>(request);
    if (is_quiet && action.failure == Failure::NoConnection) return;
    add_notice(step, NoticePlace::Screen, {request, action});
}

void handle(Step& step, const RetryClicked& action) {
    std::vector<Notice>& notices = step.state.notices;
    const auto found =
        std::find_if(notices.begin(), notices.end(), [&action](const Notice& notice) {
            return notice.id == action.notice;
        });
    if (found == notices.end() || !found->retry) return;
    const Request request = std::move(*found->retry);
    notices.erase(found);
    if (const auto* list = std::get_if<FetchContacts>(&request)) {
        list_for(step, list->list).is_failed = false;
        want_rows(step, list->list);
        return;
    }
    // A save takes what is typed by now, not what was typed then.
    if (std::holds_alternative<CreateContact>(request) ||
        std::holds_alternative<PatchContact>(request)) {
        save_draft(step);
        return;
    }
    send(step, request);
}

void handle(Step& step, const NoticeClosed& action) {
    std::vector<Notice>& notices = step.state.notices;
    notices.erase(
        std::remove_if(notices.begin(),
                       notices.end(),
                       [&action](const Notice& notice) { return notice.id == action.notice; }),
        notices.end());
}

void handle(Step& step, const ToastClosed& action) {
    std::vector<Toast>& toasts = step.state.toasts;
    toasts.erase(std::remove_if(toasts.begin(),
                                toasts.end(),
                                [&action](const Toast& toast) { return toast.id == action.toast; }),
                 toasts.end());
}

void handle(Step& step, const TimerFired& action) {
    const auto found = step.state.timers.find(action.timer);
    if (found == step.state.timers.end()) return;
    const TimerKind kind = found->second;
    step.state.timers.erase(found);
    switch (kind) {
        case TimerKind::Search: {
            Route route = step.state.route;
            const HistoryMode mode =
                route.screen == Screen::Contacts ? HistoryMode::Replace : HistoryMode::Push;
            if (route.screen != Screen::Contacts) route = Route{};
            route.text = step.state.search_text;
            go(step, std::move(route), mode);
            return;
        }
        case TimerKind::Refresh:
            refresh_lists(step);
            return;
        case TimerKind::Flash:
            step.state.flashes.clear();
            return;
        case TimerKind::Tick:
            schedule(step, TimerKind::Tick, kTickPeriod);
            return;
        case TimerKind::Probe:
            if (step.state.connection == Connection::Lost) send(step, FetchSync{});
            return;
        case TimerKind::Palette:
            find_people(step);
            return;
        case TimerKind::GoKey:
            step.state.is_go_awaited = false;
            return;
        case TimerKind::ConnectionPoll:
            look_at_connections(step);
            return;
        case TimerKind::Poll:
            if (step.state.sync.awaited_run.is_set())
                send(step, FetchRun{step.state.sync.awaited_run});
            return;
    }
}

void handle(Step& step, const SelfLoaded& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    step.state.self = action.self;
}

void handle(Step& step, const ThemeChosen& action) {
    step.state.theme = action.theme;
    step.effects.push_back(SaveTheme{action.theme});
}

void handle(Step& step, const ProblemsToggled& action) {
    std::set<std::string>& shown = step.state.sync.shown_causes;
    if (shown.erase(action.cause) == 0) shown.insert(action.cause);
}

void handle(Step& step, const HelpClicked& /*action*/) {
    if (std::holds_alternative<std::monostate>(step.state.dialog)) step.state.dialog = HelpDialog{};
}

}  // namespace crm::client
