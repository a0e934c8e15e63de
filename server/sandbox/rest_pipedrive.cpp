// Pipedrive's persons API, versions 1 and 2. They differ in how they page, in the method that
// updates (PUT, PATCH), and in the shape of a person.
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/derived.h"
#include "server/sandbox/pipedrive.h"
#include "server/sandbox/pipedrive_read.h"
#include "server/sandbox/pipedrive_wire.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {
namespace {

enum class Kind { Many, One, Merge, Search, Collection, Recents };

struct Place {
    PersonVersion version = PersonVersion::V1;
    Kind kind = Kind::Many;
    std::string id;
};

// What stands behind /persons.
std::optional<Place> find_person_place(const Request& request, Place place, std::size_t skipped) {
    const std::size_t count = request.segments.size();
    const bool is_v1 = place.version == PersonVersion::V1;
    if (count == skipped) return place;
    place.id = request.segment(skipped);
    if (count == skipped + 1) {
        const bool is_get = request.method == "GET";
        place.kind = is_get && place.id == "search"                ? Kind::Search
                     : is_get && is_v1 && place.id == "collection" ? Kind::Collection
                                                                   : Kind::One;
        return place;
    }
    place.kind = Kind::Merge;
    const bool is_merge = is_v1 && count == skipped + 2 && request.method == "PUT" &&
                          request.segment(skipped + 1) == "merge";
    return is_merge ? std::optional(place) : std::nullopt;
}

// /pipedrive/v1/persons[/{id}], /pipedrive/api/v1/persons[/{id}], /pipedrive/api/v2/persons[/{id}],
// and /search in place of the id; in version 1 also …/{id}/merge, /collection, and /recents.
std::optional<Place> find_place(const Request& request) {
    const std::size_t skipped = request.segment(1) == "api" ? 2 : 1;
    const std::string version = request.segment(skipped);
    const std::string resource = request.segment(skipped + 1);
    if (version != "v1" && version != "v2") return std::nullopt;
    Place place{.version = version == "v1" ? PersonVersion::V1 : PersonVersion::V2};
    if (resource == "persons") return find_person_place(request, place, skipped + 2);
    place.kind = Kind::Recents;
    const bool is_recents = resource == "recents" && place.version == PersonVersion::V1 &&
                            request.is("GET", skipped + 2);
    return is_recents ? std::optional(place) : std::nullopt;
}

Response refuse(const CrmRefusal& refusal) {
    return pipedrive_response(refusal);
}

// Version 2 takes whole numbers where it wants them, and no text that looks like one.
std::optional<CrmRefusal> check_types(const Json& body) {
    for (const char* name : {"owner_id", "org_id", "visible_to"}) {
        const Json* value = body.find(name);
        if (value == nullptr || value->is_null() || value->integer()) continue;
        return pipedrive_refusal(400, std::string(name) + " must be a whole number");
    }
    return std::nullopt;
}

Result<std::variant<Draft, CrmRefusal>> read_person(const Place& place, const Request& request) {
    using Answer = std::variant<Draft, CrmRefusal>;
    const std::optional<Json> body = Json::parse(request.body);
    if (!body || body->members() == nullptr) {
        return Answer(pipedrive_refusal(400, "The body must be a JSON object"));
    }
    if (place.version == PersonVersion::V2) {
        if (auto problem = check_types(*body)) return Answer(std::move(*problem));
    }
    Result<Draft> draft = read_draft(*body);
    if (!draft.is_ok()) return Answer(pipedrive_refusal(400, draft.error().message));
    const Json* custom = body->find("custom_fields");
    const Json* marker = custom == nullptr ? nullptr : custom->find(kPipedriveMarker);
    if (marker != nullptr && marker->text() != nullptr) draft.value().marker = *marker->text();
    return Answer(draft.take());
}

// Version 1 still shows a deleted person, as inactive; version 2 does not know it any more.
Result<Response> find(Session& session, const Place& place) {
    if (place.version == PersonVersion::V1) {
        const auto record =
            CRM_TRY(session.find(System::Pipedrive, parse_id(place.id).value_or(0)));
        if (record) {
            return pipedrive_v1(200, pipedrive_person(*record, place.version), Json::object());
        }
    }
    const CrmAnswer answer = CRM_TRY(crm_of(System::Pipedrive).find(session, place.id));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    return pipedrive_success(200, pipedrive_person(std::get<Record>(answer), place.version));
}

Result<CrmAnswer> write_record(const Desk& desk,
                               Session& session,
                               const Place& place,
                               const Request& request) {
    const Crm& crm = crm_of(System::Pipedrive);
    const TimePoint now = desk.clock.now();
    if (request.method == "DELETE") return crm.remove(session, place.id, now);
    if (place.kind == Kind::Merge) {  // the person of the address is the one that goes
        const std::optional<Json> body = Json::parse(request.body);
        const Json* into = body ? body->find("merge_with_id") : nullptr;
        const std::int64_t id = into == nullptr ? 0 : into->integer().value_or(0);
        return crm.merge(session, std::to_string(id), place.id, MergedId::Kept, now);
    }
    const auto draft = CRM_TRY(read_person(place, request));
    if (const auto* refusal = std::get_if<CrmRefusal>(&draft)) return CrmAnswer(*refusal);
    if (request.method == "POST") return crm.create(session, std::get<Draft>(draft), now);
    return crm.update(session, place.id, std::get<Draft>(draft), now);
}

Result<Response> write(const Desk& desk,
                       Session& session,
                       const Place& place,
                       const Request& request) {
    const CrmAnswer answer = CRM_TRY(write_record(desk, session, place, request));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    CRM_TRY(session.commit());
    const Record& record = std::get<Record>(answer);
    if (request.method == "DELETE")
        return pipedrive_success(200, Json::object({{"id", record.id}}));
    const int status = request.method == "POST" ? 201 : 200;
    if (place.version == PersonVersion::V2) {
        return pipedrive_success(status, pipedrive_person(record, place.version));
    }
    if (place.kind == Kind::Merge) return pipedrive_success(status, pipedrive_flat_person(record));
    Json additional = Json::object();
    if (status == 201) additional.set("didMerge", false);
    return pipedrive_v1(status, pipedrive_person(record, place.version), std::move(additional));
}

bool is_write_call(const Place& place, const Request& request) {
    const std::string& method = request.method;
    if (place.kind == Kind::Many) return method == "POST";
    if (place.kind == Kind::Merge) return true;
    if (place.kind != Kind::One) return false;
    return method == "DELETE" || method == (place.version == PersonVersion::V1 ? "PUT" : "PATCH");
}

Result<Response> read(const Desk& desk,
                      Session& session,
                      const Place& place,
                      const Request& request) {
    switch (place.kind) {
        case Kind::One:
            return find(session, place);
        case Kind::Search:
            look_at_index(desk, session);
            return search_persons(session, place.version, request);
        case Kind::Collection:
            return list_persons_by_cursor(session, place.version, request);
        case Kind::Recents:
            return list_recents(session, request);
        case Kind::Many:
        case Kind::Merge:
            break;
    }
    if (place.version == PersonVersion::V1) return list_persons_by_start(session, request);
    return list_persons_by_cursor(session, place.version, request);
}

Result<Response> dispatch(const Desk& desk, const Place& place, const Request& request) {
    const bool is_write = is_write_call(place, request);
    if (!is_write && request.method != "GET") {
        return refuse(pipedrive_refusal(405, "This method is not allowed here"));
    }
    Session session =
        CRM_TRY(enter(desk, customer_of(desk, request), is_write ? Access::Write : Access::Read));
    return is_write ? write(desk, session, place, request) : read(desk, session, place, request);
}

RestCall call_of(const Place& place, const Request& request) {
    const bool is_dear = place.kind == Kind::Search || place.kind == Kind::Merge;
    return {.system = System::Pipedrive,
            .cost = pipedrive_cost(place.version, request.method, place.kind == Kind::One, is_dear),
            .is_search = place.kind == Kind::Search};
}

}  // namespace

