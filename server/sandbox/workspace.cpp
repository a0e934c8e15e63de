// Who calls, what they address, and which of the four forms it came in; runs.cpp does the work.
#include "server/sandbox/workspace.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "server/jwt.h"
#include "server/sandbox/catalog.h"
#include "server/sandbox/derived.h"
#include "server/sandbox/runs.h"
#include "server/sandbox/workspace_connections.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

struct Caller {
    CustomerId customer;
    std::string name;
    bool is_admin = false;
};

constexpr std::pair<std::string_view, Operation> kDataMethods[] = {{"list", Operation::List},
                                                                   {"search", Operation::List},
                                                                   {"match", Operation::List},
                                                                   {"find-by-id", Operation::Find},
                                                                   {"create", Operation::Create},
                                                                   {"update", Operation::Update},
                                                                   {"delete", Operation::Remove}};

std::string_view collection_of(System system) {
    return system == System::Pipedrive ? "persons" : "contacts";
}

Json collection_json(System system) {
    return Json::object({{"key", collection_of(system)},
                         {"name", system == System::Pipedrive ? "Persons" : "Contacts"}});
}

Response unauthenticated(std::string_view message) {
    return error_response(401, "bad_request", "not_authenticated", message);
}

// --- Who calls --------------------------------------------------------------------------------

std::variant<Caller, Response> identify(const Desk& desk, const Request& request) {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string authorization = request.header("authorization");
    if (!authorization.starts_with(kBearer)) return unauthenticated("No access token was given");
    const auto now = std::chrono::floor<std::chrono::seconds>(desk.clock.now());
    const Result<TokenClaims> claims =
        verify_token(std::string_view(authorization).substr(kBearer.size()),
                     desk.options.workspace_secret,
                     now.time_since_epoch().count());
    if (!claims.is_ok()) return unauthenticated(claims.error().message);
    const TokenClaims& token = claims.value();
    if (token.issuer != desk.options.workspace_key) {
        return unauthenticated("The token was issued for another workspace");
    }
    Caller caller{.customer = CustomerId(token.id.empty() ? token.subject : token.id),
                  .name = token.name,
                  .is_admin = token.is_admin};
    // A token of the whole workspace names nobody; here it looks at the dev customer.
    if (caller.customer.text.empty() && caller.is_admin) {
        caller.customer = CustomerId(desk.options.dev_customer);
    }
    const std::string& id = caller.customer.text;
    if (id.empty() || id.size() > kAuthIdCharsMax || !is_utf8(id) || has_forbidden_control(id)) {
        return unauthenticated("The token names no usable customer");
    }
    return caller;
}

Json self_json(const Caller& caller) {
    return Json::object({{"id", caller.customer.text},
                         {"internalId", object_id("customer|" + caller.customer.text)},
                         {"name", caller.name.empty() ? caller.customer.text : caller.name},
                         {"isAdmin", caller.is_admin},
                         {"fields", Json::object()}});
}

// --- Lists and selectors ----------------------------------------------------------------------

Response no_action(std::string_view selector) {
    return not_found_response("Action \"" + std::string(selector) + "\" not found");
}

// --- Running ----------------------------------------------------------------------------------

// What comes as JSON must be an object (or null, or nothing at all). Anything else that a caller's
// library sends by mistake, as a form for example, counts as an empty input.
std::optional<Json> read_object(const Request& request) {
    const bool is_json = request.header("content-type").find("json") != std::string::npos;
    std::optional<Json> body = Json::parse(request.body);
    if (request.body.empty() || (body && body->is_null())) return Json::object();
    if (body && body->members() != nullptr) return body;
    return is_json ? std::nullopt : std::optional(Json::object());
}

Response bad_body() {
    return error_response(400, "bad_request", "bad_request", "The body must be a JSON object");
}

struct Run {
    std::string connection;
    std::string action;
    Json input;
};

