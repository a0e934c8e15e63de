// Review: what waits for a person. A queue, and beside it (below it on a narrow window) the entry
// that is looked at.
#include <algorithm>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kQueueWidth = 320;
constexpr float kQueueBesideFrom = 720;
constexpr float kRowHeight = 56;
constexpr float kTabHeight = 40;

struct TabEntry {
    std::string_view tab;  // of the route
    std::string label;
};

std::string counted(std::string_view label, std::int64_t count) {
    return std::string(label) + (count == 0 ? "" : " " + count_text(count));
}

std::vector<TabEntry> tabs_of(const AppState& state) {
    return {{"", counted(strings::kConflicts, open_conflict_count(state))},
            {kRecordsTab, counted(strings::kRecordsHeld, awaited_hold_count(state))},
            {kProblemsTab, counted(strings::kProblems, problem_count(state))},
            {kPastTab, std::string(strings::kPastConflicts)}};
}

void draw_tabs(Stage& stage, const ui::Rect& rect) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::TabList, "tabs", strings::kReviewTabs, rect);
    ui.line_below(rect);
    ui::Rect line = rect;
    for (const TabEntry& entry : tabs_of(stage.state)) {
        const float width = ui.text_width(entry.label, ui::TextStyle::BodyStrong) + ui::kGap4;
        const bool is_shown = stage.state.route.tab == entry.tab;
        if (!ui.tab("tab-" + std::string(entry.tab), line.cut_left(width), entry.label, is_shown))
            continue;
        Route target;
        target.screen = Screen::Review;
        target.tab = entry.tab;
        stage.actions.push(RouteOpened{target});
    }
    ui.end();
}

/// A line of the queue, whatever it stands for.
struct Entry {
    std::string id;
    std::string title;
    std::string detail;
    ui::Icon icon = ui::Icon::Warning;
    ui::Tone tone = ui::Tone::Warning;
};

Entry entry_of(const AppState& state, const api::Conflict& conflict) {
    Entry entry{conflict.id, conflict.contact, field_label(conflict.field)};
    for (const api::ConflictSide& side : conflict.sides) {
        if (side.side != api::kAppSide) entry.detail += " · " + side_label(state, side.side);
    }
    entry.detail += " · " + ago_text(state.now, conflict.at);
    if (conflict.state == "open") return entry;
    entry.icon = ui::Icon::History;
    entry.tone = ui::Tone::Secondary;
    return entry;
}

Entry entry_of(const AppState& state, const api::HeldRecord& hold) {
    Entry entry{hold_id(hold), hold.title, ""};
    const std::string where = side_label(state, hold.system) + " " + hold.record_id;
    entry.detail = is_awaited(hold) ? "May be " + hold.suggestion->contact + " · " + where : where;
    entry.icon = is_awaited(hold) ? ui::Icon::Help : ui::Icon::MinusCircle;
    entry.tone = is_awaited(hold) ? ui::Tone::Warning : ui::Tone::Secondary;
    return entry;
}

std::vector<Entry> entries_of(const AppState& state) {
    std::vector<Entry> entries;
    if (state.route.tab == kRecordsTab) {
        for (const api::HeldRecord* hold : shown_holds(state)) {
            entries.push_back(entry_of(state, *hold));
        }
    } else if (const api::ConflictPage* page = shown_conflicts(state)) {
        for (const api::Conflict& conflict : page->conflicts) {
            entries.push_back(entry_of(state, conflict));
        }
    }
    return entries;
}

bool has_more(const AppState& state) {
    if (state.route.tab == kRecordsTab)
        return state.review.holds && !state.review.holds->cursor.empty();
    const api::ConflictPage* page = shown_conflicts(state);
    return page != nullptr && !page->cursor.empty();
}

bool is_loaded(const AppState& state) {
    return state.route.tab == kRecordsTab ? state.review.holds.has_value()
                                          : shown_conflicts(state) != nullptr;
}

std::string_view empty_sentence(const AppState& state) {
    if (state.route.tab == kRecordsTab) return strings::kNoRecordsHeld;
    return state.route.tab == kPastTab ? strings::kNoPastConflicts : strings::kNoConflicts;
}

std::string shown_id(const AppState& state) {
    if (const api::HeldRecord* hold = shown_hold(state)) return hold_id(*hold);
    const api::Conflict* conflict = shown_conflict(state);
    return conflict == nullptr ? std::string() : conflict->id;
}

