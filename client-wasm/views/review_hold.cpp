// One record that is seen and not taken over: why, what it shows, who it may be, and what may be
// decided about it.
#include <algorithm>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kLine = 20;

bool is_deciding(const AppState& state) {
    return std::any_of(state.pending.begin(), state.pending.end(), [](const auto& entry) {
        return std::holds_alternative<DecideHold>(entry.second);
    });
}

void open_link(Stage& stage, ui::Rect line, const std::string& id, const std::string& name) {
    const Route target = with_contact(Route{}, ContactId(id));
    const std::string href = format_route(target);
    const std::string label = "Open " + name;
    if (stage.ui.link("open", line, {.name = label, .href = href})) {
        stage.actions.push(RouteOpened{target});
    }
}

/// Who it may be, or what it collides with.
void person(Stage& stage, Column& column, const api::HeldRecord& hold) {
    const bool is_suggested = hold.suggestion && !hold.suggestion->contact_id.empty();
    if (is_suggested) {
        const std::string who =
            (hold.suggestion->is_refused ? "Is not " : "May be ") + hold.suggestion->contact;
        column.text(who, ui::TextStyle::BodyStrong, ui::Tone::Text);
        const std::string_view why = hold.suggestion->is_refused
                                         ? strings::kKeptApart
                                         : std::string_view(hold.suggestion->reason);
        column.text(why, ui::TextStyle::Body, ui::Tone::Secondary);
    }
    const std::string& id = is_suggested ? hold.suggestion->contact_id : hold.contact_id;
    if (id.empty()) return;
    const ui::Rect line = column.take(kLine, ui::kGap3);
    if (column.is_drawing()) {
        open_link(stage, line, id, is_suggested ? hold.suggestion->contact : hold.contact);
    }
}

void values(Stage& stage, Column& column, const api::HeldRecord& hold) {
    column.text(strings::kShows, ui::TextStyle::CaptionMedium, ui::Tone::Secondary, ui::kGap1);
    for (const FieldSpec& spec : kContactFields) {
        const auto value = hold.values.find(std::string(spec.wire));
        if (value == hold.values.end() || value->second.empty()) continue;
        ui::Rect line = column.take(kLine);
        if (!column.is_drawing()) continue;
        const ui::Rect label = line.cut_left(96, ui::kGap2);
        stage.ui.text(label, spec.label, ui::TextStyle::Body, ui::Tone::Secondary);
        stage.ui.text(line, value->second, ui::TextStyle::Body);
    }
    column.take(ui::kGap3);
}

struct Answer {
    std::string_view id;
    std::string label;
    HoldDecision decision;
    ui::ButtonKind kind;
};

std::vector<Answer> answers_of(const api::HeldRecord& hold) {
    std::vector<Answer> answers;
    const bool is_suggested = hold.suggestion && !hold.suggestion->contact_id.empty();
    if (is_suggested) {
        const bool is_refused = hold.suggestion->is_refused;
        answers.push_back({"link",
                           "Link to " + hold.suggestion->contact,
                           HoldDecision::Link,
                           is_refused ? ui::ButtonKind::Secondary : ui::ButtonKind::Primary});
        if (!is_refused) {
            answers.push_back({"refuse",
                               std::string(strings::kKeepApart),
                               HoldDecision::Refuse,
                               ui::ButtonKind::Secondary});
        }
    }
    if (hold.reason == "suppressed") {
        answers.push_back({"import",
                           std::string(strings::kImport),
                           HoldDecision::Import,
                           ui::ButtonKind::Secondary});
    }
    return answers;
}

void buttons(Stage& stage, Column& column, const api::HeldRecord& hold) {
    const std::vector<Answer> answers = answers_of(hold);
    if (answers.empty()) return;
    const float height = stage.ui.control_height();
    ui::Rect line = column.take(height);
    for (const Answer& answer : answers) {
        const ui::ButtonSpec spec{
            .label = answer.label, .kind = answer.kind, .is_busy = is_deciding(stage.state)};
        const float width = std::min(stage.ui.button_width(spec), column.area.width);
        if (width > line.width) line = column.take(height + ui::kGap2).inset(0, ui::kGap1);
        const ui::Rect place = line.cut_left(width, ui::kGap2);
        if (column.is_drawing() && stage.ui.button(answer.id, place, spec)) {
            stage.actions.push(HoldDecisionClicked{answer.decision});
        }
    }
}

}  // namespace

void hold_detail(Stage& stage, Column& column, const api::HeldRecord& hold) {
    const ui::Rect head = column.take(24, ui::kGap1);
    if (column.is_drawing()) stage.ui.heading(2, head, hold.title, ui::TextStyle::Title);
    column.text(side_label(stage.state, hold.system) + " record " + hold.record_id +
                    " · held since " + ago_text(stage.state.now, hold.since),
                ui::TextStyle::Body,
                ui::Tone::Secondary,
                ui::kGap3);
    column.text(hold.message, ui::TextStyle::Body, ui::Tone::Text, ui::kGap1);
    if (!hold.action.empty())
        column.text(hold.action, ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap3);
    values(stage, column, hold);
    person(stage, column, hold);
    buttons(stage, column, hold);
}

}  // namespace crm::client
