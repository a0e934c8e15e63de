// Drawing: colours by meaning, text by style, and the few shapes that everything is made of. Text
// in a script that our fonts lack is drawn by the browser (fonts.h).
#include <algorithm>
#include <array>
#include <cmath>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

constexpr std::string_view kEllipsis = "…";
constexpr double kSpinnerStepMs = 90;

float imgui_size(TextStyle style) {
    return type_metrics(style).size * kFontSizeFactor;
}

ImVec2 top_left(const Rect& rect) {
    return {rect.x, rect.y};
}
ImVec2 bottom_right(const Rect& rect) {
    return {rect.right(), rect.bottom()};
}

std::size_t previous_start(std::string_view text, std::size_t at) {
    do {
        --at;
    } while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    return at;
}

// The longest beginning that fits beside the ellipsis.
std::string shortened(UiImpl& ui, std::string_view text, TextStyle style, float width) {
    const float room = width - ui.measure(kEllipsis, style);
    ImFont* font = ui.fonts[static_cast<int>(type_metrics(style).weight)];
    const char* rest = nullptr;
    font->CalcTextSizeA(
        imgui_size(style), std::max(room, 0.0F), 0, text.data(), text.data() + text.size(), &rest);
    std::size_t kept = static_cast<std::size_t>(rest - text.data());
    while (kept > 0 && text[kept - 1] == ' ') kept = previous_start(text, kept);
    return std::string(text.substr(0, kept)).append(kEllipsis);
}

}  // namespace

ImU32 to_imgui(Color color) {
    return IM_COL32(
        color.rgba >> 24, color.rgba >> 16 & 0xFF, color.rgba >> 8 & 0xFF, color.rgba & 0xFF);
}

Color UiImpl::color(Tone tone) const {
    const Palette& tokens = colors();
    switch (tone) {
        case Tone::Text:
            return tokens.text;
        case Tone::Secondary:
            return tokens.text2;
        case Tone::Hint:
            return tokens.text3;
        case Tone::Accent:
            return tokens.accent_text;
        case Tone::OnAccent:
            return tokens.on_accent;
        case Tone::Ok:
            return tokens.ok_text;
        case Tone::Warning:
            return tokens.warn_text;
        case Tone::Error:
            return tokens.err_text;
        case Tone::Info:
            return tokens.info_text;
        case Tone::Neutral:
            return tokens.neutral_text;
        case Tone::ToastText:
            return tokens.toast_text;
    }
    return tokens.text;
}

Color UiImpl::color(Fill fill) const {
    const Palette& tokens = colors();
    switch (fill) {
        case Fill::Background:
            return tokens.bg;
        case Fill::Surface:
            return tokens.surface;
        case Fill::Raised:
            return tokens.raised;
        case Fill::Sunken:
            return tokens.sunken;
        case Fill::RowHover:
            return tokens.row_hover;
        case Fill::RowSelected:
            return tokens.row_sel;
        case Fill::AccentSoft:
            return tokens.accent_soft;
        case Fill::ErrorSoft:
            return tokens.err_soft;
        case Fill::OkSoft:
            return tokens.ok_soft;
        case Fill::WarningSoft:
            return tokens.warn_soft;
        case Fill::InfoSoft:
            return tokens.info_soft;
        case Fill::NeutralSoft:
            return tokens.neutral_soft;
        case Fill::Accent:
            return tokens.accent;
        case Fill::Border:
            return tokens.border;
    }
    return tokens.surface;
}

void UiImpl::set_layer(Layer wanted) {
    layer = wanted;
    splitter.SetCurrentChannel(list, static_cast<int>(wanted));
}

void UiImpl::enter_layer(Layer wanted, const Rect& rect) {
    layers_below.push_back(layer);
    set_layer(std::max(layer, wanted));
    next_overlays.push_back({rect, layer});
    const Rect page{0, 0, info.width, info.height};
    clips.push_back(page);
    list->PushClipRect(top_left(page), bottom_right(page), false);
}

void UiImpl::leave_layer() {
    pop_clip();
    set_layer(layers_below.back());
    layers_below.pop_back();
}

void UiImpl::push_clip(const Rect& rect) {
    clips.push_back(rect.intersected(clip()));
    list->PushClipRect(top_left(clip()), bottom_right(clip()), false);
}

void UiImpl::pop_clip() {
    clips.pop_back();
    list->PopClipRect();
}

void UiImpl::draw_fill(const Rect& rect, Color fill, float radius) {
    list->AddRectFilled(top_left(rect), bottom_right(rect), to_imgui(fill), radius);
}

void UiImpl::draw_border(const Rect& rect, Color stroke, float radius, float width) {
    // A line runs along the middle of its width: moved inwards, it covers whole pixels.
    const float half = width / 2;
    list->AddRect({rect.x + half - 0.5F, rect.y + half - 0.5F},
                  {rect.right() - half + 0.5F, rect.bottom() - half + 0.5F},
                  to_imgui(stroke),
                  radius,
                  0,
                  width);
}

void UiImpl::draw_shadow(const Rect& rect, float radius) {
    constexpr int kSteps = 6;
    const std::uint32_t alpha = info.brightness == Brightness::Light ? 6 : 18;
    for (int step = kSteps; step > 0; --step) {
        const auto grow = static_cast<float>(step) * 2;
        const Rect halo{
            rect.x - grow, rect.y - grow + 3, rect.width + 2 * grow, rect.height + 2 * grow};
        draw_fill(halo, {0x02061700U | alpha}, radius + grow);
    }
}

