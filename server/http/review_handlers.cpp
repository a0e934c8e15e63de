// Handlers of what waits for a person: decode, ask the engine, encode.
#include "server/http/review_handlers.h"

#include <algorithm>
#include <array>

#include "server/http/contact_handlers.h"
#include "server/http/respond.h"
#include "server/store/hold.h"
#include "shared/api_review_json.h"

namespace crm::http {
namespace {

constexpr std::array<std::string_view, 3> kConflictStates = {"open", "auto", "resolved"};

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& words, const std::string& text) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

Error bad_parameter(std::string message) {
    return {ErrorCode::BadRequest, std::move(message)};
}

Result<api::ConflictQuery> read_conflict_query(const Call& call) {
    api::ConflictQuery query;
    query.limit = CRM_TRY(read_limit(call));
    if (const std::string* state = call.find("state")) {
        if (!is_one_of(kConflictStates, *state)) {
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

Result<api::HoldQuery> read_hold_query(const Call& call) {
    api::HoldQuery query;
    query.limit = CRM_TRY(read_limit(call));
    if (const std::string* reason = call.find("reason")) {
        if (!sync::find_hold_reason(*reason)) {
            return bad_parameter("The parameter reason must be " + sync::list_hold_words());
        }
        query.reason = *reason;
    }
    if (const std::string* system = call.find("system")) {
        if (system->empty()) {
            return bad_parameter("The parameter system must name a system, or be left out");
        }
        query.system = *system;
    }
    if (const std::string* cursor = call.find("cursor")) query.cursor = *cursor;
    return query;
}

SyncDoor::Record record_of(const Call& call) {
    return {SystemKey(call.parts.at(0)), RemoteId(call.parts.at(1))};
}

Result<Response> answer_hold(const SyncDoor::HoldAction& action, const Call& call) {
    const api::HeldRecord hold = CRM_TRY(action(call.caller.customer, record_of(call)));
    return json_response(200, api::write_hold_answer(hold));
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

Result<Response> create_record_anew(const Services& services, const Call& call) {
    const std::vector<api::SystemSync> systems =
        CRM_TRY(services.sync.create_anew(call.caller.customer,
                                          ContactId(call.parts.at(0)),
                                          SystemKey(call.parts.at(1)),
                                          call.caller.user));
    return json_response(200, api::write_contact_sync(systems));
}

Result<Response> list_holds(const Services& services, const Call& call) {
    const api::HoldQuery query = CRM_TRY(read_hold_query(call));
    return json_response(
        200, api::write_hold_page(CRM_TRY(services.sync.holds(call.caller.customer, query))));
}

Result<Response> link_hold(const Services& services, const Call& call) {
    const ContactId contact(CRM_TRY(api::read_link_target(call.request.body)));
    return contact_response(200,
                            CRM_TRY(services.sync.link_hold(
                                call.caller.customer, record_of(call), contact, call.caller.user)));
}

Result<Response> refuse_hold(const Services& services, const Call& call) {
    return answer_hold(services.sync.refuse_suggestion, call);
}

Result<Response> import_hold(const Services& services, const Call& call) {
    return answer_hold(services.sync.import_hold, call);
}

Result<Response> resolve_conflict(const Services& services, const Call& call) {
    const api::Resolution wanted = CRM_TRY(api::read_resolution(call.request.body));
    const api::Conflict conflict = CRM_TRY(
        services.sync.resolve(call.caller.customer, call.parts.at(0), wanted, call.caller.user));
    return json_response(200, api::write_conflict_answer(conflict));
}

}  // namespace crm::http
