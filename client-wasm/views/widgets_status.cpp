// Text, decoration, and everything that tells a state: badges, progress, banners, toasts.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

constexpr double kToastMs = 8000;
constexpr double kToastStepMsMax = 1000;  // a longer gap between frames was no time to read
constexpr float kToastWidth = 344;
constexpr float kBadgeHeight = 22;

struct BadgeLook {
    Icon icon = Icon::None;
    Tone tone = Tone::Neutral;
    Fill fill = Fill::NeutralSoft;
};

BadgeLook look_of(BadgeKind kind) {
    switch (kind) {
        case BadgeKind::Synced:
            return {Icon::CheckCircle, Tone::Ok, Fill::OkSoft};
        case BadgeKind::Pending:
            return {Icon::Clock, Tone::Info, Fill::InfoSoft};
        case BadgeKind::Conflict:
            return {Icon::Warning, Tone::Warning, Fill::WarningSoft};
        case BadgeKind::Error:
            return {Icon::ErrorCircle, Tone::Error, Fill::ErrorSoft};
        case BadgeKind::NotLinked:
            return {Icon::MinusCircle, Tone::Secondary, Fill::NeutralSoft};
        case BadgeKind::Running:
            return {Icon::Sync, Tone::Info, Fill::InfoSoft};
        case BadgeKind::Held:
            return {Icon::Hand, Tone::Warning, Fill::WarningSoft};
        case BadgeKind::Paused:
            return {Icon::Pause, Tone::Neutral, Fill::NeutralSoft};
    }
    return {};
}

float toast_action_width(UiImpl& ui, std::string_view action) {
    return action.empty() ? 0 : ui.measure(action, TextStyle::BodyStrong) + 2 * kGap3;
}

Rect toast_rect(UiImpl& ui, const ToastSpec& spec) {
    const bool is_narrow = ui.info.width < kSingleColumnBelow;
    const float width = is_narrow ? ui.info.width - 2 * kGap4 : kToastWidth;
    const float buttons = toast_action_width(ui, spec.action) + (spec.is_error ? 28 + kGap2 : 0);
    const auto lines = ui.wrap(spec.text, TextStyle::BodyMedium, width - 2 * kGap4 - buttons);
    const float height = std::max(48.0F, static_cast<float>(lines.size()) * 20 + 2 * kGap3);
    return {is_narrow ? kGap4 : ui.toast_right - width, ui.toast_bottom - height, width, height};
}

// Takes its place from the right of `inner`. True: it was clicked.
bool toast_action(UiImpl& ui, Rect& inner, std::string_view label) {
    const float width = toast_action_width(ui, label);
    const Rect place = inner.cut_right(width).centered(width, 32);
    const NodeId node = ui.add("button", ui.id_of("action"), label, place);
    const Color link = ui.colors().toast_link;
    ui.draw_text(place, label, TextStyle::BodyStrong, link, Align::Center);
    if (ui.is_hovered(place)) ui.draw_border(place, link, kRadiusControl);
    ui.draw_ring(place, node, kRadiusControl);
    return ui.take_click(node).is_clicked;
}

// Time stands still while the toast is read: the pointer is on it, or focus is in it.
double toast_left_ms(UiImpl& ui, const ToastSpec& spec, const Rect& rect, NodeId group) {
    ToastMemory& memory = ui.toasts[std::string(spec.id)];
    const bool is_read = ui.pointer_x >= 0 && rect.contains(ui.pointer_x, ui.pointer_y);
    const double step = std::min(ui.info.now_ms - memory.seen_ms, kToastStepMsMax);
    const bool is_first = memory.seen_ms == 0;
    if (!is_first && !is_read && !ui.is_inside(group, ui.focus_node)) memory.age_ms += step;
    memory.seen_ms = ui.info.now_ms;
    return kToastMs - memory.age_ms;
}

}  // namespace

float UiImpl::draw_badge(const Rect& rect,
                         BadgeKind kind,
                         std::string_view text,
                         BadgeShape shape) {
    const BadgeLook look = look_of(kind);
    const bool is_pill = shape == BadgeShape::Pill;
    const float pad = is_pill ? kGap2 : 0;
    const float icon = is_pill ? 13 : 16;
    const float label = text.empty() ? 0 : std::ceil(measure(text, TextStyle::CaptionMedium));
    const float gap = text.empty() ? 0 : (is_pill ? kGap1 : 6);
    const float width = std::min(rect.width, 2 * pad + icon + gap + label);
    Rect box{rect.x, std::round(rect.center_y() - kBadgeHeight / 2), width, kBadgeHeight};
    if (is_pill) draw_fill(box, color(look.fill), kBadgeHeight / 2);
    Rect inner = box.inset(pad, 0);
    draw_icon(inner.cut_left(icon, gap), look.icon, color(look.tone), icon);
    draw_text(
        inner, text, is_pill ? TextStyle::CaptionMedium : TextStyle::Caption, color(look.tone));
    return width;
}