void UiImpl::draw_ring(const Rect& rect, NodeId node, float radius) {
    if (!has_ring(node)) return;
    const Palette& tokens = colors();
    const float gap = 2 + tokens.focus_width;
    const Rect outer{rect.x - gap, rect.y - gap, rect.width + 2 * gap, rect.height + 2 * gap};
    // The ring may stand out of a scroll area by its own width, never be cut away.
    draw_border(
        outer.intersected(
            {clip().x - gap, clip().y - gap, clip().width + 2 * gap, clip().height + 2 * gap}),
        tokens.focus,
        radius + 3,
        tokens.focus_width);
}

float UiImpl::measure(std::string_view text, TextStyle style) {
    if (text.empty()) return 0;
    const TypeMetrics type = type_metrics(style);
    if (rasters.is_available() && needs_browser_shaping(text)) {
        return rasters.get({std::string(text), type.size, type.weight, info.density, colors().text})
            .width;
    }
    ImFont* font = fonts[static_cast<int>(type.weight)];
    return font->CalcTextSizeA(imgui_size(style), 1.0e9F, 0, text.data(), text.data() + text.size())
        .x;
}

float UiImpl::draw_text(
    const Rect& rect, std::string_view text, TextStyle style, Color color, Align align) {
    if (text.empty() || !rect.overlaps(clip())) return 0;
    const TypeMetrics type = type_metrics(style);
    const float size = imgui_size(style);
    const float y = std::round(rect.center_y() - size / 2);
    const float full = measure(text, style);
    const float shown = std::min(full, rect.width);
    float x = rect.x;
    if (align == Align::Right) x = rect.right() - shown;
    if (align == Align::Center) x = rect.center_x() - shown / 2;
    x = std::round(x);

    const bool is_cut = full > rect.width + 0.5F;
    if (rasters.is_available() && needs_browser_shaping(text)) {
        const RasterImage image =
            rasters.get({std::string(text), type.size, type.weight, info.density, color});
        if (is_cut) push_clip(rect);
        // The picture is a little taller than the line, for scripts that reach out of it.
        const float top = std::round(rect.center_y() - image.height / 2);
        list->AddImage(static_cast<ImTextureID>(image.texture),
                       {x, top},
                       {x + image.width, top + image.height});
        if (is_cut) pop_clip();
        return shown;
    }
    const std::string cut = is_cut ? shortened(*this, text, style, rect.width) : std::string();
    const std::string_view line = is_cut ? std::string_view(cut) : text;
    ImFont* font = fonts[static_cast<int>(type.weight)];
    list->AddText(font, size, {x, y}, to_imgui(color), line.data(), line.data() + line.size());
    return shown;
}

std::vector<std::string> UiImpl::wrap(std::string_view text, TextStyle style, float width) {
    std::vector<std::string> lines(1);
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
        const std::string word(text.substr(at, end - at));
        const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
        if (lines.back().empty() || measure(longer, style) <= width) {
            lines.back() = longer;
        } else {
            lines.push_back(word);
        }
        if (end < text.size() && text[end] == '\n') lines.emplace_back();
        at = end + 1;
    }
    return lines;
}

void UiImpl::draw_icon(const Rect& rect, Icon icon, Color color, float size) {
    if (icon == Icon::None || icon_font == nullptr) return;
    const unsigned codepoint = kIconFirstCodepoint + static_cast<unsigned>(icon) - 1;
    const std::array<char, 4> text = {static_cast<char>(0xE0 | codepoint >> 12),
                                      static_cast<char>(0x80 | (codepoint >> 6 & 0x3F)),
                                      static_cast<char>(0x80 | (codepoint & 0x3F)),
                                      '\0'};
    const ImVec2 place = {std::round(rect.center_x() - size / 2),
                          std::round(rect.center_y() - size / 2)};
    list->AddText(icon_font, size, place, to_imgui(color), text.data(), text.data() + 3);
}

void UiImpl::draw_spinner(const Rect& rect, Color color, float size) {
    constexpr float kTurn = 6.2831853F;
    constexpr int kSteps = 12;
    int step = 0;
    if (!info.is_motion_reduced) {
        step = static_cast<int>(std::fmod(info.now_ms / kSpinnerStepMs, kSteps));
        wake_after(kSpinnerStepMs);
    }
    const float start = kTurn * static_cast<float>(step) / kSteps;
    const ImVec2 center = {rect.center_x(), rect.center_y()};
    list->PathArcTo(center, size / 2 - 1, start, start + kTurn * 0.75F, 20);
    list->PathStroke(to_imgui(color), 0, 2);
}

void UiImpl::draw_tip() {
    if (tip.node == 0) {
        tip_node = 0;
        return;
    }
    if (tip.text.empty()) return;
    clips.assign(1, {0, 0, info.width, info.height});
    set_layer(Layer::Tip);
    const float width = measure(tip.text, TextStyle::Caption) + 2 * kGap2;
    Rect box{tip.rect.center_x() - width / 2, tip.rect.bottom() + 6, width, 24};
    if (box.bottom() > info.height) box.y = tip.rect.y - 6 - box.height;
    box.x = std::clamp(box.x, kGap1, std::max(kGap1, info.width - width - kGap1));
    draw_fill(box, colors().toast_bg, kRadiusControl);
    draw_text(box.inset(kGap2, 0), tip.text, TextStyle::Caption, colors().toast_text);
}

}  // namespace crm::ui
