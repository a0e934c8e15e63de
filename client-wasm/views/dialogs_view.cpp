// Questions that are asked before something is lost, and the sheet of shortcuts. At most one is
// open.
#include <algorithm>
#include <array>
#include <string>

#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

std::string system_fate(const api::SystemStatus& system, const Contact* contact) {
    const auto none = std::map<SystemKey, ContactLink>();
    const std::map<SystemKey, ContactLink>& links = contact == nullptr ? none : contact->links;
    const auto link = links.find(SystemKey(system.key));
    const bool is_linked = link != links.end() && link->second.id.is_set();
    if (!is_linked) return system.label + ": it has no record there, so nothing happens.";
    return system.label + ": its record is deleted by the next sync.";
}

void draw_delete(Stage& stage, const DeleteDialog& dialog) {
    ui::Ui& ui = stage.ui;
    std::vector<std::string> lines{std::string(strings::kDeleteHere)};
    const std::optional<Draft>& draft = stage.state.panel.draft;
    const Contact* contact = draft && draft->base.id == dialog.id ? &draft->base : nullptr;
    if (stage.state.sync.status) {
        for (const api::SystemStatus& system : stage.state.sync.status->systems) {
            lines.push_back(system_fate(system, contact));
        }
    }
    const float width = ui::kDialogWidth - 2 * ui::kGap6;
    float height = ui.control_height() + ui::kGap4;
    for (const std::string& line : lines) {
        height += ui.paragraph_height(width, line, ui::TextStyle::Body) + ui::kGap1;
    }
    const std::string title = "Delete " + dialog.name + "?";
    const ui::DialogArea area = ui.begin_dialog("delete", {.title = title, .height = height});
    ui::Rect body = area.body;
    for (const std::string& line : lines) {
        const float used = ui.paragraph_height(width, line, ui::TextStyle::Body);
        ui.paragraph(body.cut_top(used, ui::kGap1), line, ui::TextStyle::Body, ui::Tone::Secondary);
    }
    dialog_answers(stage, area, {strings::kDeleteContact, ui::ButtonKind::Danger}, strings::kKeep);
    ui.end_dialog();
}

void draw_leave(Stage& stage) {
    ui::Ui& ui = stage.ui;
    const ui::DialogArea area =
        ui.begin_dialog("leave", {.title = strings::kLeaveTitle, .height = 100});
    ui.paragraph(area.body, strings::kLeaveBody, ui::TextStyle::Body, ui::Tone::Secondary);
    dialog_answers(
        stage, area, {strings::kDiscardChanges, ui::ButtonKind::Danger}, strings::kKeepEditing);
    ui.end_dialog();
}

std::string text_of(const std::map<std::string, std::string>& texts, const std::string& field) {
    const auto found = texts.find(field);
    return found == texts.end() || found->second.empty() ? "(empty)" : found->second;
}

constexpr float kChoiceHeight = 104;

void draw_choice(Stage& stage,
                 const ConflictDialog& dialog,
                 const std::string& field,
                 ui::Rect area) {
    ui::Ui& ui = stage.ui;
    const FieldSpec* spec = find_field(field);
    const std::string label = spec == nullptr ? field : std::string(spec->label);
    const auto choice = dialog.choices.find(field);
    const bool is_yours = choice == dialog.choices.end() || choice->second == Side::Yours;
    ui.push_id(field);
    ui.begin(ui::Landmark::Group, "choice", label, area);
    ui.text(area.cut_top(20),
            label + ", before: " + text_of(dialog.conflict.base, field),
            ui::TextStyle::CaptionMedium,
            ui::Tone::Secondary);
    const std::string yours = label + ", yours: " + text_of(dialog.conflict.yours, field);
    const std::string theirs = label + ", theirs: " + text_of(dialog.conflict.current, field);
    if (ui.radio("yours", area.cut_top(36), yours, is_yours)) {
        stage.actions.push(SideChosen{field, Side::Yours});
    }
    if (ui.radio("theirs", area.cut_top(36), theirs, !is_yours)) {
        stage.actions.push(SideChosen{field, Side::Theirs});
    }
    ui.end();
    ui.pop_id();
}