std::string initials(std::string_view name) {
    std::string letters;
    bool is_word_start = true;
    std::string last;
    int words = 0;
    for (std::size_t at = 0; at < name.size();) {
        std::size_t length = 1;
        while (at + length < name.size() &&
               (static_cast<unsigned char>(name[at + length]) & 0xC0) == 0x80) {
            ++length;
        }
        const std::string_view letter = name.substr(at, length);
        at += length;
        const bool is_space = letter == " " || letter == "\t";
        if (!is_space && is_word_start) {
            (words == 0 ? letters : last) = letter;
            ++words;
        }
        is_word_start = is_space;
    }
    return letters + last;
}

float Ui::text(const Rect& rect, std::string_view text, TextStyle style, Tone tone, Align align) {
    const float width = impl_->draw_text(rect, text, style, impl_->color(tone), align);
    Rect box = rect;
    box.width = std::min(rect.width, std::max(width, 1.0F));
    if (align == Align::Right) box.x = rect.right() - box.width;
    if (align == Align::Center) box.x = rect.center_x() - box.width / 2;
    impl_->add_text(text, box, style);
    return width;
}

float Ui::paragraph(const Rect& rect, std::string_view text, TextStyle style, Tone tone) {
    const float line = type_metrics(style).line;
    float y = rect.y;
    for (const std::string& part : impl_->wrap(text, style, rect.width)) {
        impl_->draw_text({rect.x, y, rect.width, line}, part, style, impl_->color(tone));
        y += line;
    }
    impl_->add_text(text, {rect.x, rect.y, rect.width, y - rect.y}, style);
    return y - rect.y;
}

float Ui::text_width(std::string_view text, TextStyle style) const {
    return impl_->measure(text, style);
}

float Ui::paragraph_height(float width, std::string_view text, TextStyle style) const {
    return static_cast<float>(impl_->wrap(text, style, width).size()) * type_metrics(style).line;
}

void Ui::fill(const Rect& rect, Fill fill, float radius) {
    impl_->draw_fill(rect, impl_->color(fill), radius);
}

void Ui::card(const Rect& rect) {
    impl_->draw_fill(rect, impl_->colors().surface, kRadiusCard);
    impl_->draw_border(rect, impl_->colors().border, kRadiusCard);
}

void Ui::line_below(const Rect& rect) {
    impl_->draw_fill({rect.x, rect.bottom() - 1, rect.width, 1}, impl_->colors().border);
}

void Ui::line_right(const Rect& rect) {
    impl_->draw_fill({rect.right() - 1, rect.y, 1, rect.height}, impl_->colors().border);
}

void Ui::icon(const Rect& rect, Icon icon, Tone tone, float size) {
    impl_->draw_icon(rect, icon, impl_->color(tone), size);
}

void Ui::avatar(const Rect& rect, std::string_view name) {
    // The same name has the same colour everywhere, in every session.
    const std::size_t shade = node_id(0, name) % 6;
    const float size = std::min(rect.width, rect.height);
    impl_->list->AddCircleFilled(
        {rect.center_x(), rect.center_y()}, size / 2, to_imgui(impl_->colors().avatar_bg[shade]));
    const std::string letters = initials(name);
    if (letters.empty()) {
        impl_->draw_icon(rect, Icon::User, impl_->colors().avatar_fg[shade], size / 2);
        return;
    }
    const TextStyle style = size > 40   ? TextStyle::Title
                            : size > 28 ? TextStyle::BodyMedium
                                        : TextStyle::CaptionMedium;
    impl_->draw_text(rect, letters, style, impl_->colors().avatar_fg[shade], Align::Center);
}

void Ui::spinner(const Rect& rect, float size) {
    impl_->draw_spinner(rect, impl_->colors().text3, size);
}

void Ui::skeleton(const Rect& rect, int row_count, float row_height) {
    constexpr std::array kShares = {0.52F, 0.38F, 0.61F, 0.45F, 0.33F};
    for (int row = 0; row < row_count; ++row) {
        const float y = rect.y + static_cast<float>(row) * row_height;
        if (y + row_height > rect.bottom()) return;
        const float share = kShares[static_cast<std::size_t>(row) % kShares.size()];
        impl_->draw_fill(
            {rect.x, y + row_height / 2 - 6, rect.width * share, 12}, impl_->colors().border, 6);
    }
}

void Ui::dot(float center_x, float center_y, float radius, Fill fill) {
    impl_->list->AddCircleFilled({center_x, center_y}, radius, to_imgui(impl_->color(fill)));
}

float Ui::badge(const Rect& rect, BadgeKind kind, std::string_view text, BadgeShape shape) {
    const float width = impl_->draw_badge(rect, kind, text, shape);
    impl_->add_text(text, {rect.x, rect.y, width, rect.height}, TextStyle::CaptionMedium);
    return width;
}

float Ui::badge_width(std::string_view text) const {
    return 2 * kGap2 + 13 + kGap1 + std::ceil(impl_->measure(text, TextStyle::CaptionMedium));
}

