#include "client-wasm/state/select.h"

#include <algorithm>
#include <array>

#include "client-wasm/limits.h"
#include "shared/api_json.h"
#include "shared/contact_parse.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm::client {
namespace {

bool has_problem_shown(const Draft& draft, const FieldSpec& spec) {
    return draft.left_fields.count(std::string(spec.wire)) != 0;
}

struct Sums {
    std::int64_t failing = 0;
    std::int64_t pending = 0;
    std::optional<TimePoint> last_run_at;
    const api::SystemStatus* reconnect = nullptr;
    std::size_t paused = 0;
    bool is_held = false;
};

Sums sum_up(const api::SyncStatus& status) {
    Sums sums;
    for (const api::SystemStatus& system : status.systems) {
        sums.failing += system.failing;
        // One contact that waits for two systems is one.
        sums.pending = std::max(sums.pending, system.pending);
        if (system.last_run_at && (!sums.last_run_at || *sums.last_run_at < *system.last_run_at)) {
            sums.last_run_at = system.last_run_at;
        }
        if (system.state == "reconnect" && sums.reconnect == nullptr) sums.reconnect = &system;
        if (system.state == "paused") ++sums.paused;
        if (system.state == "held") sums.is_held = true;
    }
    if (status.run && status.run->ended_at) {
        sums.last_run_at = std::max(sums.last_run_at.value_or(TimePoint{}), *status.run->ended_at);
    }
    return sums;
}

Pill running_pill(const api::Run& run) {
    if (run.total == 0) return {Tone::Info, "Working…"};
    return {Tone::Info, "Working: " + count_text(run.done) + " of " + count_text(run.total)};
}

Pill resting_pill(const api::SyncStatus& status, TimePoint now) {
    const Sums sums = sum_up(status);
    const std::string ago =
        sums.last_run_at ? " · " + ago_text(now, *sums.last_run_at) : std::string();
    const bool is_held = sums.is_held || (status.run && status.run->state == api::RunState::Held);
    if (sums.reconnect != nullptr)
        return {Tone::Error, sums.reconnect->label + ": reconnect needed"};
    if (status.run && status.run->state == api::RunState::Failed)
        return {Tone::Error, "Last run failed" + ago};
    if (is_held) return {Tone::Warn, "Waits for your approval"};
    if (sums.failing > 0) {
        return {Tone::Warn,
                count_text(sums.failing) + (sums.failing == 1 ? " needs you" : " need you") + ago};
    }
    if (sums.paused == status.systems.size()) return {Tone::Neutral, "Paused"};
    if (sums.pending > 0) return {Tone::Info, count_text(sums.pending) + " pending" + ago};
    if (!sums.last_run_at) return {Tone::Neutral, "Connected"};
    return {Tone::Ok, "Up to date" + ago};
}

}  // namespace

std::string theme_text(ThemeChoice theme) {
    switch (theme) {
        case ThemeChoice::System:
            return "system";
        case ThemeChoice::Light:
            return "light";
        case ThemeChoice::Dark:
            return "dark";
    }
    return "system";
}

ThemeChoice parse_theme(std::string_view text) {
    for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
        if (theme_text(theme) == text) return theme;
    }
    return ThemeChoice::System;
}

const ContactList& list_of(const AppState& state, ListKind kind) {
    return kind == ListKind::Live ? state.contacts : state.trash;
}

const Contact* find_row(const ContactList& list, std::int64_t row) {
    const auto page = list.pages.find(row / kListPageRows);
    if (page == list.pages.end() || row < 0) return nullptr;
    const auto index = static_cast<std::size_t>(row % kListPageRows);
    return index < page->second.size() ? &page->second[index] : nullptr;
}

const Contact* find_contact(const ContactList& list, const ContactId& id) {
    const std::optional<std::int64_t> row = find_row_of(list, id);
    return row ? find_row(list, *row) : nullptr;
}

std::optional<std::int64_t> find_row_of(const ContactList& list, const ContactId& id) {
    for (const auto& [page, contacts] : list.pages) {
        for (std::size_t index = 0; index < contacts.size(); ++index) {
            if (contacts[index].id == id)
                return page * kListPageRows + static_cast<std::int64_t>(index);
        }
    }
    return std::nullopt;
}

bool is_dirty(const Draft& draft) {
    for (const FieldSpec& spec : kContactFields) {
        if (draft.fields.*spec.member != draft.base.fields.*spec.member) return true;
    }
    return false;
}

bool is_dirty(const AppState& state) {
    return state.panel.draft && is_dirty(*state.panel.draft);
}

std::map<std::string, std::string> all_problems(const Draft& draft) {
    std::map<std::string, std::string> problems;
    for (const FieldSpec& spec : kContactFields) {
        std::string problem = field_problem(spec, trim(draft.fields.*spec.member));
        if (!problem.empty()) problems.emplace(std::string(spec.wire), std::move(problem));
    }
    if (!problems.empty() || draft.base.id.is_set()) return problems;
    ContactFields trimmed;
    for (const FieldSpec& spec : kContactFields)
        trimmed.*spec.member = trim(draft.fields.*spec.member);
    const Status status = check_new_contact(trimmed);
    if (status.is_ok()) return problems;
    problems = status.error().fields;
    if (problems.empty()) problems.emplace("name", status.error().message);
    return problems;
}

