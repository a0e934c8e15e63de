// Sync: how each system stands, what went wrong, what ran.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kCountersHeight = 40;
constexpr float kRunCardHeight = 64;
constexpr float kHeadingHeight = 24;

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

std::string state_badge_text(const AppState& state, const api::SystemStatus& system) {
    std::string word = state_word(system);
    const bool is_timed =
        system.state == "rate_limited" && system.next_try_at && *system.next_try_at > state.now;
    if (is_timed) word += " until " + format_time(*system.next_try_at).substr(11, 5) + " UTC";
    return word;
}

struct Counter {
    std::int64_t count = 0;
    std::string_view word;
    ui::Tone tone = ui::Tone::Text;
};

void draw_counters(Stage& stage, ui::Rect rect, const api::SystemStatus& system) {
    const ui::Tone failing = system.failing > 0 ? ui::Tone::Error : ui::Tone::Text;
    const std::array<Counter, 4> counters{{{system.in_sync, strings::kInSync},
                                           {system.excluded, strings::kExcluded},
                                           {system.failing, strings::kFailing, failing},
                                           {system.pending, strings::kPending}}};
    const float width = rect.width / static_cast<float>(counters.size());
    for (const Counter& counter : counters) {
        ui::Rect cell = rect.cut_left(width);
        stage.ui.text(
            cell.cut_top(24), count_text(counter.count), ui::TextStyle::Title, counter.tone);
        stage.ui.text(cell, counter.word, ui::TextStyle::Caption, ui::Tone::Secondary);
    }
}

void draw_system_foot(Stage& stage, ui::Rect line, const api::SystemStatus& system) {
    ui::Ui& ui = stage.ui;
    const bool is_paused = system.state == "paused";
    const std::string label = (is_paused ? "Resume " : "Pause ") + system.label;
    const ui::ButtonSpec spec{.label = label,
                              .kind = is_paused ? ui::ButtonKind::Secondary : ui::ButtonKind::Ghost,
                              .icon = is_paused ? ui::Icon::Play : ui::Icon::Pause};
    const ui::Rect button = line.cut_right(ui.button_width(spec), ui::kGap2);
    const std::string last = system.last_run_at
                                 ? "Last run " + ago_text(stage.state.now, *system.last_run_at)
                                 : std::string("No run yet");
    ui.text(line, last, ui::TextStyle::Caption, ui::Tone::Secondary);
    if (ui.button("pause", button, spec)) stage.actions.push(PauseClicked{system.key, !is_paused});
}

void draw_reconnect(Stage& stage, const ui::Rect& line, const api::SystemStatus& system) {
    Route target;
    target.screen = Screen::Settings;
    const std::string href = format_route(target);
    const std::string name = "Reconnect " + system.label;
    if (stage.ui.link("reconnect", line, {.name = name, .href = href}))
        stage.actions.push(RouteOpened{target});
}

void system_lines(Stage& stage, Column& column, const api::SystemStatus& system) {
    ui::Ui& ui = stage.ui;
    ui::Rect line = column.take(kHeadingHeight, ui::kGap3);
    if (column.is_drawing()) {
        const std::string word = state_badge_text(stage.state, system);
        ui.badge(line.cut_right(ui.badge_width(word), ui::kGap2), state_badge(system), word);
        ui.heading(2, line, system.label, ui::TextStyle::Title);
    }
    const ui::Rect counters = column.take(kCountersHeight, ui::kGap2);
    if (column.is_drawing()) draw_counters(stage, counters, system);
    // Why a run is held stands with the run.
    if (!system.reason.empty() && system.state != "held") {
        column.text(system.reason, ui::TextStyle::Caption, ui::Tone::Secondary, ui::kGap1);
    }
    if (system.state == "reconnect") {
        const ui::Rect link = column.take(20, ui::kGap1);
        if (column.is_drawing()) draw_reconnect(stage, link, system);
    }
}

void draw_system(Stage& stage, const ui::Rect& rect, const api::SystemStatus& system) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Region, "system-" + system.key, system.label, rect);
    ui.card(rect);
    ui::Rect area = rect.inset(ui::kGap4);
    const ui::Rect foot = area.cut_bottom(ui.control_height());
    Column column{ui, area};
    system_lines(stage, column, system);
    draw_system_foot(stage, foot, system);
    ui.end();
}

/// One beside the other where there is room; those of a row are equally high.
void systems(Stage& stage, Column& column, const std::vector<api::SystemStatus>& all) {
    const std::size_t in_row = column.area.width > 720 ? 2 : 1;
    const float gaps = ui::kGap4 * static_cast<float>(in_row - 1);
    const float width = (column.area.width - gaps) / static_cast<float>(in_row);
    for (std::size_t first = 0; first < all.size(); first += in_row) {
        const std::size_t end = std::min(all.size(), first + in_row);
        float height = 0;
        for (std::size_t index = first; index < end; ++index) {
            const float lines = measure(stage.ui, width - 2 * ui::kGap4, [&](Column& inside) {
                system_lines(stage, inside, all[index]);
            });
            height = std::max(height, lines);
        }
        ui::Rect row = column.take(height + stage.ui.control_height() + 2 * ui::kGap4, ui::kGap4);
        if (!column.is_drawing()) continue;
        for (std::size_t index = first; index < end; ++index) {
            draw_system(stage, row.cut_left(width, ui::kGap4), all[index]);
        }
    }
}

Problems problems_of(const api::Run& run) {
    Problems problems;
    for (const api::RunProblem& problem : run.problems) problems.push_back(&problem);
    return problems;
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
    ui.text(area, run_writes_text(stage.state, run), ui::TextStyle::Caption, ui::Tone::Secondary);
    ui.end();
}

