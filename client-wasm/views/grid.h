// A table that stays quick at any length: only visible rows are drawn and mirrored, the browser's
// own scrolling moves them. One stop for Tab; arrows, Page Up/Down, Home and End walk the rows,
// Space ticks, Enter follows the row's link.
//
//     const GridView view = begin_grid(ui, "list", rect, spec);
//     for (int index = view.first_row; index < view.end_row; ++index) {
//         const RowEvent event = begin_row(ui, {.index = index, .id = contact.id, …});
//         cell_link(ui, {.name = contact.name, .href = …}, AvatarShown::Yes);   // one call per
//         column, in order cell_text(ui, contact.email, Tone::Secondary); cell_badge(ui,
//         BadgeKind::Synced, ""); end_row(ui);
//     }
//     end_grid(ui);
//
// Rows that are not loaded yet: begin_row with an empty id, cell_skeleton for each column.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "client-wasm/views/widgets.h"

namespace crm::ui {

inline constexpr float kCheckboxWidth = 40;  // of the column that ticks

enum class SortMark { None, Ascending, Descending };
enum class AvatarShown { No, Yes };

struct Column {
    std::string label;  // the header's accessible name, exactly
    float width = 120;  // at least so wide
    float grow = 0;     // its share of what is left over
    SortMark sort = SortMark::None;
    bool is_sortable = true;
    Align align = Align::Left;
};

struct GridSpec {
    std::string_view name;  // "Contacts"
    int row_count = 0;      // all of them, loaded or not
    std::span<const Column> columns;
    float row_height = kRowHeight;
    bool has_checkboxes = false;
    CheckState all_checked = CheckState::Off;
    int reveal_row = -1;  // scroll there in this frame
};

struct GridView {
    int first_row = 0;
    int end_row = 0;             // one past the last to draw; a few more than are visible
    int sort_column = -1;        // its header was activated
    bool is_sort_added = false;  // with Shift: a further key
    bool is_all_toggled = false;
};

struct RowSpec {
    int index = 0;
    std::string_view id;    // the record's; empty: not loaded yet
    std::string_view name;  // for the checkbox: "Select Ada Lovelace"
    bool is_checked = false;
    bool is_current = false;   // shown in the panel beside the list
    bool is_flashing = false;  // changed a moment ago; drawn once, fades by itself
};

struct RowEvent {
    Click row;      // anywhere on the row that is not a control
    Click toggled;  // its checkbox, or Space; Shift extends
};

[[nodiscard]] GridView begin_grid(Ui& ui,
                                  std::string_view id,
                                  const Rect& rect,
                                  const GridSpec& spec);
[[nodiscard]] RowEvent begin_row(Ui& ui, const RowSpec& spec);
Click cell_link(Ui& ui, const LinkSpec& spec, AvatarShown avatar = AvatarShown::No);
void cell_text(Ui& ui, std::string_view text, Tone tone = Tone::Secondary);
/// Icon alone when the state is Synced (its word is in the mirror), icon and word otherwise.
void cell_badge(Ui& ui, BadgeKind kind, std::string_view word);
Click cell_button(Ui& ui, std::string_view id, const ButtonSpec& spec);
void cell_skeleton(Ui& ui);
void end_row(Ui& ui);
void end_grid(Ui& ui);

}  // namespace crm::ui
