// Rectangles in CSS pixels, cut up by hand: every screen computes its layout from the window's
// rectangle downwards. Plain data, no drawing.
#pragma once

#include <algorithm>

namespace crm::ui {

struct Rect {
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;

    bool operator==(const Rect&) const = default;

    [[nodiscard]] float right() const { return x + width; }
    [[nodiscard]] float bottom() const { return y + height; }
    [[nodiscard]] float center_x() const { return x + width / 2; }
    [[nodiscard]] float center_y() const { return y + height / 2; }
    [[nodiscard]] bool is_empty() const { return width <= 0 || height <= 0; }
    [[nodiscard]] bool contains(float px, float py) const {
        return px >= x && px < right() && py >= y && py < bottom();
    }
    [[nodiscard]] bool overlaps(const Rect& other) const {
        return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
    }
    [[nodiscard]] Rect inset(float horizontal, float vertical) const {
        return {x + horizontal,
                y + vertical,
                std::max(0.0F, width - 2 * horizontal),
                std::max(0.0F, height - 2 * vertical)};
    }
    [[nodiscard]] Rect inset(float all) const { return inset(all, all); }
    [[nodiscard]] Rect intersected(const Rect& other) const {
        const float left = std::max(x, other.x);
        const float top = std::max(y, other.y);
        return {left,
                top,
                std::max(0.0F, std::min(right(), other.right()) - left),
                std::max(0.0F, std::min(bottom(), other.bottom()) - top)};
    }
    /// A box of this size in the middle.
    [[nodiscard]] Rect centered(float box_width, float box_height) const {
        return {x + (width - box_width) / 2, y + (height - box_height) / 2, box_width, box_height};
    }

    // Cutting takes a strip off this rectangle and returns the strip; `gap` is thrown away beside
    // it.
    Rect cut_top(float amount, float gap = 0) {
        const Rect strip{x, y, width, std::min(amount, height)};
        const float used = std::min(amount + gap, height);
        y += used;
        height -= used;
        return strip;
    }
    Rect cut_bottom(float amount, float gap = 0) {
        const float size = std::min(amount, height);
        const Rect strip{x, bottom() - size, width, size};
        height -= std::min(amount + gap, height);
        return strip;
    }
    Rect cut_left(float amount, float gap = 0) {
        const Rect strip{x, y, std::min(amount, width), height};
        const float used = std::min(amount + gap, width);
        x += used;
        width -= used;
        return strip;
    }
    Rect cut_right(float amount, float gap = 0) {
        const float size = std::min(amount, width);
        const Rect strip{right() - size, y, size, height};
        width -= std::min(amount + gap, width);
        return strip;
    }
};

}  // namespace crm::ui
