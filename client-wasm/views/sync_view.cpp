// Sync: how each system stands, what went wrong, what ran; and Review: what waits for a person.
#include <algorithm>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kSystemCardHeight = 140;
constexpr float kRunCardHeight = 64;
constexpr float kHeadingHeight = 24;
constexpr std::size_t kProblemsShown = 100;

std::string state_word(const api::SystemStatus& system) {
    if (system.state == "connected") return "Connected";
    if (system.state == "reconnect") return "Reconnect needed";
    if (system.state == "paused") return "Paused";
    if (system.state == "rate_limited") return "Rate-limited";
    if (system.state == "held") return "Held for your approval";
    return system.state;
}

ui::BadgeKind state_badge(const api::SystemStatus& system) {
    if (system.state == "connected") return ui::BadgeKind::Synced;
    if (system.state == "reconnect") return ui::BadgeKind::Error;
    if (system.state == "held") return ui::BadgeKind::Held;
    if (system.state == "rate_limited") return ui::BadgeKind::Pending;
    return ui::BadgeKind::Paused;
}

void draw_system(Stage& stage, const ui::Rect& rect, const api::SystemStatus& system) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Region, "system-" + system.key, system.label, rect);
    ui.card(rect);
    ui::Rect area = rect.inset(ui::kGap4);
    ui::Rect line = area.cut_top(kHeadingHeight, ui::kGap2);
    const std::string word = state_word(system);
    ui.badge(line.cut_right(ui.badge_width(word), ui::kGap2), state_badge(system), word);
    ui.heading(2, line, system.label, ui::TextStyle::Title);
    const std::string counts =
        count_text(system.in_sync) + " in sync · " + count_text(system.pending) + " pending · " +
        count_text(system.excluded) + " left out · " + count_text(system.failing) +
        (system.failing == 1 ? " needs you" : " need you");
    ui.text(area.cut_top(20, ui::kGap1), counts, ui::TextStyle::Body);
    std::string last = system.last_run_at
                           ? "Last run " + ago_text(stage.state.now, *system.last_run_at)
                           : std::string("No run yet");
    ui::Rect bottom = area.cut_top(stage.ui.control_height());
    const bool is_paused = system.state == "paused";
    const std::string label = (is_paused ? "Resume " : "Pause ") + system.label;
    const ui::ButtonSpec spec{.label = label, .kind = ui::ButtonKind::Ghost};
    if (ui.button("pause", bottom.cut_right(ui.button_width(spec), ui::kGap2), spec)) {
        stage.actions.push(PauseClicked{system.key, !is_paused});
    }
    ui.text(bottom, last, ui::TextStyle::Caption, ui::Tone::Secondary);
    // Why a run is held stands with the run.
    if (!system.reason.empty() && system.state != "held") {
        ui.text(area.cut_top(20), system.reason, ui::TextStyle::Caption, ui::Tone::Secondary);
    }
    ui.end();
}

std::string writes_text(const AppState& state, const api::Run& run) {
    std::string text;
    for (const auto& [where, count] : run.writes) {
        std::string label = where == "app" ? "here" : "in " + where;
        if (state.sync.status) {
            for (const api::SystemStatus& system : state.sync.status->systems) {
                if (system.key == where) label = "in " + system.label;
            }
        }
        if (count > 0) text += (text.empty() ? "" : ", ") + count_text(count) + " " + label;
    }
    if (run.is_preview || run.state == api::RunState::Held) {
        text = text.empty() ? "Nothing was changed" : "Changed " + text;
    } else {
        text = text.empty() ? "Nothing to change" : "Changed " + text;
    }
    if (run.pending > 0) text += " · " + count_text(run.pending) + " pending";
    return text;
}

std::string run_name(const api::Run& run) {
    if (!run.started_at) return "Run not begun";
    const std::string stamp = format_time(*run.started_at);  // "2026-01-31T09:12:00.000Z"
    return (run.is_preview ? "Preview " : "Run ") + stamp.substr(0, 10) + " " +
           stamp.substr(11, 8) + " UTC";
}

bool has_records_elsewhere(const Stage& stage, const api::Run& run) {
    return run.records_total > 0 && stage.state.route.run != run.id;
}