Response answer_pipedrive_rest(const Desk& desk, const Request& request) {
    const std::optional<Place> place = find_place(request);
    if (!place) return refuse(pipedrive_refusal(404, "There is nothing at this address"));
    if (!has_workspace_key(desk, request))
        return refuse(pipedrive_refusal(401, "unauthorized access"));
    const std::string customer = customer_of(desk, request).text;
    const TimePoint now = desk.clock.now();
    const RestSpent spent = desk.budget.spend(customer, call_of(*place, request), now);
    Result<Response> response = spent.reached
                                    ? refuse(crm_of(System::Pipedrive).rate_limit(*spent.reached))
                                    : dispatch(desk, *place, request);
    if (!response.is_ok()) return refuse(pipedrive_refusal(500, response.error().message));
    const int status = response.value().status;
    desk.calls.add({.customer = customer,
                    .door = Door::Rest,
                    .system = System::Pipedrive,
                    .method = request.method,
                    .action = "persons",
                    .status = status,
                    .record_id = place->kind == Kind::One ? place->id : "",
                    .outcome = status < 300 ? "ok" : "refused",
                    .is_applied = status < 300 && is_write_call(*place, request)},
                   now);
    Response answered = response.take();
    for (const auto& header : spent.headers) answered.headers.push_back(header);
    answered.headers.emplace_back(
        "x-correlation-id", trace_id(customer + std::to_string(now.time_since_epoch().count())));
    return answered;
}

}  // namespace crm::sandbox
