// The list of contacts: a virtual table over all rows of the query; rows that are not there yet are
// asked for when they come into sight.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_bulk.h"
#include "client-wasm/views/grid.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

struct TextColumn {
    std::string_view field;  // wire name
    float width;
    float grow;
    int rank;  // the higher, the sooner it gives way when the table is narrow
};

constexpr std::array<TextColumn, 5> kTextColumns{{{"name", 180, 3, 0},
                                                  {"email", 190, 3, 2},
                                                  {"phone", 140, 1, 4},
                                                  {"jobTitle", 130, 2, 5},
                                                  {"company", 130, 2, 3}}};
constexpr float kSystemWidth = 112;
constexpr int kSystemRank = 1;

struct ShownColumn {
    const FieldSpec* field = nullptr;           // a text column
    const api::SystemStatus* system = nullptr;  // or a system's
    ui::Column column;
};

std::vector<api::SystemStatus> systems_of(const AppState& state) {
    return state.sync.status ? state.sync.status->systems : std::vector<api::SystemStatus>();
}

ui::SortMark mark_of(const Route& route, std::string_view field) {
    const SortKey current = route.sort.empty() ? SortKey{"name", false} : route.sort.front();
    if (current.field != field) return ui::SortMark::None;
    return current.is_descending ? ui::SortMark::Descending : ui::SortMark::Ascending;
}

/// How many ranks of columns fit: rank 0 is always shown.
int rank_that_fits(const std::vector<api::SystemStatus>& systems, float width) {
    int fitting = 0;
    float used = 0;
    for (int rank = 0; rank <= 5; ++rank) {
        for (const TextColumn& column : kTextColumns)
            used += column.rank == rank ? column.width : 0;
        if (rank == kSystemRank) used += kSystemWidth * static_cast<float>(systems.size());
        if (used > width) break;
        fitting = rank;
    }
    return fitting;
}

std::vector<ShownColumn> columns_for(const Stage& stage,
                                     const std::vector<api::SystemStatus>& systems,
                                     float width) {
    const int rank = rank_that_fits(systems, width - ui::kCheckboxWidth);
    std::vector<ShownColumn> shown;
    for (const TextColumn& text : kTextColumns) {
        if (text.rank > rank) continue;
        const FieldSpec* field = find_field(text.field);
        shown.push_back({field,
                         nullptr,
                         {.label = std::string(field->label),
                          .width = text.width,
                          .grow = text.grow,
                          .sort = mark_of(stage.state.route, text.field)}});
    }
    for (const api::SystemStatus& system : systems) {
        if (rank < kSystemRank) continue;
        shown.push_back({nullptr,
                         &system,
                         {.label = system.label, .width = kSystemWidth, .is_sortable = false}});
    }
    return shown;
}

void draw_system_cell(ui::Ui& ui, const Contact& contact, const api::SystemStatus& system) {
    const auto link = contact.links.find(SystemKey(system.key));
    const LinkState state = link == contact.links.end() ? LinkState::NotLinked : link->second.state;
    ui::cell_badge(ui, badge_of(state), link_word(state));
}

void draw_row(Stage& stage,
              const Contact& contact,
              const std::vector<ShownColumn>& columns,
              int index) {
    const Route target = with_contact(stage.state.route, contact.id);
    const std::string name = display_name(contact.fields);
    const std::string href = format_route(target);
    ui::RowSpec row{.index = index, .id = contact.id.text, .name = name};
    row.is_current = stage.state.route.contact == contact.id;
    row.is_flashing = stage.state.flashes.count(contact.id) != 0;
    row.is_checked = is_ticked(stage.state, ListKind::Live, contact.id);
    const ui::RowEvent event = ui::begin_row(stage.ui, row);
    const bool is_range = event.row.is_clicked && event.row.is_shift;
    bool is_opened = event.row.is_clicked && !is_range;
    for (const ShownColumn& column : columns) {
        if (column.system != nullptr) {
            draw_system_cell(stage.ui, contact, *column.system);
        } else if (column.field->wire == "name") {
            const ui::LinkSpec link{.name = name,
                                    .href = href,
                                    .style = ui::TextStyle::BodyMedium,
                                    .tone = ui::Tone::Text,
                                    .is_current = row.is_current};
            is_opened = ui::cell_link(stage.ui, link, ui::AvatarShown::Yes).is_clicked || is_opened;
        } else {
            ui::cell_text(stage.ui, contact.fields.*(column.field->member));
        }
    }
    ui::end_row(stage.ui);
    if (event.toggled || is_range) {
        const bool is_extended = is_range || event.toggled.is_shift;
        stage.actions.push(RowToggled{ListKind::Live, index, is_extended});
    } else if (is_opened) {
        stage.actions.push(RouteOpened{target});
    }
}

void draw_absent_row(Stage& stage, std::size_t column_count, int index) {
    (void)ui::begin_row(stage.ui, {.index = index});
    for (std::size_t column = 0; column < column_count; ++column) ui::cell_skeleton(stage.ui);
    ui::end_row(stage.ui);
}

void report_shown(Stage& stage, const ui::GridView& view) {
    const ContactList& list = stage.state.contacts;
    const std::int64_t first = view.first_row;
    const std::int64_t last = std::max(view.end_row - 1, view.first_row);
    if (list.first_shown != first || list.last_shown != last) {
        stage.actions.push(RowsShown{ListKind::Live, first, last});
    }
}

