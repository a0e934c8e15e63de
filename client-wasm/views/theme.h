// Every colour, distance and type size of the interface, once. web/app.css repeats the colours for
// the DOM (inputs, shell, the mode without a canvas); a test compares the two, and checks the
// contrast of each pair.
#pragma once

#include <cstdint>

namespace crm::ui {

/// A colour as 0xRRGGBBAA.
struct Color {
    std::uint32_t rgba = 0;

    bool operator==(const Color&) const = default;
};

// Token names are the names of the CSS variables (`--row-hover` for row_hover). DO NOT RENAME one
// side only.
// clang-format off
#define CRM_TOKENS(X) \
    X(bg) X(surface) X(raised) X(sunken) X(row_hover) X(row_sel) X(border) X(border_strong) \
    X(text) X(text2) X(text3) X(accent) X(accent_hover) X(accent_active) X(on_accent) \
    X(accent_soft) X(accent_text) X(ok_soft) X(ok_text) X(warn_soft) X(warn_text) X(err_soft) \
    X(err_text) X(info_soft) X(info_text) X(neutral_soft) X(neutral_text) X(danger) X(focus) \
    X(toast_bg) X(toast_text) X(toast_link) X(scrim)
// clang-format on

struct Palette {
#define CRM_TOKEN_MEMBER(name) Color name;
    CRM_TOKENS(CRM_TOKEN_MEMBER)
#undef CRM_TOKEN_MEMBER
    Color avatar_bg[6];
    Color avatar_fg[6];
    float focus_width = 2;
};

enum class Brightness { Light, Dark };
enum class Contrast { Normal, More };

[[nodiscard]] const Palette& palette(Brightness brightness, Contrast contrast);

/// The WCAG 2 contrast of two opaque colours, 1..21.
[[nodiscard]] double contrast_ratio(Color left, Color right);

// Type: CSS pixels. ImGui's size counts ascender to descender, which for Inter is this much more.
inline constexpr float kFontSizeFactor = 1.2102F;

enum class TextStyle {
    Caption,        // 12/16 regular
    CaptionMedium,  // 12/16 medium: labels, badges
    Body,           // 14/20 regular
    BodyMedium,     // 14/20 medium: buttons, names in the list
    BodyStrong,     // 14/20 semibold
    Title,          // 16/24 semibold
    Page,           // 20/28 semibold: h1
    Hero,           // 24/32 semibold
};
enum class FontWeight { Regular, Medium, SemiBold };

struct TypeMetrics {
    float size = 14;  // CSS pixels
    float line = 20;
    FontWeight weight = FontWeight::Regular;
};
[[nodiscard]] TypeMetrics type_metrics(TextStyle style);

// Space, size, shape, in CSS pixels, on a grid of four.
inline constexpr float kGap1 = 4;
inline constexpr float kGap2 = 8;
inline constexpr float kGap3 = 12;
inline constexpr float kGap4 = 16;
inline constexpr float kGap6 = 24;
inline constexpr float kGap8 = 32;
inline constexpr float kNavWidth = 224;
inline constexpr float kNavCompactWidth = 64;
inline constexpr float kHeaderHeight = 56;
inline constexpr float kToolbarHeight = 48;
inline constexpr float kControlHeight = 36;
inline constexpr float kControlCompactHeight = 32;
inline constexpr float kControlTouchHeight = 44;
inline constexpr float kTableHeaderHeight = 36;
inline constexpr float kRowHeight = 44;
inline constexpr float kRowCompactHeight = 32;
inline constexpr float kRowTouchHeight = 56;
inline constexpr float kCellPad = 12;
inline constexpr float kPanelWidth = 392;
inline constexpr float kDialogWidth = 480;
inline constexpr float kDialogWideWidth = 640;
inline constexpr float kRadiusControl = 6;
inline constexpr float kRadiusCard = 8;
inline constexpr float kRadiusFloating = 10;
/// Under the first the navigation is icons only; under the second there is one column, and touch
/// sizes.
inline constexpr float kCompactNavBelow = 1100;
inline constexpr float kSingleColumnBelow = 760;

}  // namespace crm::ui
