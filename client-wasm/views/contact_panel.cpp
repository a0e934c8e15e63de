// The record beside the list, or in its place on a narrow window: how it stands with each system,
// the form, and what changed lately.
#include <algorithm>
#include <array>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/views/contact_form.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kAvatarSize = 48;
constexpr float kBadgeHeight = 24;
constexpr float kEntryLine = 20;
constexpr float kTabHeight = 36;
constexpr std::size_t kRecentShown = 3;
constexpr std::size_t kEntriesShown = 200;

struct SystemLine {
    std::string badge;   // "HubSpot · Synced"
    std::string reason;  // why not synced; may be empty
    std::string label;
    std::string url;
    LinkState state = LinkState::NotLinked;
};

std::vector<SystemLine> system_lines(const AppState& state, const Contact& contact) {
    std::vector<SystemLine> lines;
    if (!state.sync.status) return lines;
    for (const api::SystemStatus& system : state.sync.status->systems) {
        SystemLine line{.label = system.label};
        const auto link = contact.links.find(SystemKey(system.key));
        if (link != contact.links.end()) {
            line.state = link->second.state;
            line.reason = link->second.reason;
            line.url = link->second.url;
        }
        const bool is_timed = link != contact.links.end() && line.state == LinkState::Synced &&
                              link->second.synced_at.has_value();
        line.badge =
            system.label + " · " +
            (is_timed ? ago_text(state.now, *link->second.synced_at) : link_word(line.state));
        lines.push_back(std::move(line));
    }
    return lines;
}

struct TabEntry {
    std::string_view tab;  // of the route
    std::string_view label;
};

constexpr std::array<TabEntry, 3> kTabs{{{"", strings::kDetailsTab},
                                         {kTimelineTab, strings::kTimelineTabLabel},
                                         {kSyncTab, strings::kWhyTab}}};

void draw_tabs(Stage& stage, const ui::Rect& rect) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::TabList, "tabs", strings::kPanelTabs, rect);
    ui.line_below(rect);
    ui::Rect line = rect.inset(ui::kGap6 - ui::kGap2, 0);
    for (const TabEntry& entry : kTabs) {
        const float width = ui.text_width(entry.label, ui::TextStyle::BodyStrong) + ui::kGap6;
        const bool is_shown = stage.state.route.tab == entry.tab;
        const ui::Rect place = line.cut_left(width);
        if (!ui.tab("tab-" + std::string(entry.tab), place, entry.label, is_shown)) continue;
        Route target = stage.state.route;
        target.tab = entry.tab;
        stage.actions.push(RouteOpened{target});
    }
    ui.end();
}

/// Where a row of pieces goes on when it is full.
struct Flow {
    ui::Rect area;
    float x = 0;
    float y = 0;

    ui::Rect place(float width) {
        const bool is_full = x > 0 && x + width > area.width;
        if (is_full) {
            x = 0;
            y += kBadgeHeight + ui::kGap2;
        }
        const ui::Rect rect{area.x + x, area.y + y, std::min(width, area.width), kBadgeHeight};
        x += width + ui::kGap2;
        return rect;
    }
    [[nodiscard]] float height() const { return x > 0 || y > 0 ? y + kBadgeHeight + ui::kGap2 : 0; }
};

std::string reason_text(const SystemLine& line) {
    return line.label + ": " + line.reason;
}
std::string open_text(const SystemLine& line) {
    return "Open in " + line.label;
}

// The same walk measures and draws: badges in a row; why, and the ways there.

float walk_badges(Stage& stage,
                  const std::vector<SystemLine>& lines,
                  const ui::Rect& area,
                  Walk walk) {
    Flow flow{area};
    for (const SystemLine& line : lines) {
        const ui::Rect rect = flow.place(stage.ui.badge_width(line.badge));
        if (walk == Walk::Draw) stage.ui.badge(rect, badge_of(line.state), line.badge);
    }
    return flow.height();
}

float walk_links(Stage& stage,
                 const std::vector<SystemLine>& lines,
                 const ui::Rect& area,
                 Walk walk) {
    Flow flow{area};
    for (const SystemLine& line : lines) {
        if (line.url.empty()) continue;
        const std::string label = open_text(line);
        const ui::Rect rect =
            flow.place(stage.ui.text_width(label, ui::TextStyle::Caption) + ui::kGap2);
        if (walk == Walk::Measure) continue;
        stage.ui.link("open-" + line.label,
                      rect,
                      {.name = label,
                       .href = line.url,
                       .style = ui::TextStyle::Caption,
                       .opens_outside = true});
    }
    return flow.height();
}

