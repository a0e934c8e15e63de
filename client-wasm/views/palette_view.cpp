// The command palette: one field, and below it what fits.
#include <algorithm>
#include <string>

#include "client-wasm/state/select_palette.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kEntryHeight = 48;
constexpr std::size_t kEntriesShown = 8;

/// The first of those that are shown: the selected one is among them.
std::size_t first_shown(const PaletteDialog& dialog, std::size_t count) {
    if (count <= kEntriesShown) return 0;
    const std::size_t before =
        dialog.selected < kEntriesShown ? 0 : dialog.selected - kEntriesShown + 1;
    return std::min(before, count - kEntriesShown);
}

void draw_field(Stage& stage, const ui::Rect& rect, const PaletteDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const ui::FieldEvent event = ui.field("text",
                                          rect,
                                          {.name = strings::kPaletteField,
                                           .value = dialog.text,
                                           .placeholder = strings::kPaletteHint,
                                           .is_label_shown = false,
                                           .wants_focus = true});
    if (event.is_changed) stage.actions.push(PaletteTyped{event.text});
    if (event.is_committed) stage.actions.push(PaletteChosen{dialog.selected});
    constexpr ui::ShortcutScope kEverywhere = ui::ShortcutScope::Everywhere;
    if (ui.shortcut("ArrowDown", kEverywhere)) stage.actions.push(PaletteMoved{1});
    if (ui.shortcut("ArrowUp", kEverywhere)) stage.actions.push(PaletteMoved{-1});
}

void draw_entries(Stage& stage, ui::Rect rect, const PaletteDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const std::vector<PaletteEntry> entries = palette_entries(stage.state);
    if (entries.empty()) {
        ui.text(rect.cut_top(kEntryHeight),
                strings::kNothingMatches,
                ui::TextStyle::Body,
                ui::Tone::Secondary);
        return;
    }
    const std::size_t first = first_shown(dialog, entries.size());
    const std::size_t end = std::min(entries.size(), first + kEntriesShown);
    ui.begin(ui::Landmark::List, "entries", strings::kPaletteList, rect);
    for (std::size_t index = first; index < end; ++index) {
        const ui::Rect row = rect.cut_top(kEntryHeight);
        ui.begin(ui::Landmark::ListItem, "entry-" + std::to_string(index), "", row);
        const ui::ListRowSpec spec{.title = entries[index].title,
                                   .detail = entries[index].detail,
                                   .is_current = index == dialog.selected};
        if (ui.list_row("choose", row, spec)) stage.actions.push(PaletteChosen{index});
        ui.end();
    }
    ui.end();
}

}  // namespace

void palette_view(Stage& stage, const PaletteDialog& dialog) {
    ui::Ui& ui = stage.ui;
    const float height =
        ui.control_height() + ui::kGap3 + kEntryHeight * static_cast<float>(kEntriesShown);
    const ui::DialogArea area = ui.begin_dialog(
        "palette",
        {.title = strings::kPaletteTitle, .width = ui::kDialogWideWidth, .height = height});
    ui::Rect body = area.body;
    draw_field(stage, body.cut_top(ui.control_height(), ui::kGap3), dialog);
    draw_entries(stage, body, dialog);
    if (area.is_dismissed) stage.actions.push(DialogClosed{});
    ui.end_dialog();
}

}  // namespace crm::client
