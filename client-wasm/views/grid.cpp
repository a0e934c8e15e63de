// The table: header row, a native scroll area, and only the rows that are in sight. Keyboard focus
// is on a row's link; arrows move it, and bring rows into sight before the link exists.
#include "client-wasm/views/grid.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

constexpr int kSpareRows = 4;  // beyond the edges, so that fast scrolling shows no gap
constexpr float kAvatarSize = 28;
constexpr float kFlashSeconds = 1.2F;
constexpr std::array<std::string_view, 9> kGridKeys = {
    "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Ctrl+Home", "Ctrl+End", "Space"};

void lay_out_columns(GridState& grid, const Rect& rect, const GridSpec& spec) {
    float fixed = 0;
    float grow = 0;
    for (const Column& column : spec.columns) {
        fixed += column.width;
        grow += column.grow;
    }
    float x = rect.x + (spec.has_checkboxes ? kCheckboxWidth : 0);
    const float rest = std::max(0.0F, rect.right() - x - fixed);
    grid.column_x.clear();
    grid.column_align.clear();
    for (const Column& column : spec.columns) {
        grid.column_x.push_back(x);
        grid.column_align.push_back(column.align);
        x += column.width + (grow > 0 ? rest * column.grow / grow : 0);
        x = std::round(x);
    }
    grid.column_x.push_back(std::min(x, rect.right()));
}

Rect column_rect(const GridState& grid, std::size_t column, const Rect& row) {
    return {grid.column_x[column],
            row.y,
            grid.column_x[column + 1] - grid.column_x[column],
            row.height};
}

const char* aria_sort(SortMark sort) {
    switch (sort) {
        case SortMark::None:
            return "none";
        case SortMark::Ascending:
            return "ascending";
        case SortMark::Descending:
            return "descending";
    }
    return "none";
}

void draw_header_cell(UiImpl& ui, const Rect& cell, const Column& column, NodeId node) {
    const Palette& c = ui.colors();
    const bool is_marked = column.sort != SortMark::None;
    const bool is_hot = column.is_sortable && ui.is_hovered(cell);
    Rect inner = cell.inset(kCellPad, 0);
    const TextStyle style = TextStyle::CaptionMedium;
    const float used = ui.draw_text(
        inner, column.label, style, is_marked || is_hot ? c.text : c.text2, column.align);
    if (is_marked) {
        const Icon arrow = column.sort == SortMark::Ascending ? Icon::ArrowUp : Icon::ArrowDown;
        const float x =
            column.align == Align::Right ? inner.right() - used - 18 : inner.x + used + 4;
        ui.draw_icon({x, cell.y, 14, cell.height}, arrow, c.text, 14);
    }
    ui.draw_ring(cell.inset(6, 5), node, kRadiusControl);
}

void draw_header(Ui& ui, const Rect& header, const GridSpec& spec, GridView& view) {
    UiImpl& impl = ui.impl();
    GridState& grid = *impl.grid;
    const NodeId row = impl.add("row", impl.id_of("header"), "", header, {{"rowindex", "1"}});
    impl.open(row, header);
    int index = 1;
    if (spec.has_checkboxes) {
        const Rect cell{header.x, header.y, kCheckboxWidth, header.height};
        const NodeId node = impl.add("gridcell", impl.id_of("all"), "", cell, {{"colindex", "1"}});
        impl.open(node, cell);
        view.is_all_toggled = ui.checkbox("box",
                                          {cell.x + kCellPad, cell.y, 24, cell.height},
                                          "Select all",
                                          spec.all_checked)
                                  .is_clicked;
        impl.close();
        ++index;
    }
    for (std::size_t column = 0; column < spec.columns.size(); ++column) {
        const Column& shown = spec.columns[column];
        const Rect cell = column_rect(grid, column, header);
        std::vector<Attribute> attributes = {{"colindex", std::to_string(index++)}};
        if (shown.is_sortable) {
            attributes.push_back({"sort", aria_sort(shown.sort)});
            attributes.push_back({"tab", "-1"});
        }
        const NodeId node = impl.add("columnheader",
                                     impl.id_of("column " + shown.label),
                                     shown.label,
                                     cell,
                                     std::move(attributes));
        draw_header_cell(impl, cell, shown, node);
        if (const Click click = impl.take_click(node); click && shown.is_sortable) {
            view.sort_column = static_cast<int>(column);
            view.is_sort_added = click.is_shift;
        }
    }
    impl.close();
}