void draw_decision(Stage& stage, ui::Rect line, const api::Run& run) {
    ui::Ui& ui = stage.ui;
    const auto choice = [&](std::string_view id, const ui::ButtonSpec& spec, RunDecision decision) {
        const ui::Rect rect = line.cut_left(ui.button_width(spec), ui::kGap2);
        if (ui.button(id, rect, spec)) stage.actions.push(RunDecided{run.id, decision});
    };
    if (run.state == api::RunState::Held) {
        choice("approve",
               {.label = strings::kApprove, .kind = ui::ButtonKind::Primary},
               RunDecision::Approve);
        choice("discard", {.label = strings::kDiscard}, RunDecision::Discard);
    } else if (!is_ended(run)) {
        choice("stop", {.label = strings::kStopRun}, RunDecision::Cancel);
    }
    if (!has_records_elsewhere(stage, run)) return;
    Route target;
    target.screen = Screen::Sync;
    target.run = run.id;
    const std::string href = format_route(target);
    const ui::Rect link =
        line.cut_left(ui.text_width(strings::kSeeRecords, ui::TextStyle::Body) + 2);
    if (ui.link("records", link, {.name = strings::kSeeRecords, .href = href})) {
        stage.actions.push(RouteOpened{target});
    }
}

bool has_decision(const Stage& stage, const api::Run& run) {
    return run.state == api::RunState::Held || !is_ended(run) || has_records_elsewhere(stage, run);
}

float current_height(const Stage& stage, const api::Run& run, float width) {
    float height = 2 * ui::kGap4 + kHeadingHeight + ui::kGap2 + 20;
    if (!run.reason.empty()) {
        height +=
            stage.ui.paragraph_height(width - 2 * ui::kGap4, run.reason, ui::TextStyle::Body) +
            ui::kGap1;
    }
    if (!is_ended(run) && run.total > 0) height += ui::kGap4;
    if (has_decision(stage, run)) height += ui::kGap3 + stage.ui.control_height();
    return height;
}

void draw_current(Stage& stage, const ui::Rect& rect, const api::Run& run) {
    ui::Ui& ui = stage.ui;
    ui.card(rect);
    ui::Rect area = rect.inset(ui::kGap4);
    ui::Rect line = area.cut_top(kHeadingHeight, ui::kGap2);
    const std::string word = run_text(run);
    ui.badge(line.cut_right(ui.badge_width(word), ui::kGap2), badge_of(run), word);
    ui.heading(2, line, run_name(run), ui::TextStyle::Title);
    ui.text(
        area.cut_top(20), writes_text(stage.state, run), ui::TextStyle::Body, ui::Tone::Secondary);
    if (!run.reason.empty()) {
        const float height = ui.paragraph_height(area.width, run.reason, ui::TextStyle::Body);
        ui.paragraph(area.cut_top(height, ui::kGap1), run.reason, ui::TextStyle::Body);
    }
    if (!is_ended(run) && run.total > 0) {
        ui.progress(area.cut_top(8, ui::kGap2),
                    "Progress",
                    static_cast<double>(run.done),
                    static_cast<double>(run.total));
    }
    if (has_decision(stage, run)) {
        area.cut_top(ui::kGap3);
        draw_decision(stage, area.cut_top(ui.control_height()), run);
    }
}

std::string problem_details(const AppState& state, const api::RunProblem& problem) {
    std::string text =
        problem.system.empty() ? problem.code : problem.system + " · " + problem.code;
    if (!problem.record_id.empty()) text += " · record " + problem.record_id;
    if (problem.next_try_at && *problem.next_try_at > state.now) {
        text += " · next try " + format_time(*problem.next_try_at).substr(11, 5) + " UTC";
    }
    return text;
}

float problem_height(const Stage& stage, const api::RunProblem& problem, float width) {
    const float inner = width - 2 * ui::kGap3;
    float height = 2 * ui::kGap3 +
                   stage.ui.paragraph_height(inner, problem.message, ui::TextStyle::BodyMedium) +
                   20;
    if (!problem.action.empty()) {
        height += stage.ui.paragraph_height(inner, problem.action, ui::TextStyle::Body);
    }
    return height;
}

std::string problem_link(const AppState& state, const api::RunProblem& problem, std::size_t index) {
    const Contact* contact = find_contact(state.contacts, ContactId(problem.contact_id));
    const std::string who =
        contact == nullptr ? "contact " + std::to_string(index + 1) : display_name(contact->fields);
    return "Open " + who + " (" + problem.system + ", " + problem.code + ")";
}