Response run_action(const Desk& desk, const Caller& caller, Run run) {
    const std::optional<System> system = find_connection(caller.customer, run.connection);
    if (!system) return no_connection(run.connection);
    const ActionSpec* action = find_action(*system, run.action);
    if (action == nullptr) return no_action(run.action);
    return run_call(desk,
                    {.customer = caller.customer,
                     .system = *system,
                     .operation = action->operation,
                     .action = std::string(action->key),
                     .input = std::move(run.input)});
}

// The input of forms C and D stands in "input".
Json inner_input(const Json& body) {
    const Json* input = body.find("input");
    return input != nullptr && input->members() != nullptr ? *input : Json::object();
}

Response run_form_c(const Desk& desk, const Caller& caller, const Request& request) {
    const std::optional<Json> body = read_object(request);
    if (!body) return bad_body();
    Run run{.connection = first_text({request.parameter("connectionId"),
                                      request.parameter("connectionKey"),
                                      request.parameter("integrationKey"),
                                      request.parameter("integrationId")}),
            .action = request.segment(1),
            .input = inner_input(*body)};
    const std::size_t dot = run.action.find('.');  // "hubspot.list-contacts"
    if (dot != std::string::npos) {
        if (run.connection.empty()) run.connection = run.action.substr(0, dot);
        run.action.erase(0, dot + 1);
    }
    return run_action(desk, caller, std::move(run));
}

Response run_form_d(const Desk& desk, const Caller& caller, const Request& request) {
    const std::optional<Json> body = read_object(request);
    if (!body) return bad_body();
    const std::string key = body->text_at("key");
    const std::string id = body->text_at("id");
    if (key.empty() == id.empty()) {
        return error_response(400,
                              "bad_request",
                              "bad_request",
                              "Exactly one of key and id must say which action to run");
    }
    return run_action(desk,
                      caller,
                      {.connection = first_text({body->text_at("connectionId"),
                                                 body->text_at("connectionKey"),
                                                 body->text_at("integrationKey"),
                                                 body->text_at("integrationId")}),
                       .action = key + id,
                       .input = inner_input(*body)});
}

Response run_data(const Desk& desk, const Caller& caller, const Request& request) {
    const std::optional<System> system = find_connection(caller.customer, request.segment(1));
    if (!system) return no_connection(request.segment(1));
    if (request.segment(3) != collection_of(*system)) {
        return not_found_response("Data collection \"" + request.segment(3) + "\" not found");
    }
    std::optional<Json> body = read_object(request);
    if (!body) return bad_body();
    for (const auto& [method, operation] : kDataMethods) {
        if (method != request.segment(4)) continue;
        return run_call(desk,
                        {.customer = caller.customer,
                         .system = *system,
                         .operation = operation,
                         .door = Door::Data,
                         .action = request.segment(3) + "." + std::string(method),
                         .input = std::move(*body)});
    }
    return not_found_response("There is no method \"" + request.segment(4) + "\"");
}

// --- What there is --------------------------------------------------------------------------

Response one_action(System system, std::string_view selector) {
    const ActionSpec* action = find_action(system, selector);
    return action == nullptr ? no_action(selector)
                             : json_response(200, action_json(system, *action));
}

// By its id, or by "hubspot.list-contacts": a bare key names an action of each integration.
Response any_action(const std::string& selector) {
    const std::size_t dot = selector.find('.');
    if (dot != std::string::npos) {
        const std::optional<System> system = find_integration(selector.substr(0, dot));
        return system ? one_action(*system, selector.substr(dot + 1)) : no_action(selector);
    }
    for (const System system : kShownSystems) {
        const ActionSpec* action = find_action(system, selector);
        if (action != nullptr && action->key != selector) {
            return json_response(200, action_json(system, *action));
        }
    }
    return no_action(selector);
}