void queue(Stage& stage, Column& column) {
    const std::string current = shown_id(stage.state);
    const ui::Rect place{column.area.x, column.area.y + column.used, column.area.width, 0};
    if (column.is_drawing()) stage.ui.begin(ui::Landmark::List, "entries", strings::kReview, place);
    for (const Entry& entry : entries_of(stage.state)) {
        const ui::Rect rect = column.take(kRowHeight);
        if (!column.is_drawing() || !stage.ui.is_visible(rect)) continue;
        stage.ui.begin(ui::Landmark::ListItem, "item-" + entry.id, "", rect);
        const ui::ListRowSpec spec{.title = entry.title,
                                   .detail = entry.detail,
                                   .icon = entry.icon,
                                   .icon_tone = entry.tone,
                                   .is_current = entry.id == current};
        if (stage.ui.list_row("open", rect, spec)) {
            stage.actions.push(ReviewItemChosen{entry.id});
        }
        stage.ui.end();
    }
    if (column.is_drawing()) stage.ui.end();
    if (!has_more(stage.state)) return;
    const ui::Rect line = column.take(stage.ui.control_height() + ui::kGap3);
    const ui::ButtonSpec more{.label = strings::kShowMore, .kind = ui::ButtonKind::Ghost};
    const float width = stage.ui.button_width(more);
    if (column.is_drawing() &&
        stage.ui.button("more", line.centered(width, stage.ui.control_height()), more)) {
        stage.actions.push(MoreClicked{});
    }
}

void detail(Stage& stage, Column& column) {
    if (const api::HeldRecord* hold = shown_hold(stage.state)) {
        hold_detail(stage, column, *hold);
    } else if (const api::Conflict* conflict = shown_conflict(stage.state)) {
        conflict_detail(stage, column, *conflict);
    }
}

void draw_queue_card(Stage& stage, ui::Rect rect) {
    ui::Ui& ui = stage.ui;
    const float height = measure(ui, rect.width - 2, [&](Column& column) { queue(stage, column); });
    rect.height = std::min(rect.height, height + 2);
    ui.card(rect);
    const ui::Rect inside = rect.inset(1);
    const ui::Rect content = ui.begin_scroll("queue", inside, height);
    Column column{ui, content};
    queue(stage, column);
    ui.end_scroll();
}

/// Wide: queue and detail beside each other. Narrow: the detail, and the queue below it.
void two_parts(Stage& stage, ui::Rect rect) {
    ui::Ui& ui = stage.ui;
    const auto card = [&](Column& column) {
        in_card(column, ui::kGap4, [&](Column& inside) { detail(stage, inside); });
    };
    const bool is_beside = rect.width >= kQueueBesideFrom;
    if (is_beside) draw_queue_card(stage, rect.cut_left(kQueueWidth, ui::kGap4));
    const auto all = [&](Column& column) {
        card(column);
        if (is_beside) return;
        column.take(ui::kGap4);
        queue(stage, column);
    };
    const float height = measure(ui, rect.width, all);
    const ui::Rect content = ui.begin_scroll("detail", rect, height);
    Column column{ui, content};
    all(column);
    ui.end_scroll();
}

void problems(Stage& stage, const ui::Rect& rect) {
    ui::Ui& ui = stage.ui;
    const Problems open = open_problems(stage.state);
    if (open.empty()) {
        (void)ui.empty_state("clear", rect, ui::Icon::Inbox, strings::kAllClear, "");
        return;
    }
    const auto list = [&](Column& column) { problem_list(stage, column, open); };
    const ui::Rect content = ui.begin_scroll("problems", rect, measure(ui, rect.width, list));
    Column column{ui, content};
    list(column);
    ui.end_scroll();
}

void move_by_key(Stage& stage) {
    if (!std::holds_alternative<std::monostate>(stage.state.dialog)) return;
    if (stage.ui.shortcut("j")) stage.actions.push(ReviewMoved{1});
    if (stage.ui.shortcut("k")) stage.actions.push(ReviewMoved{-1});
}

void draw_held_run(Stage& stage, ui::Rect& area) {
    const api::Run* run = held_run(stage.state);
    if (run == nullptr) return;
    const float height = run_card_height(stage, *run, area.width);
    run_card(stage, area.cut_top(height, ui::kGap4), *run);
}

}  // namespace

void review_view(Stage& stage, ui::Rect rect) {
    ui::Ui& ui = stage.ui;
    const bool is_wide = rect.width >= kQueueBesideFrom;
    screen_title(stage, rect, strings::kReview, is_wide ? strings::kReviewKeys : "");
    notice_stack(stage, NoticePlace::Screen, rect);
    draw_held_run(stage, rect);
    draw_tabs(stage, rect.cut_top(kTabHeight, ui::kGap4));
    if (stage.state.route.tab == kProblemsTab) {
        problems(stage, rect);
    } else if (!is_loaded(stage.state)) {
        ui.skeleton(rect, 6, kRowHeight);
    } else if (entries_of(stage.state).empty()) {
        (void)ui.empty_state("clear", rect, ui::Icon::Inbox, empty_sentence(stage.state), "");
    } else {
        two_parts(stage, rect);
        move_by_key(stage);
    }
}

}  // namespace crm::client
