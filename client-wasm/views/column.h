// Things one below the other, whose height follows from what they say: the same walk measures and
// draws them, so that the two agree. Not for anybody outside the views.
#pragma once

#include <string_view>

#include "client-wasm/views/widgets.h"

namespace crm::client {

enum class Walk { Measure, Draw };

struct Column {
    ui::Ui& ui;
    ui::Rect area;  // of Measure, only the width counts
    Walk walk = Walk::Draw;
    float used = 0;  // height taken so far

    [[nodiscard]] bool is_drawing() const { return walk == Walk::Draw; }

    /// The next strip; `gap` stays free below it.
    ui::Rect take(float height, float gap = 0) {
        const ui::Rect strip{area.x, area.y + used, area.width, height};
        used += height + gap;
        return strip;
    }

    void text(std::string_view text, ui::TextStyle style, ui::Tone tone, float gap = 0) {
        const float height = ui.paragraph_height(area.width, text, style);
        const ui::Rect strip = take(height, gap);
        if (is_drawing()) ui.paragraph(strip, text, style, tone);
    }
};

/// How high what `draw(column)` draws will be.
template <class Draw>
[[nodiscard]] float measure(ui::Ui& ui, float width, const Draw& draw) {
    Column column{ui, {0, 0, width, 0}, Walk::Measure};
    draw(column);
    return column.used;
}

/// A card around what `draw(column)` draws.
template <class Draw>
void in_card(Column& column, float pad, const Draw& draw) {
    Column inside{column.ui, {0, 0, column.area.width - 2 * pad, 0}, Walk::Measure};
    draw(inside);
    const ui::Rect card = column.take(inside.used + 2 * pad);
    if (!column.is_drawing()) return;
    column.ui.card(card);
    Column drawn{column.ui, card.inset(pad), Walk::Draw};
    draw(drawn);
}

}  // namespace crm::client
