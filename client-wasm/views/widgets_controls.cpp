// Things to click. Each one: a node, its click of this frame, and a picture that shows hover, press
// and focus.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

struct ButtonLook {
    Color fill;
    Color stroke;
    Color text;
};

constexpr Color kNothing{0};

Color faded(Color color) {
    return {(color.rgba & 0xFFFFFF00U) | (color.rgba & 0xFFU) * 45 / 100};
}

ButtonLook look_of(const UiImpl& ui, const Rect& rect, const ButtonSpec& spec) {
    const Palette& c = ui.colors();
    const bool is_live = spec.is_enabled && !spec.is_busy;
    const bool is_hot = is_live && ui.is_hovered(rect);
    const bool is_down = is_live && ui.is_held(rect);
    const Color quiet = is_down ? c.row_sel : is_hot ? c.row_hover : kNothing;
    switch (spec.kind) {
        case ButtonKind::Primary: {
            const Color fill = is_down ? c.accent_active : is_hot ? c.accent_hover : c.accent;
            return {fill, kNothing, c.on_accent};
        }
        case ButtonKind::Secondary:
            if (spec.is_pressed) return {c.accent_soft, c.accent, c.accent_text};
            return {quiet == kNothing ? c.surface : quiet, c.border, c.text};
        case ButtonKind::Ghost:
            return {
                spec.is_pressed ? c.row_sel : quiet, kNothing, spec.is_pressed ? c.text : c.text2};
        case ButtonKind::Danger:
            return {c.danger, kNothing, c.on_accent};
        case ButtonKind::GhostDanger:
            return {quiet, kNothing, c.err_text};
    }
    return {};
}

std::vector<Attribute> button_attributes(const ButtonSpec& spec) {
    std::vector<Attribute> attributes;
    if (!spec.is_enabled || spec.is_busy) attributes.push_back({"disabled", "1"});
    if (spec.is_busy) attributes.push_back({"busy", "1"});
    if (spec.is_pressed) attributes.push_back({"pressed", "1"});
    if (!spec.shortcut.empty()) attributes.push_back({"keys", std::string(spec.shortcut)});
    if (!spec.tooltip.empty()) attributes.push_back({"description", std::string(spec.tooltip)});
    return attributes;
}

std::string tip_of(std::string_view text, std::string_view shortcut) {
    std::string tip(text);
    if (!shortcut.empty()) tip.append(tip.empty() ? "" : "  ").append(shortcut);
    return tip;
}

void draw_box(UiImpl& ui, const Rect& rect, const ButtonLook& look, bool is_enabled) {
    const Color fill = is_enabled ? look.fill : faded(look.fill);
    if (look.fill.rgba != 0) ui.draw_fill(rect, fill, kRadiusControl);
    if (look.stroke.rgba != 0) ui.draw_border(rect, look.stroke, kRadiusControl);
}

// How many there are, at the right of a navigation link; no part of its name.
void draw_count(UiImpl& ui, const Rect& rect, const Rect& inner, const NavLinkSpec& spec) {
    const Palette& c = ui.colors();
    const float pad = spec.is_count_urgent ? kGap2 : 0;
    const float width = std::ceil(ui.measure(spec.count, TextStyle::CaptionMedium)) + 2 * pad;
    const Rect place{inner.right() - width, std::round(rect.center_y() - 10), width, 20};
    if (spec.is_count_urgent) ui.draw_fill(place, c.warn_soft, 10);
    ui.draw_text(place.inset(pad, 0),
                 spec.count,
                 spec.is_count_urgent ? TextStyle::CaptionMedium : TextStyle::Caption,
                 spec.is_count_urgent ? c.warn_text : c.text2);
    ui.add_text(spec.count, place, TextStyle::CaptionMedium);
}

}  // namespace

float Ui::button_width(const ButtonSpec& spec) const {
    const float icon = spec.icon == Icon::None ? 0 : 16 + kGap2;
    return std::ceil(impl_->measure(spec.label, TextStyle::BodyMedium)) + icon + 2 * kGap3;
}

Click Ui::button(std::string_view id, const Rect& rect, const ButtonSpec& spec) {
    UiImpl& ui = *impl_;
    const NodeId node = ui.add("button", ui.id_of(id), spec.label, rect, button_attributes(spec));
    const ButtonLook look = look_of(ui, rect, spec);
    draw_box(ui, rect, look, spec.is_enabled);
    const Color text = spec.is_enabled ? look.text : faded(look.text);

    // Icon and label together stand in the middle.
    const float icon = spec.icon == Icon::None ? 0 : 16 + kGap2;
    const float label = std::min(ui.measure(spec.label, TextStyle::BodyMedium), rect.width - icon);
    Rect inner = rect.centered(icon + label, rect.height);
    if (icon > 0) {
        const Rect place = inner.cut_left(16, kGap2);
        if (spec.is_busy) {
            ui.draw_spinner(place, text, 16);
        } else {
            ui.draw_icon(place, spec.icon, text, 16);
        }
    }
    inner.width = rect.right() - inner.x;
    if (spec.is_busy && icon == 0) {
        ui.draw_spinner(rect, text, 16);
    } else {
        ui.draw_text(inner, spec.label, TextStyle::BodyMedium, text);
    }
    ui.draw_ring(rect, node, kRadiusControl);
    ui.offer_tip(node, rect, tip_of(spec.tooltip, spec.shortcut));
    return spec.is_enabled && !spec.is_busy ? ui.take_click(node) : Click{};
}

