// The table, and walking it.
#include "server/http/routes.h"

#include <algorithm>
#include <array>

#include "server/http/bulk_handlers.h"
#include "server/http/connection_handlers.h"
#include "server/http/contact_handlers.h"
#include "server/http/description_handlers.h"
#include "server/http/duplicate_handlers.h"
#include "server/http/event_handlers.h"
#include "server/http/exchange_handlers.h"
#include "server/http/people_handlers.h"
#include "server/http/review_handlers.h"
#include "server/http/self_handlers.h"
#include "server/http/sync_handlers.h"
#include "server/http/webhook_handlers.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::http {
namespace {

constexpr std::string_view kListParameters = "q sort filter deleted limit cursor";

constexpr std::string_view kExportParameters = "format version q sort filter deleted bom";
constexpr std::string_view kImportParameters = "format dryRun key map file";

constexpr std::string_view kDuplicateParameters = "name email phone company except limit cursor";
constexpr std::string_view kHoldParameters = "system reason limit cursor";
constexpr std::string_view kConflictParameters = "state contact limit cursor";
constexpr std::string_view kRunParameters = "wait preview system contact";

constexpr std::array kRoutes{
    Route{"GET", "/api/health", "", Body::None, Right::Anyone, show_health},
    Route{"GET", "/api/ready", "", Body::None, Right::Anyone, show_ready},
    Route{"GET", "/api/openapi.json", "", Body::None, Right::Anyone, show_openapi},
    Route{"GET", "/api/docs", "", Body::None, Right::Anyone, show_docs},
    Route{"GET", "/api/self", "", Body::None, Right::Read, show_self},
    Route{"GET", "/api/integration-token", "", Body::None, Right::Manage, show_token},
    Route{"GET", "/api/contacts", kListParameters, Body::None, Right::Read, list_contacts},
    Route{"POST", "/api/contacts", "", Body::Json, Right::Edit, create_contact},
    Route{"DELETE", "/api/contacts", "email", Body::None, Right::Edit, delete_contact_by_email},
    Route{"GET", "/api/contacts/{}", "at", Body::None, Right::Read, show_contact},
    Route{"PATCH", "/api/contacts/{}", "", Body::Json, Right::Edit, update_contact},
    Route{"DELETE", "/api/contacts/{}", "", Body::None, Right::Edit, delete_contact},
    Route{"GET", "/api/contacts/{}/history", "", Body::None, Right::Read, show_history},
    Route{"GET", "/api/contacts/{}/sync", "", Body::None, Right::Read, show_contact_sync},
    Route{"POST", "/api/contacts/bulk", "", Body::Json, Right::Edit, change_contacts},
    Route{"POST", "/api/contacts/merge", "preview", Body::Json, Right::Edit, merge_contacts},
    Route{"GET", "/api/duplicates", kDuplicateParameters, Body::None, Right::Read, list_duplicates},
    Route{"GET", "/api/tags", "", Body::None, Right::Read, list_tags},
    Route{"POST", "/api/duplicates/separate", "", Body::Json, Right::Edit, keep_separate},
    Route{"POST", "/api/contacts/purge", "", Body::Json, Right::Manage, purge_contacts},
    Route{
        "POST", "/api/contacts/{}/sync/{}/create", "", Body::Json, Right::Edit, create_record_anew},
    Route{"POST", "/api/contacts/{}/restore", "", Body::Json, Right::Edit, restore_contact},
    Route{"POST", "/api/undo/{}", "preview", Body::Json, Right::Edit, undo_change},
    Route{"GET", "/api/sync", "", Body::None, Right::Read, show_sync},
    Route{"POST", "/api/sync", kRunParameters, Body::Json, Right::Edit, start_sync},
    Route{"POST", "/api/sync/pause", "system", Body::Json, Right::Edit, pause_sync},
    Route{"POST", "/api/sync/resume", "system", Body::Json, Right::Edit, resume_sync},
    Route{"GET", "/api/sync/runs", "", Body::None, Right::Read, list_runs},
    Route{"GET", "/api/sync/runs/{}", "", Body::None, Right::Read, show_run},
    Route{"POST", "/api/sync/runs/{}/approve", "", Body::Json, Right::Edit, approve_run},
    Route{"POST", "/api/sync/runs/{}/discard", "", Body::Json, Right::Edit, discard_run},
    Route{"POST", "/api/sync/runs/{}/cancel", "", Body::Json, Right::Edit, cancel_run},
    Route{"GET", "/api/sync/holds", kHoldParameters, Body::None, Right::Read, list_holds},
    Route{"POST", "/api/sync/holds/{}/{}/link", "", Body::Json, Right::Edit, link_hold},
    Route{"POST", "/api/sync/holds/{}/{}/refuse", "", Body::Json, Right::Edit, refuse_hold},
    Route{"POST", "/api/sync/holds/{}/{}/import", "", Body::Json, Right::Edit, import_hold},
    Route{"GET", "/api/conflicts", kConflictParameters, Body::None, Right::Read, list_conflicts},
    Route{"POST", "/api/conflicts/{}/resolve", "", Body::Json, Right::Edit, resolve_conflict},
    Route{"GET", "/api/connections", "", Body::None, Right::Read, list_connections},
    Route{"POST", "/api/connections/{}/connect", "", Body::Json, Right::Manage, connect_system},
    Route{
        "POST", "/api/connections/{}/disconnect", "", Body::Json, Right::Manage, disconnect_system},
    Route{"GET", "/api/export", kExportParameters, Body::None, Right::Read, export_contacts},
    Route{"POST", "/api/import", kImportParameters, Body::File, Right::Edit, import_contacts},
    Route{"POST", "/api/webhooks/on-create", "", Body::Json, Right::Anyone, take_webhook},
    Route{"POST", "/api/webhooks/on-update", "", Body::Json, Right::Anyone, take_webhook},
    Route{"POST", "/api/webhooks/on-delete", "", Body::Json, Right::Anyone, take_webhook},
    Route{"GET", "/api/users", "", Body::None, Right::Manage, list_users},
    Route{"POST", "/api/users", "", Body::Json, Right::Manage, create_user},
    Route{"PATCH", "/api/users/{}", "", Body::Json, Right::Manage, update_user},
    Route{"GET", "/api/tokens", "", Body::None, Right::Manage, list_tokens},
    Route{"POST", "/api/tokens", "", Body::Json, Right::Manage, create_token},
    Route{"DELETE", "/api/tokens/{}", "", Body::None, Right::Manage, revoke_token},
    Route{"GET", "/api/audit", "limit cursor", Body::None, Right::Manage, show_audit},
    Route{"GET", "/api/events", "", Body::None, Right::Read, stream_events},
};

/// The part up to the next '/', which is taken off.
std::string_view take_segment(std::string_view& path) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    return segment;
}

