// The state of a connection is all that is stored of it; the rest follows from the integration.
#include "server/sandbox/workspace_connections.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "server/sandbox/catalog.h"
#include "server/sandbox/limits.h"

namespace crm::sandbox {
namespace {

std::optional<std::size_t> read_number(std::string_view text, std::size_t fallback) {
    if (text.empty()) return fallback;
    std::size_t number = 0;
    const auto end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

Response bad_request(std::string_view message) {
    return error_response(400, "bad_request", "bad_request", message);
}

// The connection after a change of its state.
Response set_state(Session& session, System system, ConnectionState state) {
    Status status = session.set_connection_state(system, state);
    if (status.is_ok()) status = session.commit();
    if (!status.is_ok()) return storage_response(status.error());
    return json_response(200, connection_json(session.customer(), system, state));
}

Response list_connections(const Desk& desk, const CustomerId& customer, const Request& request) {
    Result<Session> session = enter(desk, customer, Access::Read);
    if (!session.is_ok()) return storage_response(session.error());
    const bool has_archived = request.parameter("includeArchived") == "true";
    const std::string wanted =
        first_text({request.parameter("integrationKey"), request.parameter("integrationId")});
    Json::Array items;
    for (const System system : kShownSystems) {
        if (!wanted.empty() && find_integration(wanted) != system) continue;
        const Result<ConnectionState> state = session.value().connection_state(system);
        if (!state.is_ok()) return storage_response(state.error());
        if (state.value() == ConnectionState::Archived && !has_archived) continue;
        const bool is_connected = state.value() == ConnectionState::Connected;
        if (request.parameter("disconnected") == (is_connected ? "true" : "false")) continue;
        items.push_back(connection_json(customer, system, state.value()));
    }
    return paged(items, request);
}

Response create_connection(const Desk& desk, const CustomerId& customer, const Request& request) {
    const Json body = Json::parse(request.body).value_or(Json());
    const std::string wanted =
        first_text({body.text_at("integrationId"), body.text_at("integrationKey")});
    const std::optional<System> system = find_integration(wanted);
    if (!system) return not_found_response("Integration \"" + wanted + "\" not found");
    Result<Session> session = enter(desk, customer, Access::Write);
    if (!session.is_ok()) return storage_response(session.error());
    return set_state(session.value(), *system, ConnectionState::Connected);
}

Response change_connection(Session& session,
                           System system,
                           ConnectionState state,
                           const Json& body) {
    if (body.members() == nullptr) return bad_request("The body must be a JSON object");
    if (body.find("name") != nullptr) {
        return bad_request("Connections of the sandbox cannot be renamed; nothing was changed");
    }
    if (body.find("credentials") != nullptr) state = ConnectionState::Connected;
    return set_state(session, system, state);
}

}  // namespace

// `{"items":[…],"cursor"?}`: a cursor is where the next page starts.
Response paged(const Json::Array& items, const Request& request) {
    const auto limit = read_number(request.parameter("limit"), kWorkspacePageMax);
    const auto start = read_number(request.parameter("cursor"), 0);
    if (!limit || *limit < 1 || *limit > kWorkspacePageMax || !start) {
        return error_response(400,
                              "bad_request",
                              "bad_request",
                              "limit is a whole number from 1 to 1000, cursor one from 0");
    }
    Json page = Json::array();
    const std::size_t end = std::min(items.size(), *start + std::min(*limit, items.size()));
    for (std::size_t i = *start; i < end; ++i) page.push(items[i]);
    Json body = Json::object({{"items", std::move(page)}});
    if (end < items.size()) body.set("cursor", std::to_string(end));
    return json_response(200, body);
}

Response no_connection(std::string_view selector) {
    return not_found_response("Connection \"" + std::string(selector) + "\" not found");
}

Response storage_response(const Error& error) {
    return error_response(500, "internal", "internal", error.message);
}

std::string first_text(std::initializer_list<std::string> texts) {
    for (const std::string& text : texts) {
        if (!text.empty()) return text;
    }
    return {};
}

Response answer_connection_list(const Desk& desk,
                                const CustomerId& customer,
                                const Request& request) {
    if (request.method == "GET") return list_connections(desk, customer, request);
    if (request.method == "POST") return create_connection(desk, customer, request);
    return not_found_response("There is nothing at this address");
}

Response answer_one_connection(const Desk& desk,
                               const CustomerId& customer,
                               const Request& request) {
    const std::string selector = request.segment(1);
    const std::optional<System> system = find_connection(customer, selector);
    if (!system) return no_connection(selector);
    Result<Session> session = enter(desk, customer, Access::Write);
    if (!session.is_ok()) return storage_response(session.error());
    const Result<ConnectionState> state = session.value().connection_state(*system);
    if (!state.is_ok()) return storage_response(state.error());
    if (request.method == "DELETE") {
        return set_state(session.value(), *system, ConnectionState::Archived);
    }
    if (state.value() == ConnectionState::Archived) return no_connection(selector);
    if (request.method == "GET") {
        return json_response(200, connection_json(customer, *system, state.value()));
    }
    if (request.method != "PATCH" && request.method != "PUT") {
        return not_found_response("There is nothing at this address");
    }
    return change_connection(
        session.value(), *system, state.value(), Json::parse(request.body).value_or(Json()));
}

Response probe_connection(const Desk& desk, const CustomerId& customer, const Request& request) {
    const std::string selector = request.segment(1);
    const std::optional<System> system = find_connection(customer, selector);
    if (!system) return no_connection(selector);
    Result<Session> session = enter(desk, customer, Access::Read);
    if (!session.is_ok()) return storage_response(session.error());
    const Result<ConnectionState> state = session.value().connection_state(*system);
    if (!state.is_ok()) return storage_response(state.error());
    if (state.value() == ConnectionState::Archived) return no_connection(selector);
    const bool is_connected = state.value() == ConnectionState::Connected;
    if (request.segment(2) == "test") {
        return json_response(200, Json::object({{"success", is_connected}}));
    }
    if (is_connected) return json_response(200, Json::object());
    return error_response(
        400,
        "connection",
        "connection_is_defunct",
        "The connection to " + std::string(label_of(*system)) + " is broken: connect it again");
}

}  // namespace crm::sandbox
