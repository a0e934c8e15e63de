// What happened on the page since the last frame, in the words of the widget layer. The platform
// reports to main.cpp, main.cpp calls these; tests call them directly. Nothing is drawn here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crm::ui {

using NodeId = std::uint32_t;  // 0: none

struct Modifiers {
    bool is_shift = false;
    bool is_control = false;  // Ctrl or Command
    bool is_alt = false;
};

enum class FocusRing { Hidden, Shown };  // shown when focus came by keyboard

class UiImpl;

class UiInput {
   public:
    explicit UiInput(UiImpl& impl) : impl_(impl) {}

    void pointer_moved(float x, float y);
    void pointer_pressed(float x, float y);
    void pointer_released();
    void pointer_left();
    /// A click on a node, from whatever device.
    void activated(NodeId node, Modifiers modifiers);
    /// Somebody typed into, or filled, a field; or chose option number `text` of a select.
    void field_changed(NodeId node, std::string_view text);
    void focused(NodeId node, FocusRing ring);  // 0: nothing of ours has focus
    void scrolled(NodeId node, double top);
    /// True: the application uses this key now, the browser must not. `key` is the DOM's key name.
    [[nodiscard]] bool key_pressed(std::string_view key, Modifiers modifiers);
    [[nodiscard]] std::string copied();

   private:
    UiImpl& impl_;
};

}  // namespace crm::ui
