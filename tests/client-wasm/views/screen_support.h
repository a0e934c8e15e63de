// The screens without a browser: a client, its screen, and what a person finds there by role and
// name.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "client-wasm/state/select.h"
#include "client-wasm/views/app_view.h"
#include "client-wasm/views/ui_impl.h"
#include "tests/client-wasm/state_support.h"

namespace crm::client {

/// Whether a kind of the mirror can be operated: then it needs a name, and one of its own.
inline bool is_operated(const std::string& kind) {
    static const std::set<std::string> kinds{"link",
                                             "button",
                                             "radio",
                                             "checkbox",
                                             "tab",
                                             "text-field",
                                             "email-field",
                                             "tel-field",
                                             "search-field",
                                             "multiline-field",
                                             "select",
                                             "file-field",
                                             "grid",
                                             "columnheader",
                                             "dialog"};
    return kinds.count(kind) != 0;
}

/// A client and its screen; every frame applies what the last one pushed.
struct Screenshot {
    Driver driver;
    ui::Ui ui;
    float width = 1440;
    float height = 900;
    double now_ms = 0;
    std::vector<Action> pushed;  // by the last frame

    void frame() {
        now_ms += 20;
        ui.begin_frame({.width = width, .height = height, .now_ms = now_ms});
        ActionQueue actions;
        app_view(ui, driver.state, actions);
        (void)ui.end_frame();
        pushed = actions.take();
        for (const Action& action : pushed) driver.act(action);
    }
    /// Until nothing happens by itself.
    void settle() {
        for (int count = 0; count < 5; ++count) frame();
    }

    [[nodiscard]] const std::vector<ui::Node>& nodes() { return ui.impl().mirror.nodes(); }

    [[nodiscard]] int count(const std::string& kind, const std::string& name) {
        int found = 0;
        for (const ui::Node& node : nodes())
            found += node.kind == kind && node.name == name ? 1 : 0;
        return found;
    }
    [[nodiscard]] ui::NodeId find(const std::string& kind, const std::string& name) {
        for (const ui::Node& node : nodes()) {
            if (node.kind == kind && node.name == name) return node.id;
        }
        return 0;
    }
    [[nodiscard]] bool shows(const std::string& text) {
        for (const ui::Node& node : nodes()) {
            if (node.name.find(text) != std::string::npos) return true;
        }
        return false;
    }

    void click(const std::string& kind, const std::string& name) {
        const ui::NodeId node = find(kind, name);
        REQUIRE_MESSAGE(node != 0, kind << " \"" << name << "\" is not on the screen");
        ui.input().activated(node, {});
        frame();
    }
    void type(const std::string& kind, const std::string& name, const std::string& text) {
        const ui::NodeId node = find(kind, name);
        REQUIRE_MESSAGE(node != 0, kind << " \"" << name << "\" is not on the screen");
        ui.input().field_changed(node, text);
        frame();
    }
    [[nodiscard]] bool press(const std::string& key, ui::Modifiers modifiers = {}) {
        const bool is_used = ui.input().key_pressed(key, modifiers);
        frame();
        return is_used;
    }

    /// Every thing that can be operated has a name of its own.
    void check_names() {
        std::map<std::pair<std::string, std::string>, int> names;
        for (const ui::Node& node : nodes()) {
            if (!is_operated(node.kind)) continue;
            CAPTURE(node.kind);
            CAPTURE(node.name);
            CHECK_FALSE(node.name.empty());
            CHECK(++names[{node.kind, node.name}] == 1);
        }
    }
};

inline api::SyncStatus connected() {
    api::SyncStatus status;
    status.systems.push_back(
        {.key = "hubspot", .label = "HubSpot", .state = "connected", .in_sync = 2});
    status.systems.push_back({.key = "pipedrive", .label = "Pipedrive", .state = "connected"});
    return status;
}

inline void fill(Screenshot& screen) {
    Contact ada = person("a", "Ada Lovelace");
    ada.links[SystemKey("hubspot")] = {.id = RemoteId("1"), .state = LinkState::Synced};
    ada.links[SystemKey("pipedrive")] = {.state = LinkState::Error,
                                         .reason = "Pipedrive refused it"};
    screen.driver.start_with({ada, person("b", "Boris Čížek")});
    screen.driver.act(SyncLoaded{screen.driver.waiting<FetchSync>(), connected()});
    screen.settle();
}

inline Route screen_route(Screen screen) {
    Route route;
    route.screen = screen;
    return route;
}

}  // namespace crm::client