std::string Ui::file_button(std::string_view id,
                            const Rect& rect,
                            const ButtonSpec& spec,
                            std::string_view accepted) {
    UiImpl& ui = *impl_;
    const NodeId node =
        ui.add("file-field", ui.id_of(id), spec.label, rect, {{"accept", std::string(accepted)}});
    draw_box(ui, rect, look_of(ui, rect, spec), true);
    const float label = ui.measure(spec.label, TextStyle::BodyMedium);
    Rect inner = rect.centered(16 + kGap2 + label, rect.height);
    const Color text = look_of(ui, rect, spec).text;
    ui.draw_icon(inner.cut_left(16, kGap2), spec.icon, text, 16);
    ui.draw_text(inner, spec.label, TextStyle::BodyMedium, text);
    ui.draw_ring(rect, node, kRadiusControl);
    return std::exchange(ui.files[node], {});
}

Click Ui::icon_button(std::string_view id, const Rect& rect, const ButtonSpec& spec) {
    UiImpl& ui = *impl_;
    std::vector<Attribute> attributes = button_attributes(spec);
    attributes.push_back({"icon", "1"});
    const NodeId node = ui.add("button", ui.id_of(id), spec.label, rect, std::move(attributes));
    ButtonLook look = look_of(ui, rect, spec);
    draw_box(ui, rect, look, spec.is_enabled);
    const Color text = spec.is_enabled ? look.text : faded(look.text);
    if (spec.is_busy) {
        ui.draw_spinner(rect, text, 16);
    } else {
        ui.draw_icon(rect, spec.icon, text, 16);
    }
    ui.draw_ring(rect, node, kRadiusControl);
    const std::string_view said = spec.tooltip.empty() ? spec.label : spec.tooltip;
    ui.offer_tip(node, rect, tip_of(said, spec.shortcut));
    return spec.is_enabled && !spec.is_busy ? ui.take_click(node) : Click{};
}

Click Ui::link(std::string_view id, const Rect& rect, const LinkSpec& spec) {
    UiImpl& ui = *impl_;
    std::vector<Attribute> attributes = {{"href", std::string(spec.href)},
                                         {"style", std::to_string(static_cast<int>(spec.style))}};
    if (spec.opens_outside) attributes.push_back({"outside", "1"});
    if (spec.is_current) attributes.push_back({"current", "1"});
    Rect box = rect;
    box.width = std::min(rect.width, std::ceil(ui.measure(spec.name, spec.style)));
    const NodeId node = ui.add("link", ui.id_of(id), spec.name, box, std::move(attributes));
    ui.draw_text(rect, spec.name, spec.style, ui.color(spec.tone));
    if (ui.is_hovered(box)) {
        const float y = std::round(box.center_y() + type_metrics(spec.style).size / 2 + 1);
        ui.draw_fill({box.x, y, box.width, 1}, ui.color(spec.tone));
    }
    ui.draw_ring(box, node, 2);
    return ui.take_click(node);
}

Click Ui::nav_link(std::string_view id, const Rect& rect, const NavLinkSpec& spec) {
    UiImpl& ui = *impl_;
    std::vector<Attribute> attributes = {{"href", std::string(spec.href)}};
    if (spec.is_current) attributes.push_back({"current", "1"});
    // Where the drawn name begins, so that the browser's find marks it there.
    attributes.push_back(spec.is_compact ? Attribute{"icon", "1"} : Attribute{"indent", "40"});
    const NodeId node = ui.add("link", ui.id_of(id), spec.name, rect, std::move(attributes));
    const Palette& c = ui.colors();
    if (spec.is_current) {
        ui.draw_fill(rect, c.row_sel, kRadiusControl);
        ui.draw_fill({rect.x, rect.y + 8, 3, rect.height - 16}, c.accent, 1.5F);
    } else if (ui.is_hovered(rect)) {
        ui.draw_fill(
            rect, c.row_sel.rgba == c.row_hover.rgba ? c.border : c.row_hover, kRadiusControl);
    }
    const Color text = spec.is_current ? c.text : c.text2;
    Rect inner = spec.is_compact ? rect : rect.inset(kGap3, 0);
    const Rect icon = spec.is_compact ? inner : inner.cut_left(16, kGap3);
    ui.draw_icon(icon, spec.icon, spec.is_current ? c.accent_text : text, 16);
    if (spec.is_compact) {
        ui.offer_tip(node, rect, spec.name);
    } else {
        ui.draw_text(
            inner, spec.name, spec.is_current ? TextStyle::BodyStrong : TextStyle::Body, text);
    }
    ui.draw_ring(rect, node, kRadiusControl);
    if (!spec.count.empty() && !spec.is_compact) draw_count(ui, rect, inner, spec);
    return ui.take_click(node);
}

