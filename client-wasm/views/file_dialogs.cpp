// The questions before the list is exported, and before what history tells of is undone.
#include <array>
#include <string>
#include <vector>

#include "client-wasm/state/select_bulk.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr std::size_t kUndoneShown = 6;

struct FormEntry {
    std::string_view format;
    std::string_view label;
};

constexpr std::array<FormEntry, 3> kForms{
    {{"csv", strings::kExportCsv}, {"vcf", strings::kExportCards}, {"json", strings::kExportJson}}};

std::string undone_line(const api::UndoneContact& contact) {
    std::string text = contact.title + ": ";
    if (contact.kind == "delete") return text + "moves to the Trash";
    if (contact.kind == "restore") text += "comes back";
    if (contact.kind == "none") text += "stays as it is";
    for (const FieldChange& change : contact.undone) {
        const std::string to = change.to.empty() ? "—" : change.to;
        text += field_label(change.field) + " → " + to + "; ";
    }
    for (const api::KeptChange& kept : contact.kept) text += kept.reason + " ";
    return text;
}

std::vector<std::string> undo_lines(const api::Undo& preview) {
    std::vector<std::string> lines;
    if (preview.undone == 0) {
        lines.emplace_back(strings::kUndoNothing);
    } else {
        lines.push_back(contacts_text(preview.undone) + " would be as before.");
    }
    if (preview.kept > 0)
        lines.push_back("Something newer stays with " + contacts_text(preview.kept) + ".");
    for (const api::UndoneContact& contact : preview.contacts) {
        if (lines.size() > kUndoneShown + 1) break;
        lines.push_back(undone_line(contact));
    }
    return lines;
}

}  // namespace

void export_dialog(Stage& stage, const ExportDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const float width =
        std::min(ui::kDialogWidth, ui.window().width - 2 * ui::kGap4) - 2 * ui::kGap6;
    const float text = ui.paragraph_height(width, strings::kExportBody, ui::TextStyle::Body);
    const float rows = static_cast<float>(kForms.size()) * ui.control_height();
    const ui::DialogArea area =
        ui.begin_dialog("export",
                        {.title = strings::kExportTitle,
                         .height = text + rows + 2 * ui::kGap3 + ui.control_height()});
    ui::Rect body = area.body;
    ui.paragraph(body.cut_top(text, ui::kGap3),
                 strings::kExportBody,
                 ui::TextStyle::Body,
                 ui::Tone::Secondary);
    ui::Rect forms = body.cut_top(rows);
    ui.begin(ui::Landmark::Group, "form", strings::kExportForm, forms);
    for (const FormEntry& entry : kForms) {
        const ui::Rect line = forms.cut_top(ui.control_height());
        if (ui.radio(entry.format, line, entry.label, dialog.format == entry.format)) {
            stage.actions.push(ExportFormatChosen{std::string(entry.format)});
        }
    }
    ui.end();
    dialog_answers(stage, area, {strings::kExportNow}, strings::kCancel);
    ui.end_dialog();
}

void undo_dialog(Stage& stage, const UndoDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const std::vector<std::string> lines = undo_lines(dialog.preview);
    const float width =
        std::min(ui::kDialogWideWidth, ui.window().width - 2 * ui::kGap4) - 2 * ui::kGap6;
    float height = ui.control_height() + ui::kGap4;
    for (const std::string& line : lines) {
        height += ui.paragraph_height(width, line, ui::TextStyle::Body) + ui::kGap1;
    }
    const ui::DialogArea area = ui.begin_dialog(
        "undo", {.title = strings::kUndoTitle, .width = ui::kDialogWideWidth, .height = height});
    ui::Rect body = area.body;
    for (const std::string& line : lines) {
        const float used = ui.paragraph_height(width, line, ui::TextStyle::Body);
        ui.paragraph(body.cut_top(used, ui::kGap1), line, ui::TextStyle::Body, ui::Tone::Secondary);
    }
    dialog_answers(stage, area, {strings::kUndoNow}, strings::kKeep);
    ui.end_dialog();
}

}  // namespace crm::client
