// Fields. The text, caret and selection are the browser's own, in a real element that lies exactly
// over the frame drawn here; only while something covers the field is its text drawn here as well.
//
// Text flows out of the element whenever it changes there, and into it only when the program's
// value changes to something else than the element holds: what somebody is typing is never
// overwritten by an older value.
#include <algorithm>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

constexpr float kLabelHeight = 20;
constexpr float kNoteHeight = 20;

std::string kind_of(FieldType type) {
    switch (type) {
        case FieldType::Text:
            return "text-field";
        case FieldType::Email:
            return "email-field";
        case FieldType::Phone:
            return "tel-field";
        case FieldType::Search:
            return "search-field";
        case FieldType::Multiline:
            return "multiline-field";
    }
    return "text-field";
}

float box_height(const UiImpl& ui, const FieldSpec& spec) {
    if (spec.type == FieldType::Multiline) return spec.multiline_height;
    return ui.info.is_touch ? kControlTouchHeight : kControlHeight;
}

std::vector<Attribute> attributes_of(const UiImpl& ui, const FieldSpec& spec, const Rect& box) {
    std::vector<Attribute> attributes = {{"autocomplete", std::string(spec.autocomplete)}};
    const auto note = [&](const char* key, std::string_view value) {
        if (!value.empty()) attributes.push_back({key, std::string(value)});
    };
    note("placeholder", spec.placeholder);
    note("description", spec.problem.empty() ? spec.hint : spec.problem);
    note("invalid", spec.problem.empty() ? "" : "1");
    note("disabled", spec.is_enabled ? "" : "1");
    note("required", spec.is_required ? "1" : "");
    note("covered", ui.is_covered(box) ? "1" : "");
    note("maxlength", spec.chars_max > 0 ? std::to_string(spec.chars_max) : "");
    return attributes;
}

// The element's text follows the program's value, by the rule at the top.
void write_back(UiImpl& ui, NodeId node, FieldMemory& memory, const FieldSpec& spec, bool is_new) {
    const bool is_program_change = spec.value != memory.program_text;
    memory.program_text = spec.value;
    if (memory.has_typed) return;
    if ((is_new || is_program_change) && spec.value != memory.dom_text) {
        memory.dom_text = spec.value;
        ui.mirror.command("v", node, spec.value);
    }
}

FieldEvent take_event(UiImpl& ui, NodeId node, FieldMemory& memory, FieldType type) {
    FieldEvent event;
    if (memory.has_typed) {
        memory.has_typed = false;
        event.is_changed = true;
        event.text = std::exchange(memory.typed, {});
    }
    event.is_focused = ui.focus_node == node;
    event.is_left = memory.had_focus && !event.is_focused;
    memory.had_focus = event.is_focused;
    if (!event.is_focused) return event;
    for (const KeyPress& press : ui.presses) {
        const bool is_plain_enter = press.chord == "Enter" && type != FieldType::Multiline;
        event.is_committed = event.is_committed || is_plain_enter || press.chord == "Ctrl+Enter";
        event.is_cancelled = event.is_cancelled || press.chord == "Escape";
    }
    return event;
}

// A real label: a click on it goes to the field.
void draw_label(UiImpl& ui, const Rect& rect, NodeId field, std::string_view name) {
    const float width = ui.measure(name, TextStyle::CaptionMedium) + 1;
    const Rect line{rect.x, rect.y, std::min(width, rect.width), 16};
    ui.draw_text(line, name, TextStyle::CaptionMedium, ui.colors().text2);
    const NodeId node = node_id(field, "label");
    ui.add("label", node, name, line, {{"for", std::to_string(field)}, {"style", "1"}});
}

void draw_frame(UiImpl& ui, const Rect& box, const FieldSpec& spec, bool is_focused) {
    const Palette& c = ui.colors();
    ui.draw_fill(box, spec.type == FieldType::Search ? c.sunken : c.surface, kRadiusControl);
    if (!spec.problem.empty()) {
        ui.draw_border(box, c.err_text, kRadiusControl, 2);
    } else if (is_focused) {
        ui.draw_border(box, c.focus, kRadiusControl, c.focus_width);
    } else {
        ui.draw_border(box, ui.is_hovered(box) ? c.text3 : c.border_strong, kRadiusControl);
    }
    if (spec.type == FieldType::Search) {
        ui.draw_icon({box.x + kGap3, box.y, 16, box.height}, Icon::Search, c.text2, 16);
    }
}