void draw_conflict(Stage& stage, const ConflictDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const float width = ui::kDialogWideWidth - 2 * ui::kGap6;
    const float intro = ui.paragraph_height(width, strings::kConflictBody, ui::TextStyle::Body);
    const auto count = static_cast<float>(dialog.conflict.fields.size());
    const float height =
        intro + ui::kGap3 + count * kChoiceHeight + ui.control_height() + ui::kGap2;
    const ui::DialogArea area = ui.begin_dialog(
        "conflict",
        {.title = strings::kConflictTitle, .width = ui::kDialogWideWidth, .height = height});
    ui::Rect body = area.body;
    ui.paragraph(body.cut_top(intro, ui::kGap3),
                 strings::kConflictBody,
                 ui::TextStyle::Body,
                 ui::Tone::Secondary);
    for (const std::string& field : dialog.conflict.fields) {
        draw_choice(stage, dialog, field, body.cut_top(kChoiceHeight));
    }
    dialog_answers(stage, area, {strings::kSaveChoice}, strings::kBackToForm);
    ui.end_dialog();
}

struct Shortcut {
    std::string_view keys;
    std::string_view what;
};

constexpr std::array<Shortcut, 17> kShortcuts{
    {{"Ctrl+K", "Find anything: people, actions, screens"},
     {"Space, Ctrl+A", "Select the row, all rows"},
     {"Delete", "Move the selected to the Trash"},
     {"Ctrl+Z Ctrl+Shift+Z", "Undo, and do again"},
     {"G then C S R T ,", "Contacts, Sync, Review, Trash, Settings"},
     {"/", "Search the list"},
     {"J K", "Review: next and previous"},
     {"1 2 3", "Review: choose, Enter applies"},
     {"E", "Review: another value"},
     {"N", "New contact"},
     {"↑ ↓ Page Up, Page Down, Home, End", "Move in the list"},
     {"Enter", "Open the row"},
     {"Alt+↑ Alt+↓", "Previous and next contact"},
     {"Ctrl+S or Ctrl+Enter", "Save"},
     {"Escape", "Close the topmost layer"},
     {"Tab", "Next control"},
     {"?", "This list"}}};

void draw_help(Stage& stage) {
    ui::Ui& ui = stage.ui;
    constexpr float kLine = 28;
    const float height =
        kLine * static_cast<float>(kShortcuts.size()) + ui.control_height() + ui::kGap4;
    const ui::DialogArea area =
        ui.begin_dialog("help", {.title = strings::kHelpTitle, .height = height});
    ui::Rect body = area.body;
    for (const Shortcut& shortcut : kShortcuts) {
        ui::Rect line = body.cut_top(kLine);
        const ui::Rect keys = line.cut_right(240);
        ui.text(line, shortcut.what, ui::TextStyle::Body);
        ui.text(
            keys, shortcut.keys, ui::TextStyle::BodyMedium, ui::Tone::Secondary, ui::Align::Right);
    }
    ui::Rect rest = area.body;
    ui::Rect foot = rest.cut_bottom(ui.control_height());
    const ui::ButtonSpec done{.label = strings::kHelpDone};
    if (ui.button("done", foot.cut_right(ui.button_width(done)), done) || area.is_dismissed) {
        stage.actions.push(DialogClosed{});
    }
    ui.end_dialog();
}

void draw_disconnect(Stage& stage, const DisconnectDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const float width =
        std::min(ui::kDialogWidth, ui.window().width - 2 * ui::kGap4) - 2 * ui::kGap6;
    const std::string& what = dialog.connection.disconnecting;
    const float text = ui.paragraph_height(width, what, ui::TextStyle::Body);
    const std::string title = "Disconnect " + dialog.connection.label + "?";
    const ui::DialogArea area = ui.begin_dialog(
        "disconnect", {.title = title, .height = text + ui::kGap4 + ui.control_height()});
    ui.paragraph(area.body, what, ui::TextStyle::Body, ui::Tone::Secondary);
    dialog_answers(
        stage, area, {strings::kDisconnect, ui::ButtonKind::Danger}, strings::kStayConnected);
    ui.end_dialog();
}

