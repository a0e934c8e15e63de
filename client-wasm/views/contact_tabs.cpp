// The tabs beside the form of a contact: what happened to it, and how it stands in each system.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kLine = 20;
constexpr float kLabelWidth = 88;
constexpr float kRevertWidth = 32;

std::string clock_text(TimePoint at) {
    return format_time(at).substr(11, 5) + " UTC";
}

std::string quoted(const std::string& text) {
    return text.empty() ? std::string(strings::kEmptyValue) : "“" + text + "”";
}

std::string entry_title(const AppState& state, const api::HistoryEntry& entry) {
    const std::string label = entry.system.empty() ? "" : side_label(state, entry.system);
    const std::string where = label == entry.system ? entry.actor : label;
    std::string kind = entry.kind;
    if (!kind.empty() && kind[0] >= 'a' && kind[0] <= 'z')
        kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
    if (where.empty()) return kind;
    const bool is_link = entry.kind == "linked";
    return kind + (is_link ? " to " : entry.actor == where ? " by " : " in ") + where;
}

std::string change_text(const FieldChange& change) {
    const auto shown = [](const std::string& text) {
        return text.empty() ? std::string("—") : text;
    };
    return field_label(change.field) + ": " + shown(change.from) + " → " + shown(change.to);
}

/// What the timeline can take back: a change of this contact that was a change.
bool can_be_reverted(const AppState& state, const api::HistoryEntry& entry) {
    const bool is_change =
        entry.kind == "updated" || entry.kind == "deleted" || entry.kind == "restored";
    return state.route.tab == kTimelineTab && is_change;
}

std::string revert_label(const api::HistoryEntry& entry) {
    std::string fields;
    for (const FieldChange& change : entry.changes) {
        fields += (fields.empty() ? "" : ", ") + field_label(change.field);
    }
    // The number tells two changes of one field apart.
    return "Revert " + (fields.empty() ? entry.kind : fields) + " (" + std::to_string(entry.id) +
           ")";
}

void revert_button(Stage& stage, const ui::Rect& corner, const api::HistoryEntry& entry) {
    const std::string label = revert_label(entry);
    const ui::ButtonSpec spec{
        .label = label, .kind = ui::ButtonKind::Ghost, .icon = ui::Icon::Undo};
    if (stage.ui.icon_button("revert", corner, spec)) {
        stage.actions.push(HistoryUndoClicked{std::to_string(entry.id)});
    }
}

void entry_lines(const Stage& stage, Column& column, const api::HistoryEntry& entry) {
    ui::Rect line = column.take(kLine);
    if (column.is_drawing()) {
        stage.ui.text(line.cut_right(96, ui::kGap2),
                      ago_text(stage.state.now, entry.at),
                      ui::TextStyle::Caption,
                      ui::Tone::Hint,
                      ui::Align::Right);
        stage.ui.text(line, entry_title(stage.state, entry), ui::TextStyle::BodyMedium);
    }
    for (const FieldChange& change : entry.changes) {
        column.text(change_text(change), ui::TextStyle::Caption, ui::Tone::Secondary);
    }
    if (!entry.note.empty()) column.text(entry.note, ui::TextStyle::Caption, ui::Tone::Secondary);
}

void history_entry(Stage& stage, Column& column, const api::HistoryEntry& entry) {
    const auto lines = [&](Column& inside) { entry_lines(stage, inside, entry); };
    const float side = can_be_reverted(stage.state, entry) ? kRevertWidth : 0;
    const float height = measure(stage.ui, column.area.width - ui::kGap4 - side, lines);
    ui::Rect box = column.take(height, ui::kGap3);
    if (!column.is_drawing() || !stage.ui.is_visible(box)) return;
    stage.ui.begin(ui::Landmark::ListItem, "entry-" + std::to_string(entry.id), "", box);
    stage.ui.dot(box.x + 4, box.y + kLine / 2, 4, ui::Fill::Accent);
    box.cut_left(ui::kGap4);
    if (can_be_reverted(stage.state, entry)) {
        const ui::Rect line{box.x, box.y, box.width, ui::kControlCompactHeight};
        revert_button(stage, {line.right() - kRevertWidth, line.y - 6, kRevertWidth, 32}, entry);
        box.width -= kRevertWidth;
    }
    Column inside{stage.ui, box};
    lines(inside);
    stage.ui.end();
}

// --- how it stands in a system
// --------------------------------------------------------------------------

ui::BadgeKind badge_for(const std::string& state) {
    if (state == "synced") return ui::BadgeKind::Synced;
    if (state == "pending") return ui::BadgeKind::Pending;
    if (state == "conflict") return ui::BadgeKind::Conflict;
    return state == "error" ? ui::BadgeKind::Error : ui::BadgeKind::NotLinked;
}

