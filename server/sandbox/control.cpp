// The sandbox's switches: thin, each over one part of the desk.
#include "server/sandbox/control.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "server/sandbox/catalog.h"
#include "server/sandbox/contact_wire.h"
#include "server/sandbox/pages.h"
#include "server/sandbox/rest_control.h"
#include "shared/limits.h"
#include "shared/time_text.h"

namespace crm::sandbox {
namespace {

// One store answers every request, so a listing is never stale but for as long as was ordered. A
// call that its caller gave up may still be at work here for a moment, or for as long as an ordered
// delay holds it. What goes beyond the four actions of any workspace is offered by name.
Response settings(const Desk& desk) {
    constexpr double kUsualLateSeconds = 1;
    const std::chrono::duration<double> delay = desk.faults.longest_delay();
    const std::chrono::duration<double> age = desk.faults.longest_age();
    return json_response(200,
                         Json::object({{"settleSeconds", age.count()},
                                       {"lateSeconds", kUsualLateSeconds + delay.count()},
                                       {"actions", Json::object({{"get", kGetAction}})},
                                       {"marker", kMarkerField},
                                       {"lists", true}}));
}

Response log(const Desk& desk, const Request& request) {
    CallLog::Query query{.customer = request.parameter("customer")};
    const std::string limit = request.parameter("limit");
    if (!limit.empty()) {
        const std::optional<std::int64_t> number = parse_id(limit);
        if (!number) {
            return error_response(400, "bad_request", "bad_request", "limit is a whole number");
        }
        query.limit = static_cast<std::size_t>(*number);
    }
    const std::string system = request.parameter("system");
    query.system = find_system(system);
    if (!system.empty() && !query.system) {
        return error_response(400, "bad_request", "bad_request", "There is no such system");
    }
    return json_response(200, desk.calls.read(query));
}

Json orders_json(const Desk& desk) {
    Json orders = Json::array();
    for (const WaitingFault& waiting : desk.faults.orders(desk.clock.now())) {
        Json order = fault_order_json(waiting.order);
        if (waiting.ends_at) order.set("endsAt", format_time(*waiting.ends_at));
        orders.push(std::move(order));
    }
    return Json::object({{"faults", std::move(orders)}});
}

Response bad_request(const Error& error) {
    return error_response(400, "bad_request", "bad_request", error.message);
}

// All of a list or, when one is wrong, none.
Response order_faults(const Desk& desk, const Request& request) {
    const std::optional<Json> body = Json::parse(request.body);
    if (!body) return bad_request({ErrorCode::BadRequest, "The body must be JSON"});
    const Result<std::vector<FaultOrder>> orders = read_fault_orders(*body);
    if (!orders.is_ok()) return bad_request(orders.error());
    for (const FaultOrder& order : orders.value()) {
        const Status added = desk.faults.add(order, desk.clock.now());
        if (!added.is_ok()) return bad_request(added.error());
    }
    return json_response(200, orders_json(desk));
}

Response faults(const Desk& desk, const Request& request) {
    if (request.method == "POST") return order_faults(desk, request);
    if (request.method == "DELETE") desk.faults.clear();
    return json_response(200, orders_json(desk));
}

Response webhooks(const Desk& desk, const Request& request) {
    if (request.method == "GET") {
        return json_response(200, webhook_rules_json(desk.webhooks.rules()));
    }
    const std::optional<Json> body = Json::parse(request.body);
    const Result<WebhookRules> rules = read_webhook_rules(body ? *body : Json());
    if (!rules.is_ok()) return bad_request(rules.error());
    desk.webhooks.set_rules(rules.value());
    return json_response(200, webhook_rules_json(rules.value()));
}

Status set_state(const Desk& desk, const Json& body) {
    const std::optional<System> system = find_system(body.text_at("system"));
    const std::string state = body.text_at("state");
    if (!system || (state != "connected" && state != "disconnected")) {
        return Error{ErrorCode::BadRequest,
                     "\"system\" must be hubspot, pipedrive or practice, \"state\" connected or "
                     "disconnected"};
    }
    const std::string named = body.text_at("customer");
    if (named.size() > kAuthIdCharsMax) {
        return Error{ErrorCode::BadRequest, "\"customer\" is too long"};
    }
    const CustomerId customer(named.empty() ? desk.options.dev_customer : named);
    Session session = CRM_TRY(enter(desk, customer, Access::Write));
    CRM_TRY(session.set_connection_state(
        *system,
        state == "connected" ? ConnectionState::Connected : ConnectionState::Disconnected));
    return session.commit();
}

Response connections(const Desk& desk, const Request& request) {
    const std::optional<Json> body = Json::parse(request.body);
    const Status status = set_state(desk, body ? *body : Json());
    return status.is_ok() ? json_response(200, Json::object()) : bad_request(status.error());
}

}  // namespace

Response answer_control(const Desk& desk, const Request& request) {
    if (request.is("GET", 0)) return front_page();
    const std::string part = request.segment(1);
    if (request.is("GET", 2) && part == "style.css") return style_sheet();
    if (request.is("GET", 2) && part == "settings") return settings(desk);
    if (!has_workspace_key(desk, request)) {
        return error_response(
            401, "bad_request", "not_authenticated", "The workspace key must be given as Bearer");
    }
    if (request.is("GET", 2) && part == "log") return log(desk, request);
    const bool is_known_method =
        request.method == "GET" || request.method == "POST" || request.method == "DELETE";
    if (request.segments.size() == 2 && part == "faults" && is_known_method) {
        return faults(desk, request);
    }
    if (part == "webhooks" && (request.is("POST", 2) || request.is("GET", 2))) {
        return webhooks(desk, request);
    }
    if (part == "rest") return answer_rest_control(desk, request);
    if (request.is("POST", 2) && part == "connections") return connections(desk, request);
    return not_found_response("There is nothing at this address");
}

}  // namespace crm::sandbox
