// What the browser reports, kept until the next frame looks for it.
#include <cctype>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

// "Ctrl+Shift+Z", "ArrowUp", "?": Shift is part of a sign such as '?', so it is named for letters
// and keys only.
std::string chord_of(std::string_view key, Modifiers modifiers) {
    const bool is_sign = key.size() == 1 && std::isalpha(static_cast<unsigned char>(key[0])) == 0;
    std::string chord;
    if (modifiers.is_control) chord += "Ctrl+";
    if (modifiers.is_alt) chord += "Alt+";
    if (modifiers.is_shift && !is_sign) chord += "Shift+";
    if (key == " ") return chord + "Space";
    if (key.size() != 1) return chord + std::string(key);
    return chord + static_cast<char>(std::toupper(static_cast<unsigned char>(key[0])));
}

}  // namespace

void UiInput::pointer_moved(float x, float y) {
    impl_.pointer_x = x;
    impl_.pointer_y = y;
}

void UiInput::pointer_pressed(float x, float y) {
    pointer_moved(x, y);
    impl_.press_x = x;
    impl_.press_y = y;
    impl_.is_pointer_down = true;
    impl_.is_pressed_now = true;
}

void UiInput::pointer_released() {
    impl_.is_pointer_down = false;
}

void UiInput::pointer_left() {
    impl_.pointer_x = -1;
    impl_.pointer_y = -1;
    impl_.is_pointer_down = false;
}

void UiInput::activated(NodeId node, Modifiers modifiers) {
    impl_.activations.push_back({node, modifiers});
    // The browser may have shown the new state of a checkbox before we agreed: tell it the truth
    // again.
    impl_.mirror.forget(node);
}

void UiInput::field_changed(NodeId node, std::string_view text) {
    const auto found = impl_.fields.find(node);
    if (const auto file = impl_.files.find(node); file != impl_.files.end()) {
        file->second = text;
        return;
    }
    if (found == impl_.fields.end()) {
        int number = 0;
        for (const char digit : text) number = number * 10 + (digit - '0');
        impl_.chosen[node] = number;
        return;
    }
    found->second.dom_text = text;
    found->second.typed = text;
    found->second.has_typed = true;
}

void UiInput::focused(NodeId node, FocusRing ring) {
    impl_.focus_node = node;
    impl_.is_focus_ring_shown = ring == FocusRing::Shown;
}

void UiInput::scrolled(NodeId node, double top) {
    impl_.scrolls[node] = top;
}

bool UiInput::key_pressed(std::string_view key, Modifiers modifiers) {
    const std::string chord = chord_of(key, modifiers);
    const bool was_typing = impl_.is_typing();
    impl_.presses.push_back({chord, was_typing});
    return impl_.is_grid_key(chord) || impl_.reserved_always.contains(chord) ||
           (!was_typing && impl_.reserved_outside.contains(chord));
}

std::string UiInput::copied() {
    return impl_.copy_text ? impl_.copy_text() : std::string();
}

}  // namespace crm::ui