void draw_grid(Stage& stage, const ui::Rect& card) {
    stage.ui.card(card);
    const ui::Rect rect = card.inset(1);
    const ContactList& list = stage.state.contacts;
    const std::vector<api::SystemStatus> systems = systems_of(stage.state);
    const std::vector<ShownColumn> shown = columns_for(stage, systems, rect.width);
    std::vector<ui::Column> columns;
    columns.reserve(shown.size());
    for (const ShownColumn& column : shown) columns.push_back(column.column);
    ui::GridSpec spec{.name = strings::kContacts};
    spec.row_count = static_cast<int>(list.total.value_or(0));
    spec.columns = columns;
    spec.has_checkboxes = true;
    spec.all_checked = check_state(ticked_state(stage.state, ListKind::Live));
    spec.row_height = stage.ui.is_touch() ? ui::kRowTouchHeight : ui::kRowHeight;
    const ui::GridView view = ui::begin_grid(stage.ui, "contacts", rect, spec);
    for (int index = view.first_row; index < view.end_row; ++index) {
        const Contact* contact = find_row(list, index);
        if (contact != nullptr) {
            draw_row(stage, *contact, shown, index);
        } else {
            draw_absent_row(stage, shown.size(), index);
        }
    }
    ui::end_grid(stage.ui);
    report_shown(stage, view);
    if (view.is_all_toggled) stage.actions.push(LoadedToggled{ListKind::Live});
    const bool is_sorted =
        view.sort_column >= 0 && view.sort_column < static_cast<int>(shown.size());
    if (!is_sorted) return;
    const FieldSpec* field = shown[static_cast<std::size_t>(view.sort_column)].field;
    if (field != nullptr) stage.actions.push(SortClicked{std::string(field->wire)});
}

std::string aside_text(const AppState& state) {
    if (!state.contacts.total) return "";
    const std::string count = count_text(*state.contacts.total);
    if (!state.route.text.empty()) return count + " found for “" + state.route.text + "”";
    const SortKey sort =
        state.route.sort.empty() ? SortKey{"name", false} : state.route.sort.front();
    const FieldSpec* field = find_field(sort.field);
    if (field == nullptr) return count;
    return count + " · sorted by " + std::string(field->label) +
           (sort.is_descending ? ", Z to A" : "");
}

void draw_empty(Stage& stage, const ui::Rect& rect) {
    if (!stage.state.route.text.empty()) {
        if (stage.ui.empty_state("nothing",
                                 rect,
                                 ui::Icon::Search,
                                 strings::kNothingMatches,
                                 strings::kClearSearch)) {
            stage.actions.push(SearchChanged{""});
        }
        return;
    }
    if (stage.ui.empty_state(
            "none", rect, ui::Icon::Users, strings::kNoContacts, strings::kAddFirst)) {
        Route route;
        route.is_new_contact = true;
        stage.actions.push(RouteOpened{route});
    }
}

/// Files in and out, at the right of the title.
void file_buttons(Stage& stage, ui::Rect line, float used) {
    ui::Ui& ui = stage.ui;
    const ui::ButtonSpec out{.label = strings::kExportButton,
                             .kind = ui::ButtonKind::Ghost,
                             .icon = ui::Icon::Download,
                             .is_compact = true};
    const ui::ButtonSpec in{.label = strings::kImportButton,
                            .kind = ui::ButtonKind::Ghost,
                            .icon = ui::Icon::Upload,
                            .is_compact = true};
    const bool has_words = used + ui.button_width(out) + ui.button_width(in) < line.width;
    const auto draw = [&](std::string_view id, const ui::ButtonSpec& spec) {
        const float width = has_words ? ui.button_width(spec) : line.height;
        const ui::Rect place = line.cut_right(width, ui::kGap1);
        return has_words ? ui.button(id, place, spec) : ui.icon_button(id, place, spec);
    };
    if (draw("export", out)) stage.actions.push(ExportClicked{});
    if (!draw("import", in)) return;
    Route target;
    target.screen = Screen::Import;
    stage.actions.push(RouteOpened{target});
}

}  // namespace

void contact_table(Stage& stage, ui::Rect rect) {
    const ui::Rect head{rect.x, rect.y - 2, rect.width, ui::kControlCompactHeight};
    const std::string aside = aside_text(stage.state);
    const float used = stage.ui.text_width(strings::kAllContacts, ui::TextStyle::Page) +
                       stage.ui.text_width(aside, ui::TextStyle::Body) + 3 * ui::kGap4;
    screen_title(stage, rect, strings::kAllContacts, aside);
    file_buttons(stage, head, used);
    notice_stack(stage, NoticePlace::Screen, rect);
    notice_stack(stage, NoticePlace::List, rect);
    const ContactList& list = stage.state.contacts;
    if (!list.total) {
        stage.ui.card(rect);
        if (!list.is_failed) stage.ui.skeleton(rect.inset(ui::kGap4), 8, ui::kRowHeight);
        return;
    }
    if (*list.total == 0) {
        draw_empty(stage, rect);
        return;
    }
    bulk_bar(stage, ListKind::Live, rect);
    draw_grid(stage, rect);
}

}  // namespace crm::client