Click Ui::list_row(std::string_view id, const Rect& rect, const ListRowSpec& spec) {
    UiImpl& ui = *impl_;
    std::vector<Attribute> attributes;
    if (spec.is_current) attributes.push_back({"current", "1"});
    const std::string name = std::string(spec.title) + ", " + std::string(spec.detail);
    const NodeId node = ui.add("button", ui.id_of(id), name, rect, std::move(attributes));
    const Palette& c = ui.colors();
    if (spec.is_current) {
        ui.draw_fill(rect, c.row_sel);
        ui.draw_fill({rect.x, rect.y, 3, rect.height}, c.accent);
    } else if (ui.is_hovered(rect)) {
        ui.draw_fill(rect, c.row_hover);
    }
    line_below(rect);
    Rect inner = rect.inset(kGap4, 0).centered(rect.width - 2 * kGap4, 36);
    if (spec.icon != Icon::None)
        ui.draw_icon(inner.cut_left(16, kGap3), spec.icon, ui.color(spec.icon_tone), 16);
    ui.draw_text(inner.cut_top(20), spec.title, TextStyle::BodyMedium, c.text);
    ui.draw_text(inner, spec.detail, TextStyle::Caption, c.text2);
    ui.draw_ring(rect.inset(3), node, kRadiusControl);
    return ui.take_click(node);
}

Click Ui::chip(std::string_view id, const Rect& rect, std::string_view label) {
    UiImpl& ui = *impl_;
    const std::string name = "Remove filter: " + std::string(label);
    const NodeId node = ui.add("button", ui.id_of(id), name, rect, {{"icon", "1"}});
    ui.draw_fill(rect, ui.colors().accent_soft, kRadiusControl);
    ui.draw_border(rect, ui.colors().accent, kRadiusControl);
    Rect inner = rect.inset(kGap3, 0);
    ui.draw_icon(inner.cut_left(16, kGap2), Icon::Close, ui.colors().accent_text, 16);
    ui.draw_text(inner, label, TextStyle::BodyMedium, ui.colors().accent_text);
    ui.draw_ring(rect, node, kRadiusControl);
    return ui.take_click(node);
}

Click Ui::tab(std::string_view id, const Rect& rect, std::string_view label, bool is_selected) {
    UiImpl& ui = *impl_;
    const NodeId node =
        ui.add("tab", ui.id_of(id), label, rect, {{"selected", is_selected ? "1" : "0"}});
    const Palette& c = ui.colors();
    const bool is_hot = ui.is_hovered(rect);
    ui.draw_text(rect,
                 label,
                 is_selected ? TextStyle::BodyStrong : TextStyle::Body,
                 is_selected || is_hot ? c.text : c.text2,
                 Align::Center);
    if (is_selected) ui.draw_fill({rect.x, rect.bottom() - 2, rect.width, 2}, c.accent, 1);
    ui.draw_ring(rect.inset(0, 4), node, kRadiusControl);
    return ui.take_click(node);
}

Click Ui::checkbox(std::string_view id, const Rect& rect, std::string_view name, CheckState state) {
    UiImpl& ui = *impl_;
    constexpr std::array<const char*, 3> kStates = {"false", "true", "mixed"};
    const NodeId node = ui.add("checkbox",
                               ui.id_of(id),
                               name,
                               rect,
                               {{"checked", kStates[static_cast<std::size_t>(state)]}});
    const Palette& c = ui.colors();
    const Rect box{rect.x, std::round(rect.center_y() - 8), 16, 16};
    if (state == CheckState::Off) {
        ui.draw_fill(box, c.surface, 4);
        ui.draw_border(box, ui.is_hovered(rect) ? c.accent : c.border_strong, 4);
    } else {
        ui.draw_fill(box, c.accent, 4);
        ui.draw_icon(box, state == CheckState::On ? Icon::Check : Icon::Minus, c.on_accent, 14);
    }
    ui.draw_ring(box, node, 4);
    return ui.take_click(node);
}

Click Ui::radio(std::string_view id, const Rect& rect, std::string_view name, bool is_selected) {
    UiImpl& ui = *impl_;
    const NodeId node =
        ui.add("radio", ui.id_of(id), name, rect, {{"checked", is_selected ? "true" : "false"}});
    const Palette& c = ui.colors();
    const ImVec2 center = {rect.x + 8, std::round(rect.center_y())};
    ui.list->AddCircleFilled(center, 8, to_imgui(is_selected ? c.accent : c.border_strong));
    ui.list->AddCircleFilled(
        center, is_selected ? 3 : 7, to_imgui(is_selected ? c.on_accent : c.surface));
    ui.draw_text(
        {rect.x + 24, rect.y, rect.width - 24, rect.height}, name, TextStyle::Body, c.text);
    ui.draw_ring({rect.x, center.y - 8, 16, 16}, node, 8);
    return ui.take_click(node);
}

}  // namespace crm::ui
