// The token values. The contrast of every pair that is used together is checked by theme_test.cpp.
#include "client-wasm/views/theme.h"

#include <algorithm>
#include <cmath>

namespace crm::ui {

namespace {

constexpr Color rgb(std::uint32_t value) {
    return {value << 8 | 0xFF};
}
constexpr Color rgba(std::uint32_t value) {
    return {value};
}

// clang-format off
constexpr Palette kLight = {
    .bg = rgb(0xF8FAFC), .surface = rgb(0xFFFFFF), .raised = rgb(0xFFFFFF), .sunken = rgb(0xF1F5F9),
    .row_hover = rgb(0xF1F5F9), .row_sel = rgb(0xE0E7FF), .border = rgb(0xE2E8F0),
    .border_strong = rgb(0x7C8CA3),
    .text = rgb(0x0F172A), .text2 = rgb(0x475569), .text3 = rgb(0x53627A),
    .accent = rgb(0x4F46E5), .accent_hover = rgb(0x4338CA), .accent_active = rgb(0x3730A3),
    .on_accent = rgb(0xFFFFFF),
    .accent_soft = rgb(0xEEF2FF), .accent_text = rgb(0x4338CA),
    .ok_soft = rgb(0xDCFCE7), .ok_text = rgb(0x166534), .warn_soft = rgb(0xFEF3C7),
    .warn_text = rgb(0x92400E),
    .err_soft = rgb(0xFEE2E2), .err_text = rgb(0x991B1B), .info_soft = rgb(0xE0F2FE),
    .info_text = rgb(0x075985),
    .neutral_soft = rgb(0xE2E8F0), .neutral_text = rgb(0x334155), .danger = rgb(0xB91C1C),
    .focus = rgb(0x4F46E5),
    .toast_bg = rgb(0x0F172A), .toast_text = rgb(0xFFFFFF), .toast_link = rgb(0xC7D2FE),
    .scrim = rgba(0x0F172A73),
    .avatar_bg = {rgb(0xC7D2FE), rgb(0xBBF7D0), rgb(0xFDE68A), rgb(0xFBCFE8), rgb(0xBAE6FD),
        rgb(0xDDD6FE)},
    .avatar_fg = {rgb(0x312E81), rgb(0x14532D), rgb(0x78350F), rgb(0x831843), rgb(0x0C4A6E),
        rgb(0x4C1D95)},
};

constexpr Palette kDark = {
    .bg = rgb(0x0B1120), .surface = rgb(0x111827), .raised = rgb(0x1B2536), .sunken = rgb(0x0F1729),
    .row_hover = rgb(0x182235), .row_sel = rgb(0x24305A), .border = rgb(0x263247),
    .border_strong = rgb(0x66758C),
    .text = rgb(0xF1F5F9), .text2 = rgb(0xB6C2D2), .text3 = rgb(0x93A1B5),
    .accent = rgb(0x5B5FEF), .accent_hover = rgb(0x5457E5), .accent_active = rgb(0x4A4AD6),
    .on_accent = rgb(0xFFFFFF),
    .accent_soft = rgb(0x242A57), .accent_text = rgb(0xB4BCFF),
    .ok_soft = rgb(0x12331F), .ok_text = rgb(0x86EFAC), .warn_soft = rgb(0x3A2A0A),
    .warn_text = rgb(0xFCD34D),
    .err_soft = rgb(0x421A1E), .err_text = rgb(0xFCA5A5), .info_soft = rgb(0x0C2D45),
    .info_text = rgb(0x7DD3FC),
    .neutral_soft = rgb(0x263247), .neutral_text = rgb(0xCBD5E1), .danger = rgb(0xDC2626),
    .focus = rgb(0xA5B4FC),
    .toast_bg = rgb(0xF1F5F9), .toast_text = rgb(0x111827), .toast_link = rgb(0x3730A3),
    .scrim = rgba(0x02061799),
    .avatar_bg = {rgb(0x2C3270), rgb(0x174A2B), rgb(0x4A3510), rgb(0x4E1D3A), rgb(0x0F3A57),
        rgb(0x37276B)},
    .avatar_fg = {rgb(0xC7D2FE), rgb(0xBBF7D0), rgb(0xFDE68A), rgb(0xFBCFE8), rgb(0xBAE6FD),
        rgb(0xDDD6FE)},
};
// clang-format on

// prefers-contrast: more. Pure text, strong outlines, no soft fills that could blur an edge.
constexpr Palette more_contrast(Palette base, Color text) {
    base.text = text;
    base.border_strong = base.text2;
    base.border = base.text2;
    base.ok_soft = base.warn_soft = base.err_soft = base.info_soft = base.neutral_soft =
        base.surface;
    base.accent_soft = base.surface;
    base.focus_width = 3;
    return base;
}

constexpr Palette kLightMore = more_contrast(kLight, rgb(0x000000));
constexpr Palette kDarkMore = more_contrast(kDark, rgb(0xFFFFFF));

double channel_luminance(std::uint32_t byte) {
    const double value = static_cast<double>(byte) / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Color color) {
    return 0.2126 * channel_luminance(color.rgba >> 24) +
           0.7152 * channel_luminance(color.rgba >> 16 & 0xFF) +
           0.0722 * channel_luminance(color.rgba >> 8 & 0xFF);
}

}  // namespace

const Palette& palette(Brightness brightness, Contrast contrast) {
    if (brightness == Brightness::Light) return contrast == Contrast::Normal ? kLight : kLightMore;
    return contrast == Contrast::Normal ? kDark : kDarkMore;
}

double contrast_ratio(Color left, Color right) {
    const double a = luminance(left);
    const double b = luminance(right);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

TypeMetrics type_metrics(TextStyle style) {
    switch (style) {
        case TextStyle::Caption:
            return {12, 16, FontWeight::Regular};
        case TextStyle::CaptionMedium:
            return {12, 16, FontWeight::Medium};
        case TextStyle::Body:
            return {14, 20, FontWeight::Regular};
        case TextStyle::BodyMedium:
            return {14, 20, FontWeight::Medium};
        case TextStyle::BodyStrong:
            return {14, 20, FontWeight::SemiBold};
        case TextStyle::Title:
            return {16, 24, FontWeight::SemiBold};
        case TextStyle::Page:
            return {20, 28, FontWeight::SemiBold};
        case TextStyle::Hero:
            return {24, 32, FontWeight::SemiBold};
    }
    return {};
}

}  // namespace crm::ui