void show_row(UiImpl& ui, GridState& grid, int row, int row_count) {
    const double height = grid.row_height;
    const double furthest =
        std::max(0.0, row_count * height - static_cast<double>(grid.body.height));
    const double row_top = row * height;
    double top = grid.scroll;
    if (row_top < top) top = row_top;
    if (row_top + height > top + static_cast<double>(grid.body.height)) {
        top = row_top + height - static_cast<double>(grid.body.height);
    }
    top = std::clamp(top, 0.0, furthest);
    if (top == grid.scroll) return;
    grid.scroll = top;
    ui.scrolls[grid.node] = top;
    ui.mirror.command("s", grid.node, std::to_string(top));
}

// Arrows and their relatives; only while focus is in the grid.
void move_by_keyboard(UiImpl& ui, GridState& grid, int row_count) {
    const auto presses = [&](std::string_view key) {
        assert(std::find(kGridKeys.begin(), kGridKeys.end(), key) != kGridKeys.end());
        return ui.take_presses(key, ShortcutScope::OutsideFields);
    };
    const int page = std::max(1, static_cast<int>(grid.body.height / grid.row_height) - 1);
    int row = grid.active_row;
    row += presses("ArrowDown") - presses("ArrowUp");
    row += page * (presses("PageDown") - presses("PageUp"));
    if (presses("Home") + presses("Ctrl+Home") > 0) row = 0;
    if (presses("End") + presses("Ctrl+End") > 0) row = row_count - 1;
    grid.is_space = presses("Space") > 0;
    row = std::clamp(row, 0, std::max(0, row_count - 1));
    if (row == grid.active_row) return;
    grid.active_row = row;
    grid.focus_row = row;
    show_row(ui, grid, row, row_count);
}

}  // namespace

bool UiImpl::is_grid_key(std::string_view chord) const {
    if (std::find(kGridKeys.begin(), kGridKeys.end(), chord) == kGridKeys.end()) return false;
    return std::any_of(grids.begin(), grids.end(), [this](const auto& entry) {
        return entry.second.links.contains(focus_node);
    });
}

namespace {

// Opens the grid's node and brings what is remembered of it up to date.
GridState& open_grid(UiImpl& ui, std::string_view id, const Rect& rect, const GridSpec& spec) {
    const std::size_t columns = spec.columns.size() + (spec.has_checkboxes ? 1U : 0U);
    const NodeId node = ui.add("grid",
                               ui.id_of(id),
                               spec.name,
                               rect,
                               {{"rowcount", std::to_string(spec.row_count + 1)},
                                {"colcount", std::to_string(columns)},
                                {"multiselect", spec.has_checkboxes ? "true" : "false"}});
    ui.open(node, rect);
    GridState& grid = ui.grids[node];
    ui.grid = &grid;
    grid.node = ui.id_of("body");
    grid.frame = rect;
    grid.row_height = spec.row_height;
    grid.has_checkboxes = spec.has_checkboxes;
    // Where focus is, was drawn in the last frame.
    const std::map<NodeId, int> links = std::exchange(grid.links, {});
    const auto focused = links.find(ui.focus_node);
    grid.has_focus = focused != links.end();
    if (grid.has_focus) grid.active_row = focused->second;
    grid.is_space = false;
    grid.active_row = std::clamp(grid.active_row, 0, std::max(0, spec.row_count - 1));
    lay_out_columns(grid, rect, spec);
    return grid;
}

void draw_ground(UiImpl& ui, const Rect& rect, const Rect& header) {
    ui.draw_fill(rect, ui.colors().surface, kRadiusCard);
    ui.list->AddRectFilled({header.x, header.y},
                           {header.right(), header.bottom()},
                           to_imgui(ui.colors().sunken),
                           kRadiusCard,
                           ImDrawFlags_RoundCornersTop);
}

// Which rows to draw, and which of them is the stop for Tab: one that is wholly in sight.
void choose_rows(GridState& grid, int row_count, GridView& view) {
    const double top_row = grid.scroll / static_cast<double>(grid.row_height);
    const int first = static_cast<int>(top_row);
    const int count = static_cast<int>(grid.body.height / grid.row_height) + 2;
    view.first_row = std::max(0, first - kSpareRows);
    view.end_row = std::min(row_count, first + count + kSpareRows);
    const int last = std::max(0, row_count - 1);
    const int first_whole = std::min(static_cast<int>(std::ceil(top_row)), last);
    const int last_whole = std::clamp(first_whole + count - 3, first_whole, last);
    const bool is_fixed = grid.focus_row >= 0 || grid.has_focus;
    grid.tab_row =
        is_fixed ? grid.active_row : std::clamp(grid.active_row, first_whole, last_whole);
}

// A changed row lights up once, and fades.
void draw_flash(UiImpl& ui, GridState& grid, const std::string& key, const Rect& rect) {
    const double since = grid.flashes.emplace(key, ui.info.now_ms).first->second;
    const double age = (ui.info.now_ms - since) / 1000 / static_cast<double>(kFlashSeconds);
    if (age >= 1 || ui.info.is_motion_reduced) return;
    const auto alpha = static_cast<std::uint32_t>((1 - age) * 110);
    ui.draw_fill(rect, {(ui.colors().accent.rgba & 0xFFFFFF00U) | alpha});
    ui.wake_after(33);
}

Click row_checkbox(Ui& ui, const Rect& row, const RowSpec& spec) {
    UiImpl& impl = ui.impl();
    const Rect cell{row.x, row.y, kCheckboxWidth, row.height};
    const NodeId node = impl.add("gridcell", impl.id_of("check"), "", cell, {{"colindex", "1"}});
    impl.open(node, cell);
    Click click;
    if (!spec.id.empty()) {
        click = ui.checkbox("box",
                            {cell.x + kCellPad, cell.y, 24, cell.height},
                            "Select " + std::string(spec.name),
                            spec.is_checked ? CheckState::On : CheckState::Off);
        impl.mirror.set_attribute(impl.id_of("box"), "tab", "-1");
    }
    impl.close();
    const bool is_active = spec.index == impl.grid->active_row;
    click.is_clicked = click.is_clicked || (impl.grid->is_space && is_active);
    return click;
}

}  // namespace