void draw_problem(Stage& stage,
                  const ui::Rect& rect,
                  const api::RunProblem& problem,
                  std::size_t index) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::ListItem, "problem-" + std::to_string(index), "", rect);
    ui.card(rect);
    ui::Rect area = rect.inset(ui::kGap3);
    const float width = area.width;
    ui.paragraph(
        area.cut_top(ui.paragraph_height(width, problem.message, ui::TextStyle::BodyMedium)),
        problem.message,
        ui::TextStyle::BodyMedium);
    if (!problem.action.empty()) {
        ui.paragraph(area.cut_top(ui.paragraph_height(width, problem.action, ui::TextStyle::Body)),
                     problem.action,
                     ui::TextStyle::Body,
                     ui::Tone::Secondary);
    }
    ui::Rect line = area.cut_top(20);
    if (!problem.contact_id.empty()) {
        const Route target = with_contact(Route{}, ContactId(problem.contact_id));
        const std::string name = problem_link(stage.state, problem, index);
        const std::string href = format_route(target);
        const float link_width = ui.text_width(name, ui::TextStyle::Caption) + 2;
        if (ui.link("open",
                    line.cut_right(link_width, ui::kGap3),
                    {.name = name, .href = href, .style = ui::TextStyle::Caption})) {
            stage.actions.push(RouteOpened{target});
        }
    }
    ui.text(line, problem_details(stage.state, problem), ui::TextStyle::Caption, ui::Tone::Hint);
    ui.end();
}

std::size_t problem_count(const api::Run& run) {
    return std::min(run.problems.size(), kProblemsShown);
}

float problems_height(const Stage& stage, const api::Run& run, float width) {
    float height = 0;
    for (std::size_t index = 0; index < problem_count(run); ++index) {
        height += problem_height(stage, run.problems[index], width) + ui::kGap2;
    }
    return height;
}

void draw_problems(Stage& stage, ui::Rect& area, const api::Run& run) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::List, "problems", strings::kProblems, area);
    for (std::size_t index = 0; index < problem_count(run); ++index) {
        const float height = problem_height(stage, run.problems[index], area.width);
        const ui::Rect rect = area.cut_top(height, ui::kGap2);
        if (ui.is_visible(rect)) draw_problem(stage, rect, run.problems[index], index);
    }
    ui.end();
}

void draw_run_line(Stage& stage, const ui::Rect& rect, const api::Run& run) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::ListItem, "run-" + run.id.text, "", rect);
    ui.line_below(rect);
    ui::Rect area = rect.inset(ui::kGap3, ui::kGap2);
    ui::Rect line = area.cut_top(24);
    const std::string word = run_text(run);
    ui.badge(line.cut_right(ui.badge_width(word), ui::kGap2), badge_of(run), word);
    Route target;
    target.screen = Screen::Sync;
    target.run = run.id;
    const std::string name = run_name(run);
    const std::string href = format_route(target);
    const ui::Rect link = line.cut_left(ui.text_width(name, ui::TextStyle::BodyMedium) + 2);
    if (ui.link("open", link, {.name = name, .href = href, .style = ui::TextStyle::BodyMedium})) {
        stage.actions.push(RouteOpened{target});
    }
    ui.text(area, writes_text(stage.state, run), ui::TextStyle::Caption, ui::Tone::Secondary);
    ui.end();
}

void draw_runs(Stage& stage, ui::Rect& area) {
    ui::Ui& ui = stage.ui;
    const std::vector<api::Run>& runs = stage.state.sync.runs;
    ui.heading(2, area.cut_top(kHeadingHeight, ui::kGap2), strings::kRuns, ui::TextStyle::Title);
    if (runs.empty()) {
        ui.text(area.cut_top(20), strings::kNoRuns, ui::TextStyle::Body, ui::Tone::Secondary);
        return;
    }
    ui::Rect box = area.cut_top(kRunCardHeight * static_cast<float>(runs.size()));
    ui.begin(ui::Landmark::List, "runs", strings::kRuns, box);
    ui.card(box);
    for (const api::Run& run : runs) {
        const ui::Rect rect = box.cut_top(kRunCardHeight);
        if (ui.is_visible(rect)) draw_run_line(stage, rect, run);
    }
    ui.end();
}

void draw_systems(Stage& stage, ui::Rect& area, const std::vector<api::SystemStatus>& systems) {
    const bool is_wide = area.width > 720;
    const float width = is_wide ? (area.width - ui::kGap4) / 2 : area.width;
    for (std::size_t index = 0; index < systems.size(); index += is_wide ? 2 : 1) {
        ui::Rect row = area.cut_top(kSystemCardHeight, ui::kGap3);
        draw_system(stage, row.cut_left(width, ui::kGap4), systems[index]);
        if (is_wide && index + 1 < systems.size())
            draw_system(stage, row.cut_left(width), systems[index + 1]);
    }
}

float systems_height(std::size_t count, float width) {
    const std::size_t rows = width > 720 ? (count + 1) / 2 : count;
    return static_cast<float>(rows) * (kSystemCardHeight + ui::kGap3);
}

