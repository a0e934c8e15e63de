// A run as a card: how it stands, what it wrote, and what a person may decide about it.
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kHeadingHeight = 24;

bool has_records_elsewhere(const Stage& stage, const api::Run& run) {
    return run.records_total > 0 && stage.state.route.run != run.id;
}

/// A preview that is looked at: what it shows can be done.
bool is_ready(const Stage& stage, const api::Run& run) {
    return run.is_preview && is_ended(run) && run.records_total > 0 &&
           stage.state.route.run == run.id;
}

/// An ended run that is looked at, and that changed something here.
bool can_be_undone(const Stage& stage, const api::Run& run) {
    const auto here = run.writes.find("app");
    return stage.state.route.run == run.id && !run.is_preview && is_ended(run) &&
           here != run.writes.end() && here->second > 0;
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
    const ui::ButtonSpec doing{.label = strings::kDoThisNow, .kind = ui::ButtonKind::Primary};
    if (is_ready(stage, run) &&
        ui.button("do", line.cut_left(ui.button_width(doing), ui::kGap2), doing)) {
        stage.actions.push(SyncNowClicked{run.system, ContactId(run.contact_id)});
    }
    const ui::ButtonSpec undo{.label = strings::kUndoRun, .icon = ui::Icon::Undo};
    if (can_be_undone(stage, run) &&
        ui.button("undo", line.cut_left(ui.button_width(undo), ui::kGap2), undo)) {
        stage.actions.push(HistoryUndoClicked{run.id.text});
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
    return run.state == api::RunState::Held || !is_ended(run) || is_ready(stage, run) ||
           has_records_elsewhere(stage, run) || can_be_undone(stage, run);
}

}  // namespace

std::string run_writes_text(const AppState& state, const api::Run& run) {
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

float run_card_height(const Stage& stage, const api::Run& run, float width) {
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

void run_card(Stage& stage, const ui::Rect& rect, const api::Run& run) {
    ui::Ui& ui = stage.ui;
    ui.card(rect);
    ui::Rect area = rect.inset(ui::kGap4);
    ui::Rect line = area.cut_top(kHeadingHeight, ui::kGap2);
    const std::string word = run_text(run);
    ui.badge(line.cut_right(ui.badge_width(word), ui::kGap2), badge_of(run), word);
    ui.heading(2, line, run_name(run), ui::TextStyle::Title);
    ui.text(area.cut_top(20),
            run_writes_text(stage.state, run),
            ui::TextStyle::Body,
            ui::Tone::Secondary);
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

}  // namespace crm::client
