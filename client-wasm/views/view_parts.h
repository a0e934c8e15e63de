// What the views share: the stage they draw on, colours of states, and the cards of failures. Not
// for anybody else.
#pragma once

#include <string>
#include <vector>

#include "client-wasm/state/actions.h"
#include "client-wasm/state/app_state.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/select_bulk.h"
#include "client-wasm/views/column.h"
#include "client-wasm/views/widgets.h"

namespace crm::client {

/// Views read the state and push actions.
struct Stage {
    ui::Ui& ui;
    const AppState& state;
    ActionQueue& actions;
};

/// Under 760 px there is one column; under 1100 px the navigation is icons.
enum class Layout { Single, Compact, Wide };
[[nodiscard]] Layout layout_for(float window_width);

[[nodiscard]] ui::BadgeKind badge_of(Tone tone);
[[nodiscard]] ui::BadgeKind badge_of(LinkState state);
[[nodiscard]] ui::BadgeKind badge_of(const api::Run& run);
[[nodiscard]] ui::CheckState check_state(Ticked ticked);

/// Draws the failures of this place at the top of the area and takes their room off it.
void notice_stack(Stage& stage, NoticePlace place, ui::Rect& area);
/// How much room notice_stack will take.
[[nodiscard]] float notice_stack_height(const Stage& stage, NoticePlace place, float width);

// The parts of the screen, each in the rectangle it is given.
void navigation_view(Stage& stage, const ui::Rect& rect, Layout layout);
void header_view(Stage& stage, const ui::Rect& rect, Layout layout);
void contact_table(Stage& stage, ui::Rect rect);
void contact_panel(Stage& stage, const ui::Rect& rect, Layout layout);
/// The contact's history, newest first.
void contact_history(Stage& stage, Column& column, std::size_t entries_max);
/// How the contact stands in each system, field by field, and why.
void contact_sync(Stage& stage, Column& column);
/// A run: how it stands, what it wrote, and what a person may decide about it.
void run_card(Stage& stage, const ui::Rect& rect, const api::Run& run);
[[nodiscard]] float run_card_height(const Stage& stage, const api::Run& run, float width);
/// "Changed 2 in HubSpot · 1 pending".
[[nodiscard]] std::string run_writes_text(const AppState& state, const api::Run& run);
[[nodiscard]] std::string run_name(const api::Run& run);
/// Problems, those of one cause together, each cause with what helps.
using Problems = std::vector<const api::RunProblem*>;
void problem_list(Stage& stage, Column& column, const Problems& problems);
/// The writes of a run, one by one; nothing when it has none.
void run_records(Stage& stage, ui::Rect& area, const api::Run& run);
[[nodiscard]] float run_records_height(const api::Run& run);
void sync_view(Stage& stage, ui::Rect rect);
void review_view(Stage& stage, ui::Rect rect);
/// What is to be decided about one entry of Review.
void conflict_detail(Stage& stage, Column& column, const api::Conflict& conflict);
void hold_detail(Stage& stage, Column& column, const api::HeldRecord& hold);
void trash_view(Stage& stage, ui::Rect rect);
void import_view(Stage& stage, ui::Rect rect);
void export_dialog(Stage& stage, const ExportDialog& dialog);
void undo_dialog(Stage& stage, const UndoDialog& dialog);
void connections_view(Stage& stage, Column& column);
void settings_view(Stage& stage, ui::Rect rect);
/// What can be done with the ticked rows; takes its room off the area when there are any.
void bulk_bar(Stage& stage, ListKind list, ui::Rect& area);
void bulk_keys(Stage& stage, ListKind list);
void bulk_delete_dialog(Stage& stage, const BulkDeleteDialog& dialog);
void tag_dialog(Stage& stage, const TagDialog& dialog);
void bulk_report_dialog(Stage& stage, const BulkReportDialog& dialog);
/// The two buttons at the foot of a dialog, and Escape.
struct DialogAnswer {
    std::string_view label;
    ui::ButtonKind kind = ui::ButtonKind::Primary;
};
void dialog_answers(Stage& stage,
                    const ui::DialogArea& area,
                    const DialogAnswer& confirm,
                    std::string_view refuse);
void palette_view(Stage& stage, const PaletteDialog& dialog);
void dialogs_view(Stage& stage);
void toasts_view(Stage& stage);

/// The h1 of a screen with a line beside it; takes its room off the area.
void screen_title(Stage& stage, ui::Rect& area, std::string_view title, std::string_view aside);

}  // namespace crm::client