// Under a dialog the element's own text would shine through: it is hidden, and drawn here.
void draw_covered_text(UiImpl& ui,
                       const Rect& box,
                       const FieldSpec& spec,
                       const std::string& text) {
    const bool is_empty = text.empty();
    Rect inner = box.inset(kGap3, 0);
    if (spec.type == FieldType::Search) inner.cut_left(16 + kGap2);
    if (spec.type == FieldType::Multiline) inner = inner.inset(0, kGap2).cut_top(20);
    ui.draw_text(inner,
                 is_empty ? spec.placeholder : std::string_view(text),
                 TextStyle::Body,
                 is_empty ? ui.colors().text3 : ui.colors().text);
}

}  // namespace

float Ui::field_height(const FieldSpec& spec) const {
    const bool has_note = !spec.problem.empty() || !spec.hint.empty();
    return (spec.is_label_shown ? kLabelHeight : 0) + box_height(*impl_, spec) +
           (has_note ? kNoteHeight : 0);
}

FieldEvent Ui::field(std::string_view id, const Rect& rect, const FieldSpec& spec) {
    UiImpl& ui = *impl_;
    const Palette& c = ui.colors();
    Rect rest = rect;
    const NodeId node = ui.id_of(id);
    if (spec.is_label_shown) {
        const Rect label = rest.cut_top(kLabelHeight);
        draw_label(ui, label, node, spec.name);
        if (spec.is_required) {
            const float left = ui.measure(spec.name, TextStyle::CaptionMedium) + kGap2;
            ui.draw_text({label.x + left, label.y, label.width - left, 16},
                         "required",
                         TextStyle::Caption,
                         c.text3);
        }
    }
    const Rect box = rest.cut_top(box_height(ui, spec), kGap1);
    ui.add(kind_of(spec.type), node, spec.name, box, attributes_of(ui, spec, box));

    const bool is_new = !ui.fields.contains(node);
    FieldMemory& memory = ui.fields[node];
    memory.is_seen = true;
    write_back(ui, node, memory, spec, is_new);
    if (is_new && spec.wants_focus) ui.mirror.command("f", node, "");
    const FieldEvent event = take_event(ui, node, memory, spec.type);

    draw_frame(ui, box, spec, event.is_focused);
    if (ui.is_covered(box)) draw_covered_text(ui, box, spec, memory.dom_text);
    if (!spec.problem.empty()) {
        Rect line = rest.cut_top(16);
        ui.draw_icon(line.cut_left(14, kGap1), Icon::Warning, c.err_text, 13);
        ui.draw_text(line, spec.problem, TextStyle::Caption, c.err_text);
        ui.add_text(spec.problem, line, TextStyle::Caption);
    } else if (!spec.hint.empty()) {
        ui.draw_text(rest.cut_top(16), spec.hint, TextStyle::Caption, c.text3);
    }
    return event;
}

int Ui::select(std::string_view id, const Rect& rect, const SelectSpec& spec) {
    UiImpl& ui = *impl_;
    Rect rest = rect;
    if (spec.is_label_shown) {
        draw_label(ui, rest.cut_top(kLabelHeight), ui.id_of(id), spec.name);
    }
    const Rect box = rest.cut_top(control_height());
    std::string options;
    for (const std::string& option : spec.options) {
        if (!options.empty()) options += '\n';
        options += option;
    }
    const NodeId node = ui.add("select",
                               ui.id_of(id),
                               spec.name,
                               box,
                               {{"options", options},
                                {"selected", std::to_string(spec.selected)},
                                {"disabled", spec.is_enabled ? "0" : "1"}});
    const Palette& c = ui.colors();
    ui.draw_fill(box, c.surface, kRadiusControl);
    ui.draw_border(box,
                   ui.focus_node == node ? c.focus : c.border_strong,
                   kRadiusControl,
                   ui.focus_node == node ? c.focus_width : 1);
    Rect inner = box.inset(kGap3, 0);
    ui.draw_icon(inner.cut_right(16, kGap2), Icon::ChevronDown, c.text2, 16);
    if (spec.selected >= 0 && spec.selected < static_cast<int>(spec.options.size())) {
        ui.draw_text(
            inner, spec.options[static_cast<std::size_t>(spec.selected)], TextStyle::Body, c.text);
    }
    const auto found = ui.chosen.find(node);
    return found == ui.chosen.end() || found->second == spec.selected ? -1 : found->second;
}

}  // namespace crm::ui