GridView begin_grid(Ui& ui, std::string_view id, const Rect& rect, const GridSpec& spec) {
    UiImpl& impl = ui.impl();
    GridState& grid = open_grid(impl, id, rect, spec);
    Rect rest = rect;
    const Rect header = rest.cut_top(kTableHeaderHeight);
    grid.body = rest;
    const double content = static_cast<double>(spec.row_height) * spec.row_count;
    const double furthest = std::max(0.0, content - static_cast<double>(rest.height));
    grid.scroll = std::clamp(impl.scrolls[grid.node], 0.0, furthest);

    draw_ground(impl, rect, header);
    ui.line_below(header);
    GridView view;
    draw_header(ui, header, spec, view);
    if (grid.has_focus) move_by_keyboard(impl, grid, spec.row_count);
    if (spec.reveal_row >= 0) {
        grid.active_row = std::min(spec.reveal_row, std::max(0, spec.row_count - 1));
        show_row(impl, grid, grid.active_row, spec.row_count);
    }
    const std::string height = std::to_string(static_cast<std::int64_t>(content));
    impl.add("rows", grid.node, "", rest, {{"content", height}});
    impl.open(grid.node, rest, grid.scroll);
    impl.push_clip(rest);
    choose_rows(grid, spec.row_count, view);
    return view;
}

RowEvent begin_row(Ui& ui, const RowSpec& spec) {
    UiImpl& impl = ui.impl();
    assert(impl.grid != nullptr);
    GridState& grid = *impl.grid;
    grid.row = spec;
    grid.column = 0;
    const double y = static_cast<double>(grid.body.y) - grid.scroll +
                     static_cast<double>(grid.row_height) * spec.index;
    grid.row_rect = {grid.body.x, static_cast<float>(y), grid.body.width, grid.row_height};
    const Rect& rect = grid.row_rect;
    const std::string key =
        spec.id.empty() ? "#" + std::to_string(spec.index) : std::string(spec.id);
    const bool is_selected = spec.is_checked || spec.is_current;
    const NodeId node = impl.add("row",
                                 impl.id_of(key),
                                 "",
                                 rect,
                                 {{"rowindex", std::to_string(spec.index + 2)},
                                  {"selected", is_selected ? "true" : "false"}});
    impl.open(node, rect);

    const Palette& c = impl.colors();
    const bool is_hot = !spec.id.empty() && impl.is_hovered(rect);
    if (is_selected || is_hot) impl.draw_fill(rect, is_selected ? c.row_sel : c.row_hover);
    if (spec.is_flashing) {
        draw_flash(impl, grid, key, rect);
    } else {
        grid.flashes.erase(key);
    }
    if (spec.is_current) impl.draw_fill({rect.x, rect.y, 2, rect.height}, c.accent);
    ui.line_below(rect);

    RowEvent event{impl.take_click(node), {}};
    if (grid.has_checkboxes) event.toggled = row_checkbox(ui, rect, spec);
    return event;
}

