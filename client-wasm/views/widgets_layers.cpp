// What lies over the page: dialogs, which hold focus and make the rest inert, and small floating
// surfaces.
#include <algorithm>
#include <cmath>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

DialogArea Ui::begin_dialog(std::string_view id, const DialogSpec& spec) {
    UiImpl& ui = *impl_;
    constexpr float kTitleHeight = 24;
    const float width = std::min(spec.width, ui.info.width - 2 * kGap4);
    const float wanted = spec.height + kTitleHeight + kGap3 + 2 * kGap6;
    const float height = std::min(wanted, ui.info.height - 2 * kGap4);
    Rect box = window().centered(width, height);
    box.x = std::round(box.x);
    box.y = std::round(box.y);

    ui.enter_layer(Layer::Dialog, window());
    ui.is_modal_next = true;
    ui.draw_fill(window(), ui.colors().scrim);
    ui.draw_shadow(box, kRadiusFloating);
    ui.draw_fill(box, ui.colors().raised, kRadiusFloating);
    ui.draw_border(box, ui.colors().border, kRadiusFloating);

    // Dialogs hang directly below the page, whatever is open: the page's other children become
    // inert.
    Scope page;
    page.seed = ui.scopes.back().seed;
    ui.scopes.push_back(page);
    const NodeId node = ui.add("dialog", ui.id_of(id), spec.title, box);
    ui.open(node, box);
    Rect body = box.inset(kGap6, kGap6);
    heading(2, body.cut_top(kTitleHeight, kGap3), spec.title, TextStyle::Title);
    return {body, ui.take_presses("Escape", ShortcutScope::Everywhere) > 0};
}

void Ui::end_dialog() {
    impl_->close();
    impl_->scopes.pop_back();
    impl_->leave_layer();
}

void Ui::begin_floating(std::string_view id, std::string_view name, const Rect& rect) {
    UiImpl& ui = *impl_;
    ui.enter_layer(Layer::Floating, rect);
    ui.draw_shadow(rect, kRadiusFloating);
    ui.draw_fill(rect, ui.colors().raised, kRadiusFloating);
    ui.draw_border(rect, ui.colors().border, kRadiusFloating);
    const NodeId node = ui.add("floating", ui.id_of(id), name, rect);
    ui.open(node, rect);
}

void Ui::end_floating() {
    impl_->close();
    impl_->leave_layer();
}

}  // namespace crm::ui
