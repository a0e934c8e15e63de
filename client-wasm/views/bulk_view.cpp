// One action on all ticked rows: the bar below the list, and the questions before it.
#include <algorithm>
#include <string>
#include <vector>

#include "client-wasm/state/select_bulk.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr std::size_t kRefusalsShown = 6;

struct BarButton {
    std::string_view id;
    ui::ButtonSpec spec;
    Action action;
};

std::vector<BarButton> bar_buttons(const AppState& state, ListKind list, std::string_view all) {
    const bool is_busy = is_bulk_sent(state);
    std::vector<BarButton> buttons;
    if (list == ListKind::Live) {
        buttons.push_back({"tag",
                           {.label = strings::kAddTag, .icon = ui::Icon::Tag},
                           BulkClicked{BulkWish::AddTags}});
        buttons.push_back({"untag",
                           {.label = strings::kRemoveTag, .icon = ui::Icon::Minus},
                           BulkClicked{BulkWish::RemoveTags}});
        buttons.push_back({"delete",
                           {.label = strings::kDeleteSelected,
                            .kind = ui::ButtonKind::GhostDanger,
                            .icon = ui::Icon::Trash,
                            .is_busy = is_busy,
                            .shortcut = "Delete"},
                           BulkClicked{BulkWish::Delete}});
    } else {
        buttons.push_back(
            {"restore",
             {.label = strings::kRestoreSelected, .icon = ui::Icon::Undo, .is_busy = is_busy},
             BulkClicked{BulkWish::Restore}});
    }
    if (!all.empty()) {
        buttons.push_back({"everyone",
                           {.label = all, .kind = ui::ButtonKind::Ghost, .icon = ui::Icon::Users},
                           EveryoneChosen{}});
    }
    buttons.push_back({"clear",
                       {.label = strings::kClearSelection,
                        .kind = ui::ButtonKind::Ghost,
                        .icon = ui::Icon::Close},
                       SelectionCleared{}});
    return buttons;
}

/// The buttons with their words where there is room, else as icons.
void draw_buttons(Stage& stage, ui::Rect bar, const std::vector<BarButton>& buttons) {
    ui::Ui& ui = stage.ui;
    float wide = 0;
    for (const BarButton& button : buttons) wide += ui.button_width(button.spec) + ui::kGap2;
    const bool has_room = wide <= bar.width;
    for (const BarButton& button : buttons) {
        const float width = has_room ? ui.button_width(button.spec) : ui.control_height();
        const ui::Rect place = bar.cut_left(width, ui::kGap2).centered(width, ui.control_height());
        const ui::Click click = has_room ? ui.button(button.id, place, button.spec)
                                         : ui.icon_button(button.id, place, button.spec);
        if (click) stage.actions.push(button.action);
    }
}

std::string plural_title(std::string_view verb, std::int64_t count) {
    return std::string(verb) + " " + contacts_text(count) + "?";
}

float body_width(const Stage& stage) {
    return std::min(ui::kDialogWidth, stage.ui.window().width - 2 * ui::kGap4) - 2 * ui::kGap6;
}

}  // namespace

void bulk_bar(Stage& stage, ListKind list, ui::Rect& area) {
    const std::int64_t count = ticked_count(stage.state, list);
    if (count == 0) return;
    ui::Ui& ui = stage.ui;
    const ui::Rect bar = area.cut_bottom(ui::kHeaderHeight, ui::kGap2);
    ui.begin(ui::Landmark::Group, "selection", strings::kSelection, bar);
    ui.card(bar);
    ui::Rect inner = bar.inset(ui::kGap3, 0);
    const std::string words = count_text(count) + " selected";
    const float width = ui.text_width(words, ui::TextStyle::BodyStrong) + 2;
    ui.text(inner.cut_left(width, ui::kGap4), words, ui::TextStyle::BodyStrong);
    const std::int64_t total = list_of(stage.state, list).total.value_or(0);
    const std::string all =
        count < total ? "Select all " + count_text(total) + " matching" : std::string();
    draw_buttons(stage, inner, bar_buttons(stage.state, list, all));
    ui.end();
}