Click Ui::badge_link(std::string_view id, const Rect& rect, BadgeKind kind, const LinkSpec& spec) {
    UiImpl& ui = *impl_;
    const float width = ui.draw_badge(rect, kind, spec.name, BadgeShape::Pill);
    const Rect box{rect.x, rect.y, width, rect.height};
    const NodeId node = ui.add(
        "link", ui.id_of(id), spec.name, box, {{"href", std::string(spec.href)}, {"style", "1"}});
    ui.draw_ring(
        {box.x, box.center_y() - kBadgeHeight / 2, width, kBadgeHeight}, node, kBadgeHeight / 2);
    return ui.take_click(node);
}

void Ui::progress(const Rect& rect, std::string_view name, double done, double total) {
    const double share = total <= 0 ? 0 : std::clamp(done / total, 0.0, 1.0);
    const std::string percent = std::to_string(static_cast<int>(share * 100));
    impl_->add("progress", impl_->id_of("progress"), name, rect, {{"now", percent}});
    const Rect bar{rect.x, rect.center_y() - 3, rect.width, 6};
    impl_->draw_fill(bar, impl_->colors().border, 3);
    impl_->draw_fill({bar.x, bar.y, bar.width * static_cast<float>(share), bar.height},
                     impl_->colors().accent,
                     3);
}

Click Ui::banner(std::string_view id,
                 const Rect& rect,
                 BadgeKind kind,
                 std::string_view text,
                 std::string_view action) {
    UiImpl& ui = *impl_;
    const BadgeLook look = look_of(kind);
    begin(Landmark::Group, id, "Notice", rect);
    ui.draw_fill(rect, ui.color(look.fill), kRadiusCard);
    if (ui.info.contrast == Contrast::More)
        ui.draw_border(rect, ui.colors().border_strong, kRadiusCard);
    Rect inner = rect.inset(kGap3, 0);
    ui.draw_icon(inner.cut_left(16, kGap2), look.icon, ui.color(look.tone), 16);
    Click click;
    if (!action.empty()) {
        const ButtonSpec spec{.label = action, .is_compact = true};
        const Rect place = inner.cut_right(button_width(spec), kGap3);
        click = button("action", place.centered(place.width, kControlCompactHeight), spec);
    }
    this->text(inner, text, TextStyle::Body, look.tone);
    end();
    return click;
}

Click Ui::empty_state(std::string_view id,
                      const Rect& rect,
                      Icon icon,
                      std::string_view sentence,
                      std::string_view action) {
    begin(Landmark::Group, id, "", rect);
    const float text_height =
        paragraph_height(std::min(rect.width - kGap8, 420.0F), sentence, TextStyle::Body);
    Rect column =
        rect.centered(std::min(rect.width - kGap8, 420.0F), 48 + kGap4 + text_height + kGap4 + 36);
    this->icon(column.cut_top(48, kGap4), icon, Tone::Hint, 48);
    text(column.cut_top(text_height, kGap4),
         sentence,
         TextStyle::Body,
         Tone::Secondary,
         Align::Center);
    Click click;
    if (!action.empty()) {
        const ButtonSpec spec{.label = action};
        click = button(
            "action", column.cut_top(control_height()).centered(button_width(spec), 36), spec);
    }
    end();
    return click;
}

ToastEvent Ui::toast(const ToastSpec& spec) {
    UiImpl& ui = *impl_;
    const Rect rect = toast_rect(ui, spec);
    ui.toast_bottom = rect.y - kGap2;
    ui.enter_layer(Layer::Toast, rect);
    begin(Landmark::Group, "toast " + std::string(spec.id), "Notification", rect);
    const NodeId group = ui.scopes.back().node;
    ui.draw_shadow(rect, kRadiusCard);
    ui.draw_fill(rect, ui.colors().toast_bg, kRadiusCard);
    Rect inner = rect.inset(kGap4, 0);
    ToastEvent event;
    if (spec.is_error) {
        const Rect place = inner.cut_right(28, kGap2).centered(28, 28);
        const NodeId close =
            ui.add("button", ui.id_of("close"), "Close notification", place, {{"icon", "1"}});
        ui.draw_icon(place, Icon::Close, ui.colors().toast_text, 16);
        ui.draw_ring(place, close, kRadiusControl);
        event.is_finished = ui.take_click(close).is_clicked;
    }
    if (!spec.action.empty()) event.is_action = toast_action(ui, inner, spec.action);
    const float height = paragraph_height(inner.width, spec.text, TextStyle::BodyMedium);
    const Rect words = inner.centered(inner.width, height);
    float y = words.y;
    for (const std::string& line : ui.wrap(spec.text, TextStyle::BodyMedium, words.width)) {
        const Rect place{words.x, y, words.width, 20};
        ui.draw_text(place, line, TextStyle::BodyMedium, ui.colors().toast_text);
        y += 20;
    }
    ui.add_text(spec.text, words, TextStyle::BodyMedium);
    end();
    ui.leave_layer();
    const double left_ms = toast_left_ms(ui, spec, rect, group);
    if (spec.is_error) return event;
    event.is_finished = left_ms <= 0;
    ui.wake_after(std::clamp(left_ms, 16.0, kToastStepMsMax));
    return event;
}

}  // namespace crm::ui