void overview(Stage& stage, const ui::Rect& rect) {
    ui::Ui& ui = stage.ui;
    const SyncState& sync = stage.state.sync;
    if (!sync.status) {
        ui.skeleton(rect, 6, ui::kRowHeight);
        return;
    }
    const std::vector<api::SystemStatus>& systems = sync.status->systems;
    const std::optional<api::Run>& run = sync.status->run;
    const bool has_problems = run && !run->problems.empty();
    float height = systems_height(systems.size(), rect.width) + kHeadingHeight + ui::kGap2 + 48;
    if (!systems.empty()) height += ui.control_height() + ui::kGap3;
    if (systems.empty()) height += 32;
    if (run) height += current_height(stage, *run, rect.width) + ui::kGap4;
    if (has_problems)
        height += kHeadingHeight + ui::kGap2 + problems_height(stage, *run, rect.width) + ui::kGap4;
    height += kRunCardHeight * static_cast<float>(sync.runs.size());
    ui::Rect area = ui.begin_scroll("sync", rect, height);
    if (systems.empty()) {
        ui.text(area.cut_top(20, ui::kGap3),
                strings::kNoSystems,
                ui::TextStyle::Body,
                ui::Tone::Secondary);
    }
    draw_systems(stage, area, systems);
    if (!systems.empty()) {
        ui::Rect line = area.cut_top(ui.control_height(), ui::kGap3);
        const ui::ButtonSpec spec{.label = strings::kPreview};
        if (ui.button("preview", line.cut_left(ui.button_width(spec)), spec)) {
            stage.actions.push(PreviewClicked{});
        }
    }
    if (run)
        draw_current(stage, area.cut_top(current_height(stage, *run, area.width), ui::kGap4), *run);
    if (has_problems) {
        ui.heading(
            2, area.cut_top(kHeadingHeight, ui::kGap2), strings::kProblems, ui::TextStyle::Title);
        draw_problems(stage, area, *run);
        area.cut_top(ui::kGap2);
    }
    draw_runs(stage, area);
    ui.end_scroll();
}

void one_run(Stage& stage, ui::Rect rect) {
    ui::Ui& ui = stage.ui;
    Route back;
    back.screen = Screen::Sync;
    const std::string href = format_route(back);
    ui::Rect line = rect.cut_top(24, ui::kGap2);
    const ui::Rect link = line.cut_left(ui.text_width(strings::kAllRuns, ui::TextStyle::Body) + 2);
    if (ui.link("all", link, {.name = strings::kAllRuns, .href = href}))
        stage.actions.push(RouteOpened{back});
    const std::optional<api::Run>& run = stage.state.sync.opened_run;
    if (!run) {
        ui.skeleton(rect, 4, ui::kRowHeight);
        return;
    }
    const float current = current_height(stage, *run, rect.width);
    const float height = current + ui::kGap4 + run_records_height(*run) +
                         problems_height(stage, *run, rect.width) + 24;
    ui::Rect area = ui.begin_scroll("run", rect, height);
    draw_current(stage, area.cut_top(current, ui::kGap4), *run);
    run_records(stage, area, *run);
    if (run->problems.empty()) {
        ui.text(area.cut_top(20), strings::kNoProblems, ui::TextStyle::Body, ui::Tone::Secondary);
    } else {
        draw_problems(stage, area, *run);
    }
    ui.end_scroll();
}

}  // namespace

void sync_view(Stage& stage, ui::Rect rect) {
    screen_title(stage, rect, strings::kSync, "");
    notice_stack(stage, NoticePlace::Screen, rect);
    if (stage.state.route.run.is_set()) {
        one_run(stage, rect);
    } else {
        overview(stage, rect);
    }
}

void review_view(Stage& stage, ui::Rect rect) {
    ui::Ui& ui = stage.ui;
    screen_title(stage, rect, strings::kReview, "");
    notice_stack(stage, NoticePlace::Screen, rect);
    const SyncState& sync = stage.state.sync;
    if (!sync.status) {
        ui.skeleton(rect, 4, ui::kRowHeight);
        return;
    }
    const std::optional<api::Run>& run = sync.status->run;
    const bool is_held = run && run->state == api::RunState::Held;
    const bool has_problems = run && !run->problems.empty();
    if (!is_held && !has_problems) {
        (void)ui.empty_state("clear", rect, ui::Icon::Inbox, strings::kAllClear, "");
        return;
    }
    const float current = is_held ? current_height(stage, *run, rect.width) + ui::kGap4 : 0;
    ui::Rect area =
        ui.begin_scroll("review", rect, current + problems_height(stage, *run, rect.width));
    if (is_held) draw_current(stage, area.cut_top(current - ui::kGap4, ui::kGap4), *run);
    draw_problems(stage, area, *run);
    ui.end_scroll();
}

}  // namespace crm::client