Response answer_connection(const Desk& desk, const Caller& caller, const Request& request) {
    const std::string part = request.segment(2);
    const bool is_post = request.method == "POST";
    if (request.segments.size() == 1) {
        return answer_connection_list(desk, caller.customer, request);
    }
    if (request.segments.size() == 2) return answer_one_connection(desk, caller.customer, request);
    if (request.is("POST", 3) && (part == "test" || part == "refresh-credentials")) {
        return probe_connection(desk, caller.customer, request);
    }
    if (part == "data" && request.is("POST", 5)) return run_data(desk, caller, request);
    if (part == "actions" && is_post && request.segment(4) == "run" &&
        request.segments.size() == 5) {
        std::optional<Json> input = read_object(request);
        if (!input) return bad_body();
        return run_action(desk, caller, {request.segment(1), request.segment(3), *input});
    }
    const std::optional<System> system = find_connection(caller.customer, request.segment(1));
    if (!system) return no_connection(request.segment(1));
    if (part == "actions" && request.is("GET", 3)) {
        return paged(actions_of(key_of(*system)), request);
    }
    if (part == "actions" && request.is("GET", 4)) return one_action(*system, request.segment(3));
    return not_found_response("There is nothing at this address");
}

Response answer_integration(const Request& request) {
    if (request.is("GET", 1)) {
        return paged({integration_json(System::HubSpot), integration_json(System::Pipedrive)},
                     request);
    }
    const std::optional<System> system = find_integration(request.segment(1));
    if (!system) return not_found_response("Integration \"" + request.segment(1) + "\" not found");
    if (request.is("GET", 2)) return json_response(200, integration_json(*system));
    const std::string part = request.segment(2);
    if (request.is("GET", 3) && part == "actions") {
        return paged(actions_of(key_of(*system)), request);
    }
    if (request.is("GET", 4) && part == "actions") return one_action(*system, request.segment(3));
    if (request.is("GET", 3) && part == "data") {
        return json_response(200, Json::array({collection_json(*system)}));
    }
    if (request.is("GET", 4) && part == "data" && request.segment(3) == collection_of(*system)) {
        return json_response(200, collection_json(*system));
    }
    return not_found_response("There is nothing at this address");
}

Response answer_action(const Desk& desk, const Caller& caller, const Request& request) {
    if (request.is("GET", 1)) {
        return paged(actions_of(first_text({request.parameter("integrationKey"),
                                            request.parameter("integrationId")})),
                     request);
    }
    if (request.is("GET", 2)) return any_action(request.segment(1));
    if (request.is("POST", 3) && request.segment(2) == "run") {
        return run_form_c(desk, caller, request);
    }
    return not_found_response("There is nothing at this address");
}

}  // namespace

Response answer_workspace(const Desk& desk, const Request& request) {
    const std::variant<Caller, Response> identified = identify(desk, request);
    if (const auto* refusal = std::get_if<Response>(&identified)) return *refusal;
    const Caller& caller = std::get<Caller>(identified);
    const std::string area = request.segment(0);
    if (area == "self" && request.segments.size() == 1) {
        return json_response(200, self_json(caller));
    }
    if (area == "connections") return answer_connection(desk, caller, request);
    if (area == "integrations") return answer_integration(request);
    if (area == "actions") return answer_action(desk, caller, request);
    if (area == "act" && request.is("POST", 1)) return run_form_d(desk, caller, request);
    if (area == "action" && request.is("GET", 1)) {
        const auto system = find_integration(request.parameter("integrationKey"));
        if (system) return one_action(*system, request.parameter("key"));
    }
    if (area == "action-instance" && request.is("POST", 2) && request.segment(1) == "run") {
        std::optional<Json> input = read_object(request);
        if (!input) return bad_body();
        return run_action(desk,
                          caller,
                          {request.parameter("integrationKey"),
                           request.parameter("parentKey"),
                           std::move(*input)});
    }
    return not_found_response("There is nothing at this address");
}

}  // namespace crm::sandbox