float walk_systems(Stage& stage, const std::vector<SystemLine>& lines, ui::Rect area, Walk walk) {
    const float top = area.y;
    for (const SystemLine& line : lines) {
        if (line.reason.empty()) continue;
        const std::string text = reason_text(line);
        const float height = stage.ui.paragraph_height(area.width, text, ui::TextStyle::Caption);
        const ui::Rect rect{area.x, area.y, area.width, height};
        if (walk == Walk::Draw) {
            stage.ui.paragraph(rect, text, ui::TextStyle::Caption, ui::Tone::Secondary);
        }
        area.y += height + ui::kGap1;
    }
    area.y += walk_links(stage, lines, area, walk);
    return area.y - top;
}

std::string subtitle_of(const ContactFields& fields) {
    if (fields.company.empty()) return fields.job_title;
    if (fields.job_title.empty()) return fields.company;
    return fields.company + " · " + fields.job_title;
}

void close_panel(Stage& stage) {
    stage.actions.push(RouteOpened{with_contact(stage.state.route, ContactId())});
}

void draw_head(Stage& stage, ui::Rect& area, Layout layout) {
    ui::Ui& ui = stage.ui;
    ui::Rect head = area.cut_top(kAvatarSize, ui::kGap3);
    const bool is_single = layout == Layout::Single;
    const ui::Rect corner = is_single ? head.cut_left(ui.control_height(), ui::kGap2)
                                      : head.cut_right(ui.control_height(), ui::kGap2);
    const ui::ButtonSpec close{.label = is_single ? strings::kBack : strings::kClose,
                               .kind = ui::ButtonKind::Ghost,
                               .icon = is_single ? ui::Icon::ArrowLeft : ui::Icon::Close,
                               .shortcut = "Escape"};
    const bool is_new = stage.state.route.is_new_contact;
    const std::optional<Draft>& draft = stage.state.panel.draft;
    const std::string name =
        is_new || !draft ? std::string(strings::kNewTitle) : display_name(draft->base.fields);
    if (is_new || draft) {
        if (!is_new) ui.avatar(head.cut_left(kAvatarSize, ui::kGap3), name);
        const std::string subtitle =
            is_new ? std::string(strings::kNewHint) : subtitle_of(draft->base.fields);
        ui::Rect lines = head.inset(0, 1);
        const ui::Rect title = subtitle.empty() ? lines : lines.cut_top(26);
        ui.heading(2, title, name, ui::TextStyle::Page);
        if (!subtitle.empty()) ui.text(lines, subtitle, ui::TextStyle::Body, ui::Tone::Secondary);
    }
    if (ui.icon_button("close", {corner.x, corner.y, corner.width, ui.control_height()}, close)) {
        close_panel(stage);
    }
}

void draw_trash_footer(Stage& stage, ui::Rect footer, const Draft& draft) {
    const ui::ButtonSpec restore{
        .label = strings::kRestore, .kind = ui::ButtonKind::Primary, .icon = ui::Icon::Undo};
    if (stage.ui.button("restore", footer.cut_left(stage.ui.button_width(restore)), restore)) {
        stage.actions.push(RestoreClicked{draft.base.id});
    }
}

void draw_footer(Stage& stage, const ui::Rect& rect, const Draft& draft) {
    ui::Ui& ui = stage.ui;
    ui::Rect footer = rect.inset(ui::kGap6, ui::kGap3);
    if (draft.base.deleted) {
        draw_trash_footer(stage, footer, draft);
        return;
    }
    const ui::ButtonSpec save{.label = strings::kSave,
                              .kind = ui::ButtonKind::Primary,
                              .icon = ui::Icon::Check,
                              .is_busy = draft.save == SaveState::Saving,
                              .shortcut = "Ctrl+S"};
    if (ui.button("save", footer.cut_left(ui.button_width(save), ui::kGap2), save)) {
        stage.actions.push(SaveClicked{});
    }
    const ui::ButtonSpec cancel{.label = strings::kCancel};
    if (ui.button("cancel", footer.cut_left(ui.button_width(cancel), ui::kGap3), cancel)) {
        stage.actions.push(CancelClicked{});
    }
    const ui::ButtonSpec remove{
        .label = strings::kDelete, .kind = ui::ButtonKind::GhostDanger, .icon = ui::Icon::Trash};
    if (draft.base.id.is_set() &&
        ui.button("delete", footer.cut_right(ui.button_width(remove), ui::kGap2), remove)) {
        stage.actions.push(DeleteClicked{});
    }
    if (is_dirty(draft)) ui.text(footer, strings::kUnsaved, ui::TextStyle::Caption, ui::Tone::Hint);
}