namespace {

struct Cell {
    Rect rect;
    NodeId node = 0;
};

Cell next_cell(UiImpl& ui, std::string_view kind, std::string_view text) {
    GridState& grid = *ui.grid;
    const auto column = static_cast<std::size_t>(grid.column);
    assert(column + 1 < grid.column_x.size() && "more cells than columns");
    const Rect rect = column_rect(grid, column, grid.row_rect);
    const int index = grid.column + 1 + (grid.has_checkboxes ? 1 : 0);
    const NodeId node = ui.add(kind,
                               ui.id_of("cell " + std::to_string(grid.column)),
                               text,
                               rect,
                               {{"colindex", std::to_string(index)}});
    ++grid.column;
    return {rect.inset(kCellPad, 0), node};
}

Align align_of_last(const GridState& grid) {
    return grid.column_align[static_cast<std::size_t>(grid.column - 1)];
}

}  // namespace

Click cell_link(Ui& ui, const LinkSpec& spec, AvatarShown avatar) {
    UiImpl& impl = ui.impl();
    GridState& grid = *impl.grid;
    const Cell cell = next_cell(impl, "rowheader", "");
    impl.open(cell.node, cell.rect.inset(-kCellPad, 0));
    Rect inner = cell.rect;
    if (avatar == AvatarShown::Yes) {
        const float size = std::min(kAvatarSize, grid.row_height - 8);
        ui.avatar(inner.cut_left(size, 10).centered(size, size), spec.name);
    }
    const NodeId node = impl.id_of("link");
    const Click click = ui.link("link", inner.centered(inner.width, 24), spec);
    impl.close();

    impl.mirror.set_attribute(node, "tab", grid.row.index == grid.tab_row ? "0" : "-1");
    grid.links.emplace(node, grid.row.index);
    if (grid.focus_row == grid.row.index) {
        grid.focus_row = -1;
        impl.mirror.command("f", node, "keep-scroll");
    }
    if (impl.has_ring(node)) impl.draw_border(grid.row_rect.inset(2, 2), impl.colors().focus, 4, 2);
    return click;
}

void cell_text(Ui& ui, std::string_view text, Tone tone) {
    UiImpl& impl = ui.impl();
    const Cell cell = next_cell(impl, "gridcell", text);
    impl.draw_text(cell.rect, text, TextStyle::Body, impl.color(tone), align_of_last(*impl.grid));
}

void cell_badge(Ui& ui, BadgeKind kind, std::string_view word) {
    UiImpl& impl = ui.impl();
    const Cell cell = next_cell(impl, "gridcell", word);
    impl.draw_badge(cell.rect, kind, kind == BadgeKind::Synced ? "" : word, BadgeShape::Plain);
}

Click cell_button(Ui& ui, std::string_view id, const ButtonSpec& spec) {
    UiImpl& impl = ui.impl();
    const Cell cell = next_cell(impl, "gridcell", "");
    impl.open(cell.node, cell.rect.inset(-kCellPad, 0));
    const float width = std::min(ui.button_width(spec), cell.rect.width);
    Rect place = cell.rect.centered(width, std::min(kControlCompactHeight, cell.rect.height - 4));
    place.x = cell.rect.x;
    const Click click = ui.button(id, place, spec);
    impl.close();
    return click;
}

void cell_skeleton(Ui& ui) {
    UiImpl& impl = ui.impl();
    const Cell cell = next_cell(impl, "gridcell", "");
    const float share =
        0.45F + 0.1F * static_cast<float>((impl.grid->row.index + impl.grid->column) % 4);
    impl.draw_fill({cell.rect.x, cell.rect.center_y() - 5, cell.rect.width * share, 10},
                   impl.colors().border,
                   5);
}

void end_row(Ui& ui) {
    ui.impl().close();
}

void end_grid(Ui& ui) {
    UiImpl& impl = ui.impl();
    impl.pop_clip();
    impl.close();
    impl.close();
    impl.draw_border(impl.grid->frame, impl.colors().border, kRadiusCard);
    impl.grid = nullptr;
}

}  // namespace crm::ui
