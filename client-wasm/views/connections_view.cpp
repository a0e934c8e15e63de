// Settings → Connections: how each system is connected, and connecting and disconnecting it.
#include <algorithm>
#include <string>

#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

struct Standing {
    ui::BadgeKind badge;
    std::string_view word;
};

Standing standing_of(const api::SystemConnection& connection) {
    if (connection.state == "connected") return {ui::BadgeKind::Synced, strings::kConnected};
    if (connection.state == "reconnect") return {ui::BadgeKind::Error, strings::kReconnectNeeded};
    if (connection.state == "not_connected") {
        return {ui::BadgeKind::NotLinked, strings::kNotConnected};
    }
    return {ui::BadgeKind::Pending, strings::kConnectionUnknown};
}

bool is_asked(const AppState& state, const std::string& system) {
    return std::any_of(state.pending.begin(), state.pending.end(), [&system](const auto& entry) {
        return entry.second == Request(ConnectSystem{system}) ||
               entry.second == Request(DisconnectSystem{system});
    });
}

void draw_buttons(Stage& stage, ui::Rect line, const api::SystemConnection& connection) {
    ui::Ui& ui = stage.ui;
    const bool is_busy = is_asked(stage.state, connection.system);
    const bool is_there = connection.state == "connected" || connection.state == "reconnect";
    if (connection.state != "connected") {
        const std::string label =
            (connection.state == "reconnect" ? "Reconnect " : "Connect ") + connection.label;
        const ui::ButtonSpec connect{.label = label, .icon = ui::Icon::Link, .is_busy = is_busy};
        if (ui.button("connect", line.cut_left(ui.button_width(connect), ui::kGap2), connect)) {
            stage.actions.push(ConnectClicked{connection.system});
        }
    }
    if (!is_there) return;
    const std::string label = "Disconnect " + connection.label + "…";
    const ui::ButtonSpec disconnect{.label = label,
                                    .kind = ui::ButtonKind::GhostDanger,
                                    .icon = ui::Icon::Unlink,
                                    .is_busy = is_busy};
    if (ui.button("disconnect", line.cut_left(ui.button_width(disconnect)), disconnect)) {
        stage.actions.push(DisconnectClicked{connection.system});
    }
}

void connection_lines(Stage& stage, Column& column, const api::SystemConnection& connection) {
    ui::Ui& ui = stage.ui;
    ui::Rect line = column.take(24, ui::kGap1);
    const Standing standing = standing_of(connection);
    if (column.is_drawing()) {
        ui.badge(line.cut_right(ui.badge_width(standing.word), ui::kGap2),
                 standing.badge,
                 standing.word);
        ui.heading(3, line, connection.label, ui::TextStyle::BodyStrong);
    }
    if (!connection.reason.empty()) {
        column.text(connection.reason, ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap1);
    }
    const ui::Rect buttons = column.take(ui.control_height(), ui::kGap3);
    if (column.is_drawing()) draw_buttons(stage, buttons, connection);
}

}  // namespace

void connections_view(Stage& stage, Column& column) {
    const std::optional<std::vector<api::SystemConnection>>& connections = stage.state.connections;
    const ui::Rect title = column.take(24, ui::kGap2);
    if (column.is_drawing())
        stage.ui.heading(2, title, strings::kConnections, ui::TextStyle::Title);
    if (!connections) {
        const ui::Rect place = column.take(2 * ui::kRowHeight);
        if (column.is_drawing()) stage.ui.skeleton(place, 2, ui::kRowHeight);
        return;
    }
    if (connections->empty())
        column.text(strings::kNoSystems, ui::TextStyle::Body, ui::Tone::Secondary);
    for (const api::SystemConnection& connection : *connections) {
        stage.ui.push_id(connection.system);
        connection_lines(stage, column, connection);
        stage.ui.pop_id();
    }
}

}  // namespace crm::client
