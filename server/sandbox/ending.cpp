// Bodies and statuses as Integration.app gives them; what the CRM itself said stands inside.
#include "server/sandbox/ending.h"

#include <optional>
#include <utility>

namespace crm::sandbox {

Ending refused(System system, const CrmRefusal& refusal) {
    const bool is_rate_limit = refusal.status == 429;
    Json body = Json::object();
    body.set("type", is_rate_limit ? "connection" : "action_run");
    if (is_rate_limit) body.set("key", "rate_limit_exceeded");
    body.set("message",
             std::string(label_of(system)) + " answered " + std::to_string(refusal.status) + ": " +
                 refusal.message);
    Json response = Json::object(
        {{"status", refusal.status}, {"headers", refusal.headers}, {"data", refusal.body}});
    body.set("data", Json::object({{"response", std::move(response)}}));
    return {.response = json_response(is_rate_limit ? 429 : 400, body), .outcome = "refused"};
}

Ending broken(const Error& error) {
    return {.response = error_response(500, "internal", "internal", error.message),
            .outcome = "failed"};
}

Ending bad_input(std::string_view message) {
    return {.response = error_response(400, "bad_request", "bad_request", message),
            .outcome = "bad_input"};
}

Ending defunct(System system) {
    return {.response = error_response(400,
                                       "connection",
                                       "connection_is_defunct",
                                       "The connection to " + std::string(label_of(system)) +
                                           " is broken: connect it again"),
            .outcome = "disconnected"};
}

Ending access_expired(System system) {
    return {.response = error_response(400,
                                       "connection",
                                       "access_token_expired",
                                       "The access to " + std::string(label_of(system)) +
                                           " has expired: connect it again"),
            .outcome = "access_expired"};
}

Ending token_expired() {
    return {.response = error_response(
                401, "bad_request", "not_authenticated", "The access token has expired"),
            .outcome = "token_expired"};
}

Ending unknown_connection(System system) {
    return {.response =
                not_found_response("Connection \"" + std::string(key_of(system)) + "\" not found"),
            .outcome = "disconnected"};
}

Ending bad_gateway() {
    return {.response = {.status = 502,
                         .content_type = "text/html; charset=utf-8",
                         .body = "<html><head><title>502 Bad Gateway</title></head>"
                                 "<body><h1>502 Bad Gateway</h1></body></html>\n"},
            .outcome = "error_502"};
}

Ending done(Door door, Json output) {
    if (door == Door::Action) output = Json::object({{"output", std::move(output)}});
    return {.response = json_response(200, output)};
}

Ending lost(Ending ending, std::string_view outcome) {
    ending.response = dropped_response();
    ending.outcome = outcome;
    return ending;
}

Response with_bare_error(Response response) {
    std::optional<Json> body = Json::parse(response.body);
    const Json* data = body ? body->find("data") : nullptr;
    const Json* wrapped = data == nullptr ? nullptr : data->find("response");
    const Json* inner = wrapped == nullptr ? nullptr : wrapped->find("data");
    if (inner == nullptr) return response;
    const Json bare = *inner;
    body->set("data", bare);
    response.body = body->dump();
    return response;
}

Ending cut(Ending ending) {
    ending.response.body.resize(ending.response.body.size() / 2);
    ending.outcome = "cut_answer";
    return ending;
}

}  // namespace crm::sandbox
