// The widget layer without a browser: frames are laid out, drawn into nothing, and answered by
// hand. Without font files every letter is half as wide as high, so every layout is the same on
// every machine.
//
//     HeadlessUi page;
//     page.frame([](ui::Ui& ui) { ui.button("save", {…}, {.label = "Save"}); });
//     page.click("button", "Save");
//     page.frame(…);   // here button() returns a click
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "client-wasm/views/ui_impl.h"
#include "client-wasm/views/widgets.h"

namespace crm::test {

class HeadlessUi {
   public:
    ui::Ui ui;
    ui::FrameInfo info{.width = 1440, .height = 900};

    ui::FrameResult frame(const std::function<void(ui::Ui&)>& draw) {
        info.now_ms += 16;
        ui.begin_frame(info);
        draw(ui);
        ui::FrameResult result = ui.end_frame();
        vertex_count = ImGui::GetDrawData()->TotalVtxCount;
        return result;
    }

    [[nodiscard]] const std::vector<ui::Node>& nodes() { return ui.impl().mirror.nodes(); }

    /// nullptr: nothing of that kind and name was drawn in the last frame.
    [[nodiscard]] const ui::Node* find(std::string_view kind, std::string_view name) {
        for (const ui::Node& node : nodes()) {
            if (node.kind == kind && node.name == name) return &node;
        }
        return nullptr;
    }

    [[nodiscard]] std::string attribute(std::string_view kind,
                                        std::string_view name,
                                        std::string_view key) {
        const ui::Node* node = find(kind, name);
        if (node == nullptr) return "(no node)";
        for (const ui::Attribute& attribute : node->attributes) {
            if (attribute.key == key) return attribute.value;
        }
        return "";
    }

    /// False: there is nothing of that kind and name to click.
    [[nodiscard]] bool click(std::string_view kind,
                             std::string_view name,
                             ui::Modifiers modifiers = {}) {
        const ui::Node* node = find(kind, name);
        if (node != nullptr) ui.input().activated(node->id, modifiers);
        return node != nullptr;
    }

    [[nodiscard]] bool type(std::string_view kind, std::string_view name, std::string_view text) {
        const ui::Node* node = find(kind, name);
        if (node != nullptr) ui.input().field_changed(node->id, text);
        return node != nullptr;
    }

    [[nodiscard]] bool focus(std::string_view kind, std::string_view name) {
        const ui::Node* node = find(kind, name);
        if (node != nullptr) ui.input().focused(node->id, ui::FocusRing::Shown);
        return node != nullptr;
    }

    int vertex_count = 0;  // of the last frame
};

}  // namespace crm::test
