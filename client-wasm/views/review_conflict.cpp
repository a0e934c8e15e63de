// One field that two sides wanted differently: what was before, what each side has, who and when,
// and the choice.
#include <algorithm>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kAsideBesideFrom = 480;
constexpr float kAsideHeight = 20;

std::string shown_value(const std::string& value) {
    return value.empty() ? std::string(strings::kEmptyValue) : value;
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string what_happened(const api::Conflict& conflict) {
    if (conflict.kind == "both_changed") return "Changed in two places";
    if (conflict.kind == "first_sync") return "Differed when the two were first compared";
    if (conflict.kind == "during_own_write") return "Changed there while our change was on its way";
    return "Two sides wanted different values";
}

std::string what_became(const api::Conflict& conflict) {
    if (conflict.state == "resolved") {
        const std::string who =
            conflict.resolved_by.empty() ? std::string("somebody") : conflict.resolved_by;
        return "Decided by " + who;
    }
    return conflict.state == "open" ? "Waits for you"
                                    : "Settled by the rule “" + conflict.policy + "”";
}

std::string when_text(const AppState& state, const api::Conflict& conflict) {
    return what_happened(conflict) + " · " + ago_text(state.now, conflict.at) + " · " +
           what_became(conflict);
}

/// The edit that gave our side its value, as far as the contact's history tells.
const api::HistoryEntry* find_edit(const ReviewState& review, const api::Conflict& conflict) {
    if (review.history_of.text != conflict.contact_id) return nullptr;
    for (const api::HistoryEntry& entry : review.history) {  // newest first
        if (entry.at > conflict.at) continue;
        for (const FieldChange& change : entry.changes) {
            if (change.field == conflict.field) return &entry;
        }
    }
    return nullptr;
}

std::string origin_of(const AppState& state,
                      const api::Conflict& conflict,
                      const std::string& side) {
    if (side != api::kAppSide) return "seen there " + ago_text(state.now, conflict.at);
    const api::HistoryEntry* edit = find_edit(state.review, conflict);
    if (edit == nullptr) return "";
    const bool is_ours = edit->system.empty() || edit->system == "local";
    const std::string who = !edit->actor.empty() ? "by " + edit->actor
                            : is_ours            ? std::string()
                                                 : "from " + side_label(state, edit->system);
    return who + (who.empty() ? "" : ", ") + ago_text(state.now, edit->at);
}

struct Choice {
    std::string side;
    std::string name;   // the accessible name
    std::string aside;  // who, when, whether it stands
};

std::vector<Choice> choices_of(const AppState& state, const api::Conflict& conflict) {
    std::vector<Choice> choices;
    const std::string& standing = standing_value(conflict);
    const auto add = [&](std::string side,
                         const std::string& label,
                         const std::string& value,
                         std::string aside) {
        if (value == standing) {
            aside += aside.empty() ? "" : " · ";
            aside += strings::kStandsNow;
        }
        choices.push_back({std::move(side), label + ": " + shown_value(value), std::move(aside)});
    };
    for (const api::ConflictSide& side : conflict.sides) {
        add(side.side,
            capital(side_label(state, side.side)),
            side.value,
            origin_of(state, conflict, side.side));
    }
    add(std::string(kBaseSide), std::string(strings::kBefore), conflict.base, "");
    return choices;
}

/// Beside the value where there is room, else below it.
bool has_aside_below(const Choice& choice, float width) {
    return !choice.aside.empty() && width < kAsideBesideFrom;
}

void draw_choice(Stage& stage, const ui::Rect& rect, const Choice& choice) {
    ui::Ui& ui = stage.ui;
    const bool is_chosen = stage.state.review.side == choice.side;
    if (is_chosen) ui.fill(rect, ui::Fill::RowSelected, ui::kRadiusControl);
    ui::Rect inner = rect.inset(ui::kGap3, 0);
    ui::Rect aside;
    if (has_aside_below(choice, rect.width)) {
        aside = inner.cut_bottom(kAsideHeight).inset(ui::kGap6, 0);
    } else if (!choice.aside.empty()) {
        const float width = ui.text_width(choice.aside, ui::TextStyle::Caption) + 2;
        aside = inner.cut_right(std::min(width, inner.width / 2), ui::kGap2);
    }
    if (ui.radio(choice.side, inner, choice.name, is_chosen)) {
        stage.actions.push(ReviewSideChosen{choice.side});
    }
    if (!choice.aside.empty()) {
        ui.text(aside, choice.aside, ui::TextStyle::Caption, ui::Tone::Secondary);
    }
}

void draw_other(Stage& stage, ui::Rect row, const ui::Rect& box, const api::Conflict& conflict) {
    ui::Ui& ui = stage.ui;
    const ReviewState& review = stage.state.review;
    const bool is_chosen = review.side == kOtherSide;
    if (ui.radio(kOtherSide, row.inset(ui::kGap3, 0), strings::kAnotherValue, is_chosen)) {
        stage.actions.push(ReviewSideChosen{std::string(kOtherSide)});
    }
    const FieldSpec* spec = find_field(conflict.field);
    const ui::FieldEvent event =
        ui.field("typed",
                 box.inset(ui::kGap3, 0),
                 {.name = strings::kAnotherValue,
                  .value = review.typed,
                  .is_label_shown = false,
                  .chars_max = spec == nullptr ? 0 : static_cast<int>(spec->chars_max)});
    if (event.is_changed) stage.actions.push(ReviewTextTyped{event.text});
    if (event.is_committed) stage.actions.push(ReviewApplied{});
}

void choices(Stage& stage, Column& column, const api::Conflict& conflict) {
    const float height = stage.ui.control_height();
    const float top = column.used;
    const std::vector<Choice> all = choices_of(stage.state, conflict);
    std::vector<ui::Rect> rows;
    for (const Choice& choice : all) {
        const bool is_below = has_aside_below(choice, column.area.width);
        rows.push_back(column.take(height + (is_below ? kAsideHeight : 0)));
    }
    const ui::Rect other = column.take(height);
    const ui::Rect box = column.take(height, ui::kGap3);
    if (!column.is_drawing()) return;
    const ui::Rect whole{column.area.x, column.area.y + top, column.area.width, column.used - top};
    stage.ui.begin(ui::Landmark::Group, "choices", strings::kChooseValue, whole);
    for (std::size_t index = 0; index < all.size(); ++index) {
        draw_choice(stage, rows[index], all[index]);
    }
    draw_other(stage, other, box, conflict);
    stage.ui.end();
}

std::string result_text(const AppState& state, const api::Conflict& conflict) {
    const ReviewState& review = state.review;
    if (review.side.empty()) return std::string(strings::kChooseValue);
    std::string value = review.side == kOtherSide ? review.typed : conflict.base;
    for (const api::ConflictSide& side : conflict.sides) {
        if (side.side == review.side) value = side.value;
    }
    return "Result: " + field_label(conflict.field) + " “" + value +
           "”, written here and wherever it differs";
}

bool is_applying(const AppState& state) {
    return std::any_of(state.pending.begin(), state.pending.end(), [](const auto& entry) {
        return std::holds_alternative<ResolveConflict>(entry.second);
    });
}

void draw_buttons(Stage& stage, ui::Rect line) {
    ui::Ui& ui = stage.ui;
    const ui::ButtonSpec apply{.label = strings::kApply,
                               .kind = ui::ButtonKind::Primary,
                               .icon = ui::Icon::Check,
                               .is_busy = is_applying(stage.state)};
    if (ui.button("apply", line.cut_left(ui.button_width(apply), ui::kGap2), apply)) {
        stage.actions.push(ReviewApplied{});
    }
    const ui::ButtonSpec skip{.label = strings::kSkip, .shortcut = "J"};
    if (ui.button("skip", line.cut_left(ui.button_width(skip)), skip)) {
        stage.actions.push(ReviewMoved{1});
    }
}

void refusal(Stage& stage, Column& column, const api::Conflict& conflict) {
    const std::optional<ReviewRefusal>& refusal = stage.state.review.refusal;
    if (!refusal || refusal->id != conflict.id) return;
    column.text(refusal->message, ui::TextStyle::Body, ui::Tone::Error, ui::kGap2);
    if (!refusal->is_forced) return;
    ui::Rect line = column.take(stage.ui.control_height(), ui::kGap3);
    const ui::ButtonSpec spec{.label = strings::kReplaceAnyway,
                              .kind = ui::ButtonKind::GhostDanger};
    const ui::Rect place = line.cut_left(stage.ui.button_width(spec));
    if (column.is_drawing() && stage.ui.button("force", place, spec)) {
        stage.actions.push(ReviewApplied{.is_forced = true});
    }
}

void draw_head(Stage& stage, ui::Rect line, const api::Conflict& conflict) {
    ui::Ui& ui = stage.ui;
    const Route target = with_contact(Route{}, ContactId(conflict.contact_id));
    const std::string href = format_route(target);
    const std::string open = "Open " + conflict.contact;
    const float width = std::min(ui.text_width(open, ui::TextStyle::Caption) + 2, line.width / 2);
    const ui::LinkSpec link{.name = open, .href = href, .style = ui::TextStyle::Caption};
    const ui::Rect place = line.cut_right(width, ui::kGap3);
    ui.heading(
        2, line, conflict.contact + " · " + field_label(conflict.field), ui::TextStyle::Title);
    if (ui.link("open", place, link)) stage.actions.push(RouteOpened{target});
}

/// 1, 2, 3 choose in the order that is shown; Enter is then Apply's own.
void choose_by_key(Stage& stage, const api::Conflict& conflict) {
    if (!std::holds_alternative<std::monostate>(stage.state.dialog)) return;
    std::size_t number = 1;
    for (const Choice& choice : choices_of(stage.state, conflict)) {
        if (stage.ui.shortcut(std::to_string(number++))) {
            stage.actions.push(ReviewSideChosen{choice.side});
            stage.ui.focus("apply");
        }
    }
    if (stage.ui.shortcut("e")) {
        stage.actions.push(ReviewSideChosen{std::string(kOtherSide)});
    }
}

}  // namespace

void conflict_detail(Stage& stage, Column& column, const api::Conflict& conflict) {
    const ui::Rect head = column.take(24, ui::kGap1);
    if (column.is_drawing()) draw_head(stage, head, conflict);
    column.text(
        when_text(stage.state, conflict), ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap3);
    choices(stage, column, conflict);
    refusal(stage, column, conflict);
    column.text(
        result_text(stage.state, conflict), ui::TextStyle::BodyMedium, ui::Tone::Text, ui::kGap1);
    column.text(strings::kLoserKept, ui::TextStyle::Caption, ui::Tone::Secondary, ui::kGap3);
    const ui::Rect buttons = column.take(stage.ui.control_height());
    if (!column.is_drawing()) return;
    draw_buttons(stage, buttons);
    choose_by_key(stage, conflict);
}

}  // namespace crm::client