void draw_details(Stage& stage, Column& column, const Draft& draft) {
    ui::Ui& ui = stage.ui;
    const bool is_new = !draft.base.id.is_set();
    const std::vector<SystemLine> lines =
        is_new ? std::vector<SystemLine>() : system_lines(stage.state, draft.base);
    const ui::Rect measured{0, 0, column.area.width, 0};
    const ui::Rect systems = column.take(walk_systems(stage, lines, measured, Walk::Measure));
    ui::Rect form = column.take(contact_form_height(stage, draft), ui::kGap2);
    if (column.is_drawing()) {
        (void)walk_systems(stage, lines, systems, Walk::Draw);
        contact_form(stage, draft, form);
    }
    if (is_new) return;
    const ui::Rect title = column.take(kEntryLine, ui::kGap3);
    if (column.is_drawing())
        ui.heading(3, title, strings::kRecentChanges, ui::TextStyle::BodyStrong);
    contact_history(stage, column, kRecentShown);
}

void body(Stage& stage, Column& column, const Draft& draft) {
    ui::Rect notices =
        column.take(notice_stack_height(stage, NoticePlace::Panel, column.area.width));
    if (column.is_drawing()) notice_stack(stage, NoticePlace::Panel, notices);
    if (draft.base.deleted) {
        column.text(strings::kInTrash, ui::TextStyle::Body, ui::Tone::Warning, ui::kGap3);
    }
    if (stage.state.route.tab == kTimelineTab) {
        contact_history(stage, column, kEntriesShown);
    } else if (stage.state.route.tab == kSyncTab) {
        contact_sync(stage, column);
    } else {
        draw_details(stage, column, draft);
    }
    column.take(ui::kGap4);
}

void draw_body(Stage& stage, const ui::Rect& rect, const Draft& draft) {
    ui::Ui& ui = stage.ui;
    const float width = rect.width - 2 * ui::kGap6;
    const float height = measure(ui, width, [&](Column& column) { body(stage, column, draft); });
    // Each tab scrolls by itself.
    const std::string id = "body" + stage.state.route.tab;
    Column column{ui, ui.begin_scroll(id, rect, height).inset(ui::kGap6, 0)};
    body(stage, column, draft);
    ui.end_scroll();
}

/// How it stands with each system, and the tabs.
void draw_standing(Stage& stage, ui::Rect& area, const Draft& draft) {
    const std::vector<SystemLine> lines = system_lines(stage.state, draft.base);
    const ui::Rect measured{0, 0, area.width - 2 * ui::kGap6, 0};
    const float height = walk_badges(stage, lines, measured, Walk::Measure);
    const ui::Rect badges = area.cut_top(height).inset(ui::kGap6, 0);
    (void)walk_badges(stage, lines, badges, Walk::Draw);
    draw_tabs(stage, area.cut_top(kTabHeight, ui::kGap4));
}

}  // namespace

void contact_panel(Stage& stage, const ui::Rect& rect, Layout layout) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Complementary, "panel", strings::kPanel, rect);
    ui.fill(rect, ui::Fill::Surface);
    ui::Rect area = rect;
    ui::Rect head = area.cut_top(ui::kGap6 + kAvatarSize + ui::kGap3);
    head.cut_top(ui::kGap6);
    head = head.inset(ui::kGap6, 0);
    draw_head(stage, head, layout);
    const ContactPanel& panel = stage.state.panel;
    if (panel.draft) {
        // What is typed is kept on every tab, and so is the way to save it.
        const bool has_footer = stage.state.route.tab.empty() || is_dirty(*panel.draft);
        const ui::Rect footer =
            area.cut_bottom(has_footer ? ui.control_height() + 2 * ui::kGap3 : 0);
        if (panel.draft->base.id.is_set()) draw_standing(stage, area, *panel.draft);
        draw_body(stage, area, *panel.draft);
        if (has_footer) {
            ui.line_below({footer.x, footer.y - 1, footer.width, 1});
            draw_footer(stage, footer, *panel.draft);
        }
    } else if (panel.is_missing) {
        (void)ui.empty_state("missing", area, ui::Icon::User, strings::kMissingContact, "");
    } else {
        area = area.inset(ui::kGap6, 0);
        notice_stack(stage, NoticePlace::Panel, area);
        ui.skeleton(area, 6, ui::kRowHeight);
    }
    ui.end();
}

}  // namespace crm::client
