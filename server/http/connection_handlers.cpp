// Disconnecting deletes nothing: the contacts, the links and what waits are kept, so that the next
// connection goes on where this one ended.
#include "server/http/connection_handlers.h"

#include <algorithm>

#include "server/http/respond.h"
#include "shared/api_connections.h"

namespace crm::http {
namespace {

std::string counted(std::int64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string disconnecting(const api::SystemStatus& system) {
    const std::string& label = system.label;
    std::string text = "Disconnecting " + label +
                       " stops syncing with it. Nothing is deleted, here " + "or in " + label +
                       ": " +
                       counted(system.in_sync,
                               "contact stays linked to its record there",
                               "contacts stay linked to their records there");
    if (system.pending > 0) {
        text += ", and " +
                counted(system.pending, "change that waits is kept", "changes that wait are kept");
    }
    return text + ". When the same " + label +
           " account is connected again, syncing goes on from there without duplicates.";
}

Result<api::SystemStatus> find_system(const Services& services, const Call& call) {
    const api::SyncStatus status = CRM_TRY(services.sync.status(call.caller.customer));
    for (const api::SystemStatus& system : status.systems) {
        if (system.key == call.parts.at(0)) return system;
    }
    return Error{ErrorCode::NotFound, "There is no such system"};
}

Status check_workspace(const Services& services) {
    if (services.connections.state) return {};
    return Error{ErrorCode::Unavailable,
                 "No workspace is connected; start the server with its key and secret"};
}

api::SystemConnection describe(const Services& services,
                               const CustomerId& customer,
                               const api::SystemStatus& system) {
    api::SystemConnection connection{.system = system.key,
                                     .label = system.label,
                                     .state = "unknown",
                                     .reason = {},
                                     .disconnecting = disconnecting(system)};
    const Result<std::string> state = services.connections.state(customer, system.key);
    if (state.is_ok()) {
        connection.state = state.value();
    } else {
        connection.reason = state.error().message;
    }
    return connection;
}

}  // namespace

Result<Response> list_connections(const Services& services, const Call& call) {
    const api::SyncStatus status = CRM_TRY(services.sync.status(call.caller.customer));
    if (!status.systems.empty()) CRM_TRY(check_workspace(services));
    std::vector<api::SystemConnection> connections;
    for (const api::SystemStatus& system : status.systems) {
        connections.push_back(describe(services, call.caller.customer, system));
    }
    return json_response(200, api::write_connections(connections));
}

Result<Response> disconnect_system(const Services& services, const Call& call) {
    CRM_TRY(check_workspace(services));
    const api::SystemStatus system = CRM_TRY(find_system(services, call));
    CRM_TRY(services.connections.disconnect(call.caller.customer, system.key));
    return json_response(
        200, api::write_connection_answer(describe(services, call.caller.customer, system)));
}

Result<Response> connect_system(const Services& services, const Call& call) {
    CRM_TRY(check_workspace(services));
    const api::SystemStatus system = CRM_TRY(find_system(services, call));
    return json_response(200,
                         api::write_connect_url(CRM_TRY(
                             services.connections.connect_url(call.caller.customer, system.key))));
}

}  // namespace crm::http
