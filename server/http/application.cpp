// The way of a request through the checks, cheapest first.
#include "server/http/application.h"

#include "server/http/idempotency.h"
#include "server/http/pages.h"
#include "server/http/respond.h"
#include "server/http/session_cookie.h"
#include "server/limits.h"
#include "server/loopback.h"

namespace crm::http {
namespace {

constexpr std::string_view kMetricsPath = "/metrics";

bool is_api(const Request& request) {
    return request.path() == "/api" || request.path().starts_with("/api/");
}

/// What browsers and tools call such files; what a plain form can send is not among them.
Status check_file_type(std::string_view type) {
    for (const std::string_view known : {"text/csv",
                                         "text/vcard",
                                         "text/x-vcard",
                                         "application/csv",
                                         "application/vnd.ms-excel",
                                         "application/octet-stream"}) {
        if (is_same_word(type, known)) return {};
    }
    return Error{ErrorCode::UnsupportedMediaType,
                 "Send the file itself as the body, with Content-Type: text/csv or text/vcard"};
}

Status check_body(const Route& route, const Request& request) {
    const std::string_view length = find_header(request, "Content-Length");
    const bool has_body =
        (!length.empty() && length != "0") || !find_header(request, "Transfer-Encoding").empty();
    if (route.body == Body::None || !has_body) return {};
    std::string_view type = find_header(request, "Content-Type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    if (route.body == Body::File) return check_file_type(type);
    if (is_same_word(type, kJsonType)) return {};
    return Error{ErrorCode::UnsupportedMediaType,
                 "The body must be JSON: send it with Content-Type: application/json"};
}

Error refused_method(const Request& request, const RouteMatch& match) {
    return {ErrorCode::MethodNotAllowed,
            "This address does not take " + request.method + "; it takes " + match.allowed};
}

Error no_such_path() {
    return {ErrorCode::NotFound, "There is nothing at this address of the API"};
}

/// The request without its body.
Request head_of(const Request& request) {
    Request head;
    head.method = request.method;
    head.target = request.target;
    head.headers = request.headers;
    head.id = request.id;
    head.peer = request.peer;
    return head;
}

Response method_response(const Request& request, const RouteMatch& match) {
    Response response = error_response(refused_method(request, match), request.id);
    response.headers.emplace_back("Allow", match.allowed);
    return response;
}

}  // namespace

Application::Application(AccessRules rules, const Services& services, const StaticFiles& files)
    : rules_(std::move(rules)),
      services_(services),
      files_(files),
      addresses_(rules_.rates.address_per_second, rules_.rates.address_saved),
      tokens_(rules_.rates.token_per_second, rules_.rates.token_saved) {}

Result<Application::Prepared> Application::prepare(const Request& request,
                                                   const RouteMatch& match) const {
    const Route& route = *match.route;
    Prepared prepared{&route, Call{request, {}, match.parts, {}}};
    if (route.right != Right::Anyone) {
        prepared.call.caller = CRM_TRY(identify(request, rules_));
        CRM_TRY(check_right(route.right, prepared.call.caller));
    }
    prepared.call.query = CRM_TRY(read_parameters(route, request.query()));
    CRM_TRY(check_body(route, request));
    return prepared;
}

/// Cheapest of all checks. Without login there is one person, at this machine.
std::optional<Response> Application::limit(const Request& request) {
    if (rules_.mode == AuthMode::Dev) return std::nullopt;
    const auto now = std::chrono::steady_clock::now();
    std::string_view kind = "address";
    std::optional<std::chrono::seconds> wait = addresses_.take(client_address(request), now);
    const std::string mark = wait ? std::string() : token_mark(request);
    if (!mark.empty()) {
        kind = "token";
        wait = tokens_.take(mark, now);
    }
    if (!wait) return std::nullopt;
    if (services_.metrics != nullptr) services_.metrics->count_limited(kind);
    Response response =
        error_response({ErrorCode::RateLimited,
                        "Too many requests from this " + std::string(kind) +
                            "; nothing was done; try again when Retry-After is over"},
                       request.id);
    for (auto& [name, value] : response.headers) {
        if (name == "Retry-After") value = std::to_string(wait->count());
    }
    return response;
}

std::optional<Response> Application::refuse(const Request& head) {
    if (std::optional<Response> refusal = limit(head)) return refusal;
    return check(head);
}

std::optional<Response> Application::check(const Request& head) {
    const Status origin = check_origin(head, rules_);
    if (!origin.is_ok()) return error_response(origin.error(), head.id);
    if (!is_api(head)) {
        if (is_page(head.path())) return refuse_page(head, rules_);
        if (head.verb() == "GET") return std::nullopt;
        return method_response(head, {nullptr, {}, "GET, HEAD"});
    }
    const RouteMatch match = find_route(head.verb(), head.path());
    if (match.allowed.empty()) return error_response(no_such_path(), head.id);
    if (match.route == nullptr) return method_response(head, match);
    const Result<Prepared> prepared = prepare(head, match);
    if (prepared.is_ok()) return std::nullopt;
    Response response = error_response(prepared.error(), head.id);
    response.route = match.route->pattern;
    return response;
}

std::size_t Application::body_bytes_max(const Request& head) {
    const RouteMatch match = find_route(head.verb(), head.path());
    const bool is_file = match.route != nullptr && match.route->body == Body::File;
    return is_file ? kImportBytesMax : kBodyBytesMax;
}

Response Application::handle(const Request& request) {
    // Those that may have a body were counted before it was read.
    std::optional<Response> refusal =
        may_have_body(request.method) ? check(request) : refuse(request);
    if (refusal) return std::move(*refusal);
    if (is_api(request)) return answer_api(request);
    const bool is_metrics = request.path() == kMetricsPath && services_.metrics != nullptr;
    if (is_metrics) return answer_metrics(request);
    if (is_page(request.path())) return answer_page(request, rules_);
    Response response = files_.answer(request);
    response.route = "client";
    return response;
}

void Application::note(const RequestNote& note) {
    if (services_.metrics != nullptr) services_.metrics->count_request(note);
}

/// Whoever watches from this machine needs no token; from elsewhere an admin's.
Response Application::answer_metrics(const Request& request) const {
    const bool is_local =
        is_loopback_host(request.peer) && find_header(request, "X-Forwarded-For").empty();
    Response response;
    if (!is_local || rules_.mode == AuthMode::Dev) {
        const Result<Caller> caller = identify(request, rules_);
        const Status allowed =
            caller.is_ok() ? check_right(Right::Manage, caller.value()) : Status(caller.error());
        if (!allowed.is_ok()) {
            response = error_response(allowed.error(), request.id);
            response.route = kMetricsPath;
            return response;
        }
    }
    const std::vector<Gauge> gauges = services_.gauges ? services_.gauges() : std::vector<Gauge>();
    response = text_response(200, services_.metrics->text(gauges));
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.route = kMetricsPath;
    return response;
}

Result<Response> Application::work_on(const Route& route, const Call& call) const {
    const bool is_repeatable = services_.repeats != nullptr && takes_idempotency_key(route) &&
                               has_idempotency_key(call.request);
    if (!is_repeatable) return route.answer(services_, call);
    return services_.repeats->answer(call, [&] { return route.answer(services_, call); });
}

Response Application::answer_api(const Request& request) const {
    const RouteMatch match = find_route(request.verb(), request.path());
    Result<Prepared> prepared = prepare(request, match);
    if (!prepared.is_ok()) return error_response(prepared.error(), request.id);
    Call& call = prepared.value().call;
    call.is_still_in = [head = head_of(request), rules = rules_] {
        return is_still_in(head, rules);
    };
    if (call.caller.customer.is_set()) services_.sync.use(call.caller.customer);
    Result<Response> answer = work_on(*match.route, call);
    Response response = answer.is_ok() ? answer.take() : error_response(answer.error(), request.id);
    response.route = match.route->pattern;
    return response;
}

}  // namespace crm::http