void draw_connect(Stage& stage, const ConnectDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const float width =
        std::min(ui::kDialogWidth, ui.window().width - 2 * ui::kGap4) - 2 * ui::kGap6;
    const float text = ui.paragraph_height(width, strings::kConnectBody, ui::TextStyle::Body);
    const std::string title = "Connect " + dialog.connection.label;
    const ui::DialogArea area = ui.begin_dialog(
        "connect", {.title = title, .height = text + 24 + 2 * ui::kGap4 + ui.control_height()});
    ui::Rect body = area.body;
    ui.paragraph(body.cut_top(text, ui::kGap4),
                 strings::kConnectBody,
                 ui::TextStyle::Body,
                 ui::Tone::Secondary);
    const std::string name = "Open the page of " + dialog.connection.label;
    ui.link("page",
            body.cut_top(24),
            {.name = name,
             .href = dialog.url,
             .style = ui::TextStyle::BodyMedium,
             .opens_outside = true});
    const ui::ButtonSpec close{.label = strings::kNotNow};
    ui::Rect foot = body.cut_bottom(ui.control_height());
    if (ui.button("close", foot.cut_right(ui.button_width(close)), close) || area.is_dismissed) {
        stage.actions.push(DialogClosed{});
    }
    ui.end_dialog();
}

}  // namespace

void dialog_answers(Stage& stage,
                    const ui::DialogArea& area,
                    const DialogAnswer& confirm,
                    std::string_view refuse) {
    ui::Ui& ui = stage.ui;
    ui::Rect body = area.body;
    ui::Rect foot = body.cut_bottom(ui.control_height());
    const ui::ButtonSpec yes{.label = confirm.label, .kind = confirm.kind};
    const ui::ButtonSpec no{.label = refuse};
    const ui::Rect yes_rect = foot.cut_right(ui.button_width(yes), ui::kGap2);
    const ui::Rect no_rect = foot.cut_right(ui.button_width(no));
    if (ui.button("refuse", no_rect, no) || area.is_dismissed) {
        stage.actions.push(DialogClosed{});
    } else if (ui.button("confirm", yes_rect, yes)) {
        stage.actions.push(DialogConfirmed{});
    }
}

void dialogs_view(Stage& stage) {
    const Dialog& dialog = stage.state.dialog;
    if (const auto* deletion = std::get_if<DeleteDialog>(&dialog)) draw_delete(stage, *deletion);
    if (std::holds_alternative<LeaveDialog>(dialog)) draw_leave(stage);
    if (const auto* conflict = std::get_if<ConflictDialog>(&dialog))
        draw_conflict(stage, *conflict);
    if (std::holds_alternative<HelpDialog>(dialog)) draw_help(stage);
    if (const auto* disconnect = std::get_if<DisconnectDialog>(&dialog))
        draw_disconnect(stage, *disconnect);
    if (const auto* palette = std::get_if<PaletteDialog>(&dialog)) palette_view(stage, *palette);
    if (const auto* connect = std::get_if<ConnectDialog>(&dialog)) draw_connect(stage, *connect);
    if (const auto* saved = std::get_if<ExportDialog>(&dialog)) export_dialog(stage, *saved);
    if (const auto* undo = std::get_if<UndoDialog>(&dialog)) undo_dialog(stage, *undo);
    if (const auto* many = std::get_if<BulkDeleteDialog>(&dialog)) bulk_delete_dialog(stage, *many);
    if (const auto* tags = std::get_if<TagDialog>(&dialog)) tag_dialog(stage, *tags);
    if (const auto* told = std::get_if<BulkReportDialog>(&dialog)) bulk_report_dialog(stage, *told);
}

}  // namespace crm::client