std::string word_for(const std::string& state) {
    if (state == "synced") return "Synced";
    if (state == "pending") return "Pending";
    if (state == "conflict") return "Conflict";
    return state == "error" ? "Error" : "Not linked";
}

std::string record_text(const AppState& state, const api::SystemSync& system) {
    std::string text = "Record " + system.record_id;
    if (system.linked_at) text += " · linked " + ago_text(state.now, *system.linked_at);
    if (system.synced_at) text += " · in step " + ago_text(state.now, *system.synced_at);
    return text;
}

std::string call_text(const api::OpenCall& call) {
    std::string text = "A call is open (" + call.kind + "), sent " + clock_text(call.sent_at);
    if (call.deadline) {
        text += "; it takes effect until " + clock_text(*call.deadline) + ", or never";
    }
    return text;
}

std::string compared(const std::optional<std::string>& value,
                     const std::string& ours,
                     std::string_view none) {
    if (!value) return std::string(none);
    return *value == ours ? "the same" : quoted(*value);
}

std::string exchange_text(const api::FieldSync& field) {
    std::string text = "sent " + compared(field.sent, field.ours, "nothing lately") +
                       " · received " + compared(field.received, field.ours, "nothing yet");
    if (field.direction == "in") text += " · only read from there";
    if (field.direction == "out") text += " · only written there";
    return text;
}

void field_lines(const Stage& stage, Column& column, const api::FieldSync& field) {
    ui::Rect line = column.take(kLine);
    if (column.is_drawing()) {
        stage.ui.text(line.cut_left(kLabelWidth, ui::kGap2),
                      field_label(field.field),
                      ui::TextStyle::Body,
                      ui::Tone::Secondary);
        stage.ui.text(line,
                      field.ours.empty() ? std::string(strings::kEmptyValue) : field.ours,
                      ui::TextStyle::Body,
                      field.ours.empty() ? ui::Tone::Hint : ui::Tone::Text);
    }
    column.text(exchange_text(field), ui::TextStyle::Caption, ui::Tone::Secondary);
    if (!field.parked.empty()) column.text(field.parked, ui::TextStyle::Caption, ui::Tone::Warning);
    if (field.is_frozen) column.text(strings::kFrozen, ui::TextStyle::Caption, ui::Tone::Warning);
    column.take(ui::kGap2);
}

void system_title(Stage& stage, ui::Rect line, const api::SystemSync& system) {
    ui::Ui& ui = stage.ui;
    const std::string word = word_for(system.state);
    ui.badge(line.cut_right(ui.badge_width(word), ui::kGap2), badge_for(system.state), word);
    ui.heading(3, line, system.label, ui::TextStyle::BodyStrong);
}

void system_record(Stage& stage, Column& column, const api::SystemSync& system) {
    if (system.record_id.empty()) return;
    column.text(record_text(stage.state, system), ui::TextStyle::Caption, ui::Tone::Secondary);
    if (system.url.empty()) return;
    const ui::Rect line = column.take(kLine);
    if (!column.is_drawing()) return;
    const std::string label = "Open in " + system.label;
    stage.ui.link("open",
                  line,
                  {.name = label,
                   .href = system.url,
                   .style = ui::TextStyle::Caption,
                   .opens_outside = true});
}

void system_lines(Stage& stage, Column& column, const api::SystemSync& system) {
    const ui::Rect title = column.take(24, ui::kGap1);
    if (column.is_drawing()) system_title(stage, title, system);
    column.text(system.reason, ui::TextStyle::Body, ui::Tone::Text, ui::kGap1);
    system_record(stage, column, system);
    if (system.open_call) {
        column.text(call_text(*system.open_call), ui::TextStyle::Caption, ui::Tone::Info);
    }
    if (system.next_try_at && *system.next_try_at > stage.state.now) {
        column.text(
            "Next try " + clock_text(*system.next_try_at), ui::TextStyle::Caption, ui::Tone::Info);
    }
    column.take(ui::kGap3);
    for (const api::FieldSync& field : system.fields) field_lines(stage, column, field);
}

void sync_button(Stage& stage, Column& column) {
    const ui::ButtonSpec spec{.label = strings::kSyncContact, .icon = ui::Icon::Sync};
    ui::Rect line = column.take(stage.ui.control_height(), ui::kGap4);
    const ui::Rect place = line.cut_left(stage.ui.button_width(spec));
    if (column.is_drawing() && stage.ui.button("sync-contact", place, spec)) {
        stage.actions.push(SyncNowClicked{.system = "", .contact = stage.state.route.contact});
    }
}

bool is_shown(const ContactPanel& panel, const api::HistoryEntry& entry) {
    if (!panel.history_system.empty() && entry.system != panel.history_system) return false;
    if (panel.history_field.empty()) return true;
    return std::any_of(
        entry.changes.begin(), entry.changes.end(), [&panel](const FieldChange& change) {
            return change.field == panel.history_field;
        });
}