void bulk_keys(Stage& stage, ListKind list) {
    if (stage.ui.shortcut("Ctrl+A")) stage.actions.push(LoadedToggled{list});
    if (ticked_count(stage.state, list) == 0) return;
    if (stage.ui.shortcut("Escape")) stage.actions.push(SelectionCleared{});
    if (list == ListKind::Live && stage.ui.shortcut("Delete"))
        stage.actions.push(BulkClicked{BulkWish::Delete});
}

void bulk_delete_dialog(Stage& stage, const BulkDeleteDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const float text =
        ui.paragraph_height(body_width(stage), strings::kBulkDeleteHere, ui::TextStyle::Body);
    const std::string title = plural_title("Delete", dialog.count);
    const ui::DialogArea area = ui.begin_dialog(
        "bulk-delete", {.title = title, .height = text + ui::kGap4 + ui.control_height()});
    ui.paragraph(area.body, strings::kBulkDeleteHere, ui::TextStyle::Body, ui::Tone::Secondary);
    const std::string confirm = "Delete " + contacts_text(dialog.count);
    dialog_answers(stage, area, {confirm, ui::ButtonKind::Danger}, strings::kKeep);
    ui.end_dialog();
}

void tag_dialog(Stage& stage, const TagDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const ui::FieldSpec field{.name = strings::kTagField,
                              .value = dialog.text,
                              .hint = strings::kTagHint,
                              .wants_focus = true};
    const float height = ui.field_height(field) + ui::kGap4 + ui.control_height();
    const ui::DialogArea area = ui.begin_dialog(
        "tags",
        {.title = dialog.is_removal ? strings::kRemoveTagTitle : strings::kAddTagTitle,
         .height = height});
    ui::Rect body = area.body;
    const ui::FieldEvent event = ui.field("tags", body.cut_top(ui.field_height(field)), field);
    if (event.is_changed) stage.actions.push(TagsTyped{event.text});
    if (event.is_committed) stage.actions.push(DialogConfirmed{});
    dialog_answers(stage,
                   area,
                   {dialog.is_removal ? strings::kUntagThem : strings::kTagThem},
                   strings::kCancel);
    ui.end_dialog();
}

void bulk_report_dialog(Stage& stage, const BulkReportDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const api::BulkReport& report = dialog.report;
    std::vector<std::string> lines{contacts_text(report.changed) + " changed, " +
                                   count_text(report.refused) + " refused:"};
    for (const api::BulkResult& result : report.results) {
        if (result.outcome != "refused" || lines.size() > kRefusalsShown) continue;
        lines.push_back((result.title.empty() ? "" : result.title + ": ") + result.reason);
    }
    const auto shown = static_cast<std::int64_t>(lines.size()) - 1;
    if (report.refused > shown)
        lines.push_back("and " + count_text(report.refused - shown) + " more");
    float height = ui.control_height() + ui::kGap4;
    for (const std::string& line : lines) {
        height += ui.paragraph_height(body_width(stage), line, ui::TextStyle::Body) + ui::kGap1;
    }
    const ui::DialogArea area =
        ui.begin_dialog("bulk-report", {.title = strings::kRefusedTitle, .height = height});
    ui::Rect body = area.body;
    for (const std::string& line : lines) {
        const float used = ui.paragraph_height(body.width, line, ui::TextStyle::Body);
        ui.paragraph(body.cut_top(used, ui::kGap1), line, ui::TextStyle::Body, ui::Tone::Secondary);
    }
    ui::Rect rest = area.body;
    ui::Rect foot = rest.cut_bottom(ui.control_height());
    const ui::ButtonSpec done{.label = strings::kHelpDone};
    if (ui.button("done", foot.cut_right(ui.button_width(done)), done) || area.is_dismissed) {
        stage.actions.push(DialogClosed{});
    }
    ui.end_dialog();
}

}  // namespace crm::client