std::map<std::string, std::string> shown_problems(const Draft& draft) {
    std::map<std::string, std::string> problems = draft.server_problems;
    for (const auto& [wire, problem] : all_problems(draft)) {
        const FieldSpec* spec = find_field(wire);
        if (spec != nullptr && has_problem_shown(draft, *spec)) problems.emplace(wire, problem);
    }
    // That something is needed at all is said on Save, not to somebody who is about to type it.
    const bool has_tried = draft.left_fields.size() == kContactFields.size();
    const bool is_empty_form = !draft.base.id.is_set() && !is_dirty(draft);
    if (is_empty_form && !has_tried) return draft.server_problems;
    return problems;
}

std::string field_hint(const Draft& draft, std::string_view field) {
    if (field == "phone") return phone_hint(trim(draft.fields.phone));
    return "";
}

ContactPatch draft_patch(const Draft& draft) {
    ContactPatch patch;
    for (const FieldSpec& spec : kContactFields) {
        const std::string text = trim(draft.fields.*spec.member);
        if (text != draft.base.fields.*spec.member)
            patch.texts.emplace(std::string(spec.wire), text);
    }
    return patch;
}

bool is_ended(const api::Run& run) {
    return run.state != api::RunState::Queued && run.state != api::RunState::Running;
}

bool is_sync_running(const AppState& state) {
    const std::optional<api::SyncStatus>& status = state.sync.status;
    if (!status || !status->run || is_ended(*status->run)) return false;
    // A timer's look that finds nothing to do is no news to anybody.
    return status->run->trigger != "timer" || status->run->total > 0;
}

Pill sync_pill(const AppState& state) {
    if (state.connection == Connection::Lost) return {Tone::Error, "No connection"};
    if (!state.sync.status) return {Tone::Neutral, "Connecting…"};
    if (state.sync.status->systems.empty()) return {Tone::Neutral, "Nothing connected"};
    if (is_sync_running(state)) return running_pill(*state.sync.status->run);
    return resting_pill(*state.sync.status, state.now);
}

std::string run_text(const api::Run& run) {
    switch (run.state) {
        case api::RunState::Queued:
            return "Queued";
        case api::RunState::Running:
            return run.total == 0
                       ? "Running"
                       : "Running " + count_text(run.done) + " of " + count_text(run.total);
        case api::RunState::Done:
            return "Done";
        case api::RunState::DoneWithProblems:
            return run.problems.size() == 1
                       ? "Done with 1 problem"
                       : "Done with " + count_text(static_cast<std::int64_t>(run.problems.size())) +
                             " problems";
        case api::RunState::Held:
            return "Held for your approval";
        case api::RunState::Superseded:
            return "Replaced by a newer run";
        case api::RunState::Failed:
            return "Failed";
        case api::RunState::Cancelled:
            return "Stopped";
    }
    return "";
}

Tone run_tone(const api::Run& run) {
    switch (run.state) {
        case api::RunState::Queued:
        case api::RunState::Running:
            return Tone::Info;
        case api::RunState::Done:
            return Tone::Ok;
        case api::RunState::DoneWithProblems:
        case api::RunState::Held:
            return Tone::Warn;
        case api::RunState::Failed:
            return Tone::Error;
        case api::RunState::Superseded:
        case api::RunState::Cancelled:
            return Tone::Neutral;
    }
    return Tone::Neutral;
}

std::string link_word(LinkState state) {
    switch (state) {
        case LinkState::Synced:
            return "Synced";
        case LinkState::Pending:
            return "Pending";
        case LinkState::Conflict:
            return "Conflict";
        case LinkState::Error:
            return "Error";
        case LinkState::NotLinked:
            return "Not linked";
    }
    return "";
}

std::string ago_text(TimePoint now, TimePoint then) {
    using std::chrono::duration_cast;
    const auto age = now - then;
    const std::int64_t minutes = duration_cast<std::chrono::minutes>(age).count();
    if (minutes < 1) return "just now";
    if (minutes < 60) return std::to_string(minutes) + " min ago";
    if (minutes < 24 * 60) return std::to_string(minutes / 60) + " h ago";
    if (minutes < 48 * 60) return "yesterday";
    constexpr std::array<const char*, 12> kMonths{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(then)};
    return std::to_string(static_cast<unsigned>(date.day())) + " " +
           kMonths[static_cast<unsigned>(date.month()) - 1] + " " +
           std::to_string(static_cast<int>(date.year()));
}

std::string count_text(std::int64_t count) {
    std::string digits = std::to_string(count < 0 ? -count : count);
    for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
    return count < 0 ? "-" + digits : digits;
}

bool is_settled(const AppState& state) {
    if (!state.pending.empty()) return false;
    return std::none_of(state.timers.begin(), state.timers.end(), [](const auto& timer) {
        return timer.second == TimerKind::Search || timer.second == TimerKind::Refresh;
    });
}

std::string sign_in_address(const AppState& state, int status) {
    const bool is_nobody = api::error_code_of_status(status) == ErrorCode::Unauthorized;
    if (!is_nobody || is_dirty(state)) return {};
    return "/login?next=" + percent_encode("/" + format_route(state.route));
}

}  // namespace crm::client