/// The values of the {} in `pattern`, or nullopt when `path` does not fit it.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
    if (std::count(pattern.begin(), pattern.end(), '/') !=
        std::count(path.begin(), path.end(), '/')) {
        return std::nullopt;
    }
    std::vector<std::string> parts;
    while (!pattern.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::optional<std::string> found = percent_decode(take_segment(path));
        if (!found) return std::nullopt;
        if (wanted != "{}") {
            if (*found != wanted) return std::nullopt;
            continue;
        }
        // What no id can be is no such thing: it never gets as far as the store.
        const bool can_be_id = !found->empty() && found->size() <= kIdCharsMax && is_utf8(*found) &&
                               !has_forbidden_control(*found);
        if (!can_be_id) return std::nullopt;
        parts.push_back(*found);
    }
    return parts;
}

bool takes(std::string_view parameters, std::string_view name) {
    while (!parameters.empty()) {
        const std::size_t space = std::min(parameters.find(' '), parameters.size());
        if (parameters.substr(0, space) == name) return true;
        parameters.remove_prefix(std::min(space + 1, parameters.size()));
    }
    return false;
}

Error bad_parameter(std::string message) {
    return {ErrorCode::BadRequest, std::move(message)};
}

Status check_parameter(const Route& route, const QueryParams& seen, const std::string& name) {
    if (!is_utf8(name)) return bad_parameter("The address holds text that is not UTF-8");
    if (!takes(route.parameters, name)) {
        const std::string known = route.parameters.empty() ? "none" : std::string(route.parameters);
        return bad_parameter("The parameter " + name + " is not known here; known: " + known);
    }
    const bool is_repeated = std::any_of(
        seen.begin(), seen.end(), [&](const auto& entry) { return entry.first == name; });
    if (is_repeated) return bad_parameter("The parameter " + name + " is given more than once");
    return {};
}

Error forbidden(Role role, std::string_view needed) {
    return {ErrorCode::Forbidden,
            "Nothing was done: your role is " + std::string(role_text(role)) + ", and this needs " +
                std::string(needed) + "; ask an admin"};
}

}  // namespace

Status check_right(Right right, const Caller& caller) {
    switch (right) {
        case Right::Anyone:
        case Right::Read:
            return {};
        case Right::Edit:
            if (caller.role == Role::Viewer) return forbidden(caller.role, "an editor");
            return {};
        case Right::Manage:
            if (caller.role != Role::Admin) return forbidden(caller.role, "an admin");
            return {};
    }
    return forbidden(caller.role, "an admin");
}

Result<bool> read_truth(const Call& call, std::string_view name) {
    const std::string* text = call.find(name);
    if (text == nullptr || *text == "false") return false;
    if (*text == "true") return true;
    return Error{ErrorCode::BadRequest,
                 "The parameter " + std::string(name) + " must be true or false"};
}

const std::string* Call::find(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return &value;
    }
    return nullptr;
}

std::span<const Route> routes() {
    return kRoutes;
}

bool takes_idempotency_key(const Route& route) {
    const bool has_secret = route.pattern == "/api/users" || route.pattern == "/api/tokens";
    return route.method == "POST" && route.right != Right::Anyone && !has_secret;
}

RouteMatch find_route(std::string_view verb, std::string_view path) {
    RouteMatch result;
    for (const Route& route : kRoutes) {
        std::optional<std::vector<std::string>> parts = match(route.pattern, path);
        if (!parts) continue;
        if (!result.allowed.empty()) result.allowed += ", ";
        result.allowed += route.method == "GET" ? "GET, HEAD" : std::string(route.method);
        if (route.method == verb) {
            result.route = &route;
            result.parts = std::move(*parts);
        }
    }
    return result;
}

Result<QueryParams> read_parameters(const Route& route, std::string_view query) {
    std::optional<QueryParams> given = parse_query(query);
    if (!given) {
        return bad_parameter("The address holds a % that two hexadecimal digits do not follow");
    }
    QueryParams read;
    for (auto& [name, value] : *given) {
        if (name.empty() && value.empty()) continue;  // "?a=1&" and the like
        CRM_TRY(check_parameter(route, read, name));
        if (!is_utf8(value) || has_forbidden_control(value)) {
            return bad_parameter("The parameter " + name + " holds text that cannot be read");
        }
        read.emplace_back(std::move(name), std::move(value));
    }
    return read;
}

}  // namespace crm::http
