// The connections to the systems: asked for, made on a page of somebody else's, ended after a
// question.
#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/update_parts.h"

namespace crm::client {
namespace {

const api::SystemConnection* find_connection(const AppState& state, const std::string& system) {
    if (!state.connections) return nullptr;
    for (const api::SystemConnection& connection : *state.connections) {
        if (connection.system == system) return &connection;
    }
    return nullptr;
}

bool is_dialog_free(const AppState& state) {
    return std::holds_alternative<std::monostate>(state.dialog);
}

void look_later(Step& step) {
    cancel_timers(step, TimerKind::ConnectionPoll);
    schedule(step, TimerKind::ConnectionPoll, kConnectionPollPeriod);
}

/// The person came back from the other page: the dialog has done its work.
void end_connecting(Step& step) {
    const auto* dialog = std::get_if<ConnectDialog>(&step.state.dialog);
    if (dialog == nullptr) return;
    const api::SystemConnection* now = find_connection(step.state, dialog->connection.system);
    if (now == nullptr || now->state != "connected") {
        look_later(step);
        return;
    }
    const std::string label = now->label;
    step.state.dialog = std::monostate();
    cancel_timers(step, TimerKind::ConnectionPoll);
    add_toast(step, label + " is connected", {});
    send(step, FetchSync{});
}

}  // namespace

void look_at_connections(Step& step) {
    if (std::holds_alternative<ConnectDialog>(step.state.dialog)) send(step, FetchConnections{});
}

bool handle_connection_failure(Step& step, const Request& request) {
    const bool is_look = std::holds_alternative<FetchConnections>(request) &&
                         std::holds_alternative<ConnectDialog>(step.state.dialog);
    if (is_look) look_later(step);
    return is_look;
}

void handle(Step& step, const ConnectionsLoaded& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    step.state.connections = action.connections;
    end_connecting(step);
}

void handle(Step& step, const ConnectionAnswered& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    if (step.state.connections) {
        for (api::SystemConnection& connection : *step.state.connections) {
            if (connection.system == action.connection.system) connection = action.connection;
        }
    }
    add_toast(step, action.connection.label + " is disconnected. Nothing was deleted", {});
    send(step, FetchSync{});
}

void handle(Step& step, const ConnectPageFound& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const Request request = std::move(found->second);
    step.state.pending.erase(found);
    const auto* connect = std::get_if<ConnectSystem>(&request);
    if (connect == nullptr || !is_dialog_free(step.state)) return;
    const api::SystemConnection* connection = find_connection(step.state, connect->system);
    if (connection == nullptr) return;
    step.state.dialog = ConnectDialog{*connection, action.url};
    look_later(step);
}

void handle(Step& step, const ConnectClicked& action) {
    for (const auto& [id, request] : step.state.pending) {
        if (std::holds_alternative<ConnectSystem>(request)) return;
    }
    send(step, ConnectSystem{action.system});
}

void handle(Step& step, const DisconnectClicked& action) {
    const api::SystemConnection* connection = find_connection(step.state, action.system);
    if (connection == nullptr || !is_dialog_free(step.state)) return;
    step.state.dialog = DisconnectDialog{*connection};
}

}  // namespace crm::client