/// The values of a filter: "" for all, then what history holds.
template <class Collect>
std::vector<std::string> filter_values(const ContactPanel& panel, const Collect& collect) {
    std::set<std::string> found;
    for (const api::HistoryEntry& entry : panel.history) collect(entry, found);
    found.erase("");
    std::vector<std::string> values{""};
    values.insert(values.end(), found.begin(), found.end());
    return values;
}

struct Filter {
    std::string_view name;
    std::string_view all;
    std::vector<std::string> values;
    std::vector<std::string> labels;
};

/// The value that was chosen in this frame, or nothing.
std::optional<std::string> draw_filter(Stage& stage,
                                       const ui::Rect& rect,
                                       const Filter& filter,
                                       const std::string& current) {
    const auto place = std::find(filter.values.begin(), filter.values.end(), current);
    const auto selected = place == filter.values.end() ? 0 : place - filter.values.begin();
    const int chosen = stage.ui.select(
        filter.name,
        rect,
        {.name = filter.name, .options = filter.labels, .selected = static_cast<int>(selected)});
    if (chosen < 0 || chosen >= static_cast<int>(filter.values.size())) return std::nullopt;
    return filter.values[static_cast<std::size_t>(chosen)];
}

void draw_filters(Stage& stage, ui::Rect line) {
    const ContactPanel& panel = stage.state.panel;
    Filter field{strings::kFilterField, strings::kAllFields, {}, {}};
    field.values = filter_values(panel, [](const api::HistoryEntry& entry, auto& found) {
        for (const FieldChange& change : entry.changes) found.insert(change.field);
    });
    for (const std::string& value : field.values)
        field.labels.push_back(value.empty() ? std::string(field.all) : field_label(value));
    Filter system{strings::kFilterSystem, strings::kEverybody, {}, {}};
    system.values = filter_values(
        panel, [](const api::HistoryEntry& entry, auto& found) { found.insert(entry.system); });
    for (const std::string& value : system.values) {
        system.labels.push_back(value.empty() ? std::string(system.all)
                                              : side_label(stage.state, value));
    }
    const ui::Rect left = line.cut_left((line.width - ui::kGap3) / 2, ui::kGap3);
    if (auto chosen = draw_filter(stage, left, field, panel.history_field))
        stage.actions.push(TimelineFiltered{*chosen, panel.history_system});
    if (auto chosen = draw_filter(stage, line, system, panel.history_system))
        stage.actions.push(TimelineFiltered{panel.history_field, *chosen});
}

}  // namespace

void contact_history(Stage& stage, Column& column, std::size_t entries_max) {
    const ContactPanel& panel = stage.state.panel;
    if (panel.history.empty()) {
        column.text(strings::kNoChanges, ui::TextStyle::Body, ui::Tone::Hint);
        return;
    }
    const bool is_timeline = stage.state.route.tab == kTimelineTab;
    if (is_timeline) {
        const ui::Rect line = column.take(kLine + stage.ui.control_height(), ui::kGap4);
        if (column.is_drawing()) draw_filters(stage, line);
    }
    const ui::Rect place{column.area.x, column.area.y + column.used, column.area.width, 0};
    if (column.is_drawing()) {
        stage.ui.begin(ui::Landmark::List, "history", strings::kChanges, place);
    }
    const std::size_t count = std::min(panel.history.size(), entries_max);
    for (std::size_t index = 0; index < count; ++index) {
        if (is_timeline && !is_shown(panel, panel.history[index])) continue;
        history_entry(stage, column, panel.history[index]);
    }
    if (column.is_drawing()) stage.ui.end();
}

void contact_sync(Stage& stage, Column& column) {
    const std::optional<std::vector<api::SystemSync>>& systems = stage.state.panel.sync;
    if (!systems) {
        const ui::Rect place = column.take(4 * ui::kRowHeight);
        if (column.is_drawing()) stage.ui.skeleton(place, 4, ui::kRowHeight);
        return;
    }
    sync_button(stage, column);
    if (systems->empty())
        column.text(strings::kNoSystems, ui::TextStyle::Body, ui::Tone::Secondary);
    for (const api::SystemSync& system : *systems) {
        const ui::Rect place{column.area.x, column.area.y + column.used, column.area.width, 0};
        if (column.is_drawing()) {
            stage.ui.begin(ui::Landmark::Region, "sync-" + system.system, system.label, place);
        }
        in_card(column, ui::kGap4, [&](Column& card) { system_lines(stage, card, system); });
        column.take(ui::kGap4);
        if (column.is_drawing()) stage.ui.end();
    }
}

}  // namespace crm::client
