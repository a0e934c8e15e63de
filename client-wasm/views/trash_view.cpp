// Deleted contacts, each with its way back.
#include <algorithm>
#include <array>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_bulk.h"
#include "client-wasm/views/grid.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

std::vector<ui::Column> columns_for(float width) {
    std::vector<ui::Column> columns;
    columns.push_back({.label = "Name", .width = 160, .grow = 2, .is_sortable = false});
    if (width > 620)
        columns.push_back({.label = "Email", .width = 190, .grow = 2, .is_sortable = false});
    if (width > 480) {
        columns.push_back(
            {.label = std::string(strings::kDeletedWhen), .width = 110, .is_sortable = false});
    }
    columns.push_back({.label = "Way back", .width = 210, .is_sortable = false});
    return columns;
}

bool is_being_restored(const AppState& state, const ContactId& id) {
    return std::any_of(state.pending.begin(), state.pending.end(), [&id](const auto& pending) {
        return pending.second == Request(RestoreContact{id});
    });
}

void draw_row(Stage& stage,
              const Contact& contact,
              const std::vector<ui::Column>& columns,
              int index) {
    const Route target = with_contact(Route{}, contact.id);
    const std::string name = display_name(contact.fields);
    const std::string href = format_route(target);
    const bool is_checked = is_ticked(stage.state, ListKind::Trash, contact.id);
    const ui::RowEvent event = ui::begin_row(
        stage.ui, {.index = index, .id = contact.id.text, .name = name, .is_checked = is_checked});
    bool is_opened = event.row.is_clicked;
    for (const ui::Column& column : columns) {
        if (column.label == "Name") {
            const ui::LinkSpec link{.name = name,
                                    .href = href,
                                    .style = ui::TextStyle::BodyMedium,
                                    .tone = ui::Tone::Text};
            is_opened = ui::cell_link(stage.ui, link, ui::AvatarShown::Yes).is_clicked || is_opened;
        } else if (column.label == "Email") {
            ui::cell_text(stage.ui, contact.fields.email);
        } else if (column.label == strings::kDeletedWhen) {
            ui::cell_text(stage.ui, ago_text(stage.state.now, contact.updated_at));
        } else {
            const std::string label = "Restore " + name;
            const ui::ButtonSpec restore{.label = label,
                                         .icon = ui::Icon::Undo,
                                         .is_busy = is_being_restored(stage.state, contact.id),
                                         .is_compact = true};
            if (ui::cell_button(stage.ui, "restore", restore)) {
                stage.actions.push(RestoreClicked{contact.id});
                is_opened = false;
            }
        }
    }
    ui::end_row(stage.ui);
    if (event.toggled) {
        stage.actions.push(RowToggled{ListKind::Trash, index, event.toggled.is_shift});
    } else if (is_opened) {
        stage.actions.push(RouteOpened{target});
    }
}

void draw_grid(Stage& stage, const ui::Rect& card) {
    stage.ui.card(card);
    const ui::Rect rect = card.inset(1);
    const ContactList& list = stage.state.trash;
    const std::vector<ui::Column> columns = columns_for(rect.width - ui::kCheckboxWidth);
    ui::GridSpec spec{.name = "Deleted"};
    spec.row_count = static_cast<int>(list.total.value_or(0));
    spec.columns = columns;
    spec.has_checkboxes = true;
    spec.all_checked = check_state(ticked_state(stage.state, ListKind::Trash));
    spec.row_height = stage.ui.is_touch() ? ui::kRowTouchHeight : ui::kRowHeight;
    const ui::GridView view = ui::begin_grid(stage.ui, "trash", rect, spec);
    for (int index = view.first_row; index < view.end_row; ++index) {
        const Contact* contact = find_row(list, index);
        if (contact != nullptr) {
            draw_row(stage, *contact, columns, index);
            continue;
        }
        (void)ui::begin_row(stage.ui, {.index = index});
        for (std::size_t column = 0; column < columns.size(); ++column) ui::cell_skeleton(stage.ui);
        ui::end_row(stage.ui);
    }
    ui::end_grid(stage.ui);
    if (view.is_all_toggled) stage.actions.push(LoadedToggled{ListKind::Trash});
    const std::int64_t first = view.first_row;
    const std::int64_t last = std::max(view.end_row - 1, view.first_row);
    if (list.first_shown != first || list.last_shown != last) {
        stage.actions.push(RowsShown{ListKind::Trash, first, last});
    }
}

}  // namespace

void trash_view(Stage& stage, ui::Rect rect) {
    const ContactList& list = stage.state.trash;
    screen_title(
        stage, rect, strings::kTrash, list.total ? count_text(*list.total) : std::string());
    notice_stack(stage, NoticePlace::Screen, rect);
    notice_stack(stage, NoticePlace::List, rect);
    if (!list.total) {
        stage.ui.card(rect);
        if (!list.is_failed) stage.ui.skeleton(rect.inset(ui::kGap4), 8, ui::kRowHeight);
        return;
    }
    if (*list.total == 0) {
        (void)stage.ui.empty_state("empty", rect, ui::Icon::Trash, strings::kTrashEmpty, "");
        return;
    }
    const float height =
        stage.ui.paragraph_height(rect.width, strings::kTrashHint, ui::TextStyle::Body);
    stage.ui.paragraph(rect.cut_top(height, ui::kGap3),
                       strings::kTrashHint,
                       ui::TextStyle::Body,
                       ui::Tone::Secondary);
    bulk_bar(stage, ListKind::Trash, rect);
    draw_grid(stage, rect);
}

}  // namespace crm::client
