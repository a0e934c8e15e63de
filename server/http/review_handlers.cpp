// Handlers of what waits for a person: decode, ask the engine, encode.
#include "server/http/review_handlers.h"

#include <algorithm>
#include <array>

#include "server/http/contact_handlers.h"
#include "server/http/respond.h"
#include "shared/api_review_json.h"

namespace crm::http {
namespace {

constexpr std::array<std::string_view, 3> kConflictStates = {"open", "auto", "resolved"};

Error bad_parameter(std::string message) {
    return {ErrorCode::BadRequest, std::move(message)};
}

Result<api::ConflictQuery> read_conflict_query(const Call& call) {
    api::ConflictQuery query;
    query.limit = CRM_TRY(read_limit(call));
    if (const std::string* state = call.find("state")) {
        const bool is_known = std::find(kConflictStates.begin(), kConflictStates.end(), *state) !=
                              kConflictStates.end();
        if (!is_known) {
            return bad_parameter("The parameter state must be open, auto or resolved");
        }
        query.state = *state;
    }
    if (const std::string* contact = call.find("contact")) {
        if (contact->empty()) {
            return bad_parameter("The parameter contact must name a contact, or be left out");
        }
        query.contact_id = *contact;
    }
    if (const std::string* cursor = call.find("cursor")) query.cursor = *cursor;
    return query;
}

}  // namespace

Result<Response> list_conflicts(const Services& services, const Call& call) {
    const api::ConflictQuery query = CRM_TRY(read_conflict_query(call));
    const api::ConflictPage page = CRM_TRY(services.sync.conflicts(call.caller.customer, query));
    return json_response(200, api::write_conflict_page(page));
}

Result<Response> show_contact_sync(const Services& services, const Call& call) {
    const std::vector<api::SystemSync> systems =
        CRM_TRY(services.sync.why(call.caller.customer, ContactId(call.parts.at(0))));
    return json_response(200, api::write_contact_sync(systems));
}

Result<Response> resolve_conflict(const Services& services, const Call& call) {
    const api::Resolution wanted = CRM_TRY(api::read_resolution(call.request.body));
    const api::Conflict conflict = CRM_TRY(
        services.sync.resolve(call.caller.customer, call.parts.at(0), wanted, call.caller.user));
    return json_response(200, api::write_conflict_answer(conflict));
}

}  // namespace crm::http