void runs(Stage& stage, Column& column) {
    ui::Ui& ui = stage.ui;
    const std::vector<api::Run>& all = stage.state.sync.runs;
    const ui::Rect title = column.take(kHeadingHeight, ui::kGap2);
    if (column.is_drawing()) ui.heading(2, title, strings::kRuns, ui::TextStyle::Title);
    if (all.empty()) {
        column.text(strings::kNoRuns, ui::TextStyle::Body, ui::Tone::Secondary);
        return;
    }
    ui::Rect box = column.take(kRunCardHeight * static_cast<float>(all.size()), ui::kGap4);
    if (!column.is_drawing()) return;
    ui.begin(ui::Landmark::List, "runs", strings::kRuns, box);
    ui.card(box);
    for (const api::Run& run : all) {
        const ui::Rect rect = box.cut_top(kRunCardHeight);
        if (ui.is_visible(rect)) draw_run_line(stage, rect, run);
    }
    ui.end();
}

void card_of_run(Stage& stage, Column& column, const api::Run& run) {
    const float height = run_card_height(stage, run, column.area.width);
    const ui::Rect rect = column.take(height, ui::kGap4);
    if (column.is_drawing()) run_card(stage, rect, run);
}

bool is_all_paused(const std::vector<api::SystemStatus>& all) {
    return std::all_of(all.begin(), all.end(), [](const api::SystemStatus& system) {
        return system.state == "paused";
    });
}

void toolbar(Stage& stage, ui::Rect line, const std::vector<api::SystemStatus>& all) {
    ui::Ui& ui = stage.ui;
    const ui::ButtonSpec preview{.label = strings::kPreview, .icon = ui::Icon::Eye};
    if (ui.button("preview", line.cut_left(ui.button_width(preview), ui::kGap2), preview)) {
        stage.actions.push(PreviewClicked{});
    }
    const bool is_paused = is_all_paused(all);
    const ui::ButtonSpec pause{.label = is_paused ? strings::kResumeAll : strings::kPauseAll,
                               .icon = is_paused ? ui::Icon::Play : ui::Icon::Pause};
    if (ui.button("pause-all", line.cut_left(ui.button_width(pause)), pause)) {
        stage.actions.push(PauseClicked{"", !is_paused});
    }
}

void overview(Stage& stage, Column& column) {
    ui::Ui& ui = stage.ui;
    const api::SyncStatus& status = *stage.state.sync.status;
    if (status.systems.empty()) {
        column.text(strings::kNoSystems, ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap3);
    } else {
        const ui::Rect line = column.take(ui.control_height(), ui::kGap4);
        if (column.is_drawing()) toolbar(stage, line, status.systems);
    }
    systems(stage, column, status.systems);
    if (status.run) card_of_run(stage, column, *status.run);
    if (status.run && !status.run->problems.empty()) {
        const ui::Rect title = column.take(kHeadingHeight, ui::kGap2);
        if (column.is_drawing()) ui.heading(2, title, strings::kProblems, ui::TextStyle::Title);
        problem_list(stage, column, problems_of(*status.run));
    }
    runs(stage, column);
}

void one_run(Stage& stage, Column& column) {
    const api::Run& run = *stage.state.sync.opened_run;
    card_of_run(stage, column, run);
    ui::Rect records = column.take(run_records_height(run));
    if (column.is_drawing()) run_records(stage, records, run);
    if (run.problems.empty()) {
        column.text(strings::kNoProblems, ui::TextStyle::Body, ui::Tone::Secondary);
    } else {
        problem_list(stage, column, problems_of(run));
    }
    column.take(ui::kGap4);
}

void draw_back(Stage& stage, ui::Rect line) {
    Route back;
    back.screen = Screen::Sync;
    const std::string href = format_route(back);
    const ui::Rect link =
        line.cut_left(stage.ui.text_width(strings::kAllRuns, ui::TextStyle::Body) + 2);
    if (stage.ui.link("all", link, {.name = strings::kAllRuns, .href = href}))
        stage.actions.push(RouteOpened{back});
}

template <class Draw>
void scrolled(Stage& stage, std::string_view id, const ui::Rect& rect, const Draw& draw) {
    const float height = measure(stage.ui, rect.width, draw);
    Column column{stage.ui, stage.ui.begin_scroll(id, rect, height)};
    draw(column);
    stage.ui.end_scroll();
}

std::string next_run_text(const AppState& state) {
    const std::optional<api::SyncStatus>& status = state.sync.status;
    if (!status || status->systems.empty()) return "";
    if (status->running) return "A run is under way";
    if (!status->next_run_at) return std::string(strings::kOnlyByHand);
    using std::chrono::duration_cast;
    const auto left = duration_cast<std::chrono::seconds>(*status->next_run_at - state.now).count();
    if (left < 60) return "Next run within a minute";
    return "Next run in " + count_text((left + 59) / 60) + " min";
}

}  // namespace

void sync_view(Stage& stage, ui::Rect rect) {
    ui::Ui& ui = stage.ui;
    screen_title(stage, rect, strings::kSync, next_run_text(stage.state));
    notice_stack(stage, NoticePlace::Screen, rect);
    if (stage.state.route.run.is_set()) {
        draw_back(stage, rect.cut_top(24, ui::kGap2));
        if (!stage.state.sync.opened_run) {
            ui.skeleton(rect, 4, ui::kRowHeight);
            return;
        }
        scrolled(stage, "run", rect, [&](Column& column) { one_run(stage, column); });
    } else if (stage.state.sync.status) {
        scrolled(stage, "sync", rect, [&](Column& column) { overview(stage, column); });
    } else {
        ui.skeleton(rect, 6, ui::kRowHeight);
    }
}

}  // namespace crm::client
