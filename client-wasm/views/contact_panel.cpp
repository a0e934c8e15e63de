// The record beside the list, or in its place on a narrow window: how it stands with each system,
// the form, and what changed lately.
#include <algorithm>
#include <string>

#include "client-wasm/views/contact_form.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kAvatarSize = 48;
constexpr float kBadgeHeight = 24;
constexpr float kEntryLine = 20;
constexpr std::size_t kEntriesShown = 30;

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

std::string entry_title(const AppState& state, const api::HistoryEntry& entry) {
    std::string where = entry.actor;
    if (state.sync.status) {
        for (const api::SystemStatus& system : state.sync.status->systems) {
            if (system.key == entry.system) where = system.label;
        }
    }
    std::string kind = entry.kind;
    if (!kind.empty() && kind[0] >= 'a' && kind[0] <= 'z')
        kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
    if (where.empty()) return kind;
    const bool is_link = entry.kind == "linked";
    return kind + (is_link ? " to " : entry.actor == where ? " by " : " in ") + where;
}

std::string change_text(const FieldChange& change) {
    const FieldSpec* field = find_field(change.field);
    const std::string label = field == nullptr ? change.field : std::string(field->label);
    const auto shown = [](const std::string& text) {
        return text.empty() ? std::string("—") : text;
    };
    return label + ": " + shown(change.from) + " → " + shown(change.to);
}

float entry_height(const api::HistoryEntry& entry) {
    const std::size_t notes = entry.note.empty() ? 0 : 1;
    return kEntryLine * static_cast<float>(1 + notes + entry.changes.size()) + ui::kGap3;
}

std::size_t entry_count(const ContactPanel& panel) {
    return std::min(panel.history.size(), kEntriesShown);
}

float history_height(const ContactPanel& panel) {
    float height = kEntryLine + ui::kGap3 + (panel.history.empty() ? kEntryLine : 0);
    for (std::size_t index = 0; index < entry_count(panel); ++index)
        height += entry_height(panel.history[index]);
    return height;
}

void draw_history(Stage& stage, ui::Rect& area) {
    ui::Ui& ui = stage.ui;
    const ContactPanel& panel = stage.state.panel;
    ui.heading(
        3, area.cut_top(kEntryLine, ui::kGap3), strings::kRecentChanges, ui::TextStyle::BodyStrong);
    if (panel.history.empty()) {
        ui.text(area.cut_top(kEntryLine), strings::kNoChanges, ui::TextStyle::Body, ui::Tone::Hint);
        return;
    }
    ui.begin(ui::Landmark::List,
             "history",
             strings::kRecentChanges,
             {area.x, area.y, area.width, area.height});
    for (std::size_t index = 0; index < entry_count(panel); ++index) {
        const api::HistoryEntry& entry = panel.history[index];
        ui::Rect box = area.cut_top(entry_height(entry));
        if (!ui.is_visible(box)) continue;
        ui.begin(ui::Landmark::ListItem, "entry-" + std::to_string(entry.id), "", box);
        ui.dot(box.x + 4, box.y + kEntryLine / 2, 4, ui::Fill::Accent);
        box.cut_left(ui::kGap4);
        ui::Rect line = box.cut_top(kEntryLine);
        ui.text(line.cut_right(96, ui::kGap2),
                ago_text(stage.state.now, entry.at),
                ui::TextStyle::Caption,
                ui::Tone::Hint,
                ui::Align::Right);
        ui.text(line, entry_title(stage.state, entry), ui::TextStyle::BodyMedium);
        for (const FieldChange& change : entry.changes) {
            ui.text(box.cut_top(kEntryLine),
                    change_text(change),
                    ui::TextStyle::Caption,
                    ui::Tone::Secondary);
        }
        if (!entry.note.empty()) {
            ui.text(
                box.cut_top(kEntryLine), entry.note, ui::TextStyle::Caption, ui::Tone::Secondary);
        }
        ui.end();
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

/// The same walk measures and draws: badges in a row, then why, then the ways there.
enum class Walk { Measure, Draw };

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
    area.y += walk_badges(stage, lines, area, walk);
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

void draw_body(Stage& stage, const ui::Rect& rect, const Draft& draft) {
    ui::Ui& ui = stage.ui;
    const bool is_new = !draft.base.id.is_set();
    const float width = rect.width - 2 * ui::kGap6;
    const std::vector<SystemLine> lines =
        is_new ? std::vector<SystemLine>() : system_lines(stage.state, draft.base);
    const ui::Rect measured{0, 0, width, 0};
    float height = walk_systems(stage, lines, measured, Walk::Measure) +
                   contact_form_height(stage, draft) + ui::kGap4 +
                   notice_stack_height(stage, NoticePlace::Panel, width);
    if (!is_new) height += history_height(stage.state.panel) + ui::kGap4;
    if (draft.base.deleted) height += 2 * kEntryLine + ui::kGap3;
    const ui::Rect content = ui.begin_scroll("body", rect, height);
    ui::Rect area = content.inset(ui::kGap6, 0);
    notice_stack(stage, NoticePlace::Panel, area);
    if (draft.base.deleted) {
        ui.paragraph(area.cut_top(2 * kEntryLine, ui::kGap3),
                     strings::kInTrash,
                     ui::TextStyle::Body,
                     ui::Tone::Warning);
    }
    area.cut_top(walk_systems(stage, lines, area, Walk::Draw));
    contact_form(stage, draft, area);
    area.cut_top(ui::kGap2);
    if (!is_new) draw_history(stage, area);
    ui.end_scroll();
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
        const ui::Rect footer = area.cut_bottom(ui.control_height() + 2 * ui::kGap3);
        draw_body(stage, area, *panel.draft);
        ui.line_below({footer.x, footer.y - 1, footer.width, 1});
        draw_footer(stage, footer, *panel.draft);
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
