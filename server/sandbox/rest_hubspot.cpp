// HubSpot's contacts API, version 3: its paths, its bodies, its statuses.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/hubspot.h"
#include "server/sandbox/hubspot_batch.h"
#include "server/sandbox/hubspot_extras.h"
#include "server/sandbox/hubspot_schema.h"
#include "server/sandbox/hubspot_search.h"
#include "server/sandbox/hubspot_wire.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {
namespace {

constexpr std::size_t kPathSegments = 5;  // hubspot crm v3 objects contacts

Response refuse(const CrmRefusal& refusal) {
    return refusal_response(refusal);
}

Response broken(const Error& error) {
    return refuse(hubspot_refusal(500, "", error.message));
}

// The official client repeats the parameter for each name; others join the names by commas.
std::vector<std::string> names_in(const Request& request, std::string_view parameter) {
    std::vector<std::string> names;
    for (const auto& [name, value] : request.query) {
        if (name != parameter) continue;
        for (std::string& each : split_list(value, ',')) names.push_back(std::move(each));
    }
    return names;
}

std::vector<std::string> wanted_properties(const Request& request) {
    return names_in(request, "properties");
}

std::optional<std::size_t> read_limit(const Request& request) {
    const std::string text = request.parameter("limit");
    if (text.empty()) return kHubSpotPageDefault;
    const std::optional<std::int64_t> limit = parse_id(text);
    if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(kHubSpotPageMax))
        return std::nullopt;
    return static_cast<std::size_t>(*limit);
}

Shown shown_of(const Request& request) {
    return request.parameter("archived") == "true" ? Shown::Deleted : Shown::Live;
}

Result<Response> list(Session& session, const Request& request) {
    const std::optional<std::size_t> limit = read_limit(request);
    if (!limit) {
        return refuse(hubspot_refusal(400, "VALIDATION_ERROR", "limit must be from 1 to 100"));
    }
    const PageAnswer answer = CRM_TRY(crm_of(System::HubSpot)
                                          .list(session,
                                                {.cursor = request.parameter("after"),
                                                 .limit = *limit,
                                                 .shown = shown_of(request)}));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    const Page& page = std::get<Page>(answer);
    const std::vector<std::string> wanted = wanted_properties(request);
    Json results = Json::array();
    for (const Record& record : page.records) results.push(contact_json(record, wanted));
    Json body = Json::object({{"results", std::move(results)}});
    if (!page.cursor.empty()) {
        body.set("paging", Json::object({{"next", Json::object({{"after", page.cursor}})}}));
    }
    return json_response(200, body);
}

Result<Response> find(Session& session, const Request& request) {
    const std::string id = CRM_TRY(resolve_hubspot_id(
        session, request.segment(kPathSegments), request.parameter("idProperty")));
    if (shown_of(request) == Shown::Deleted) {
        const auto record = CRM_TRY(session.find(System::HubSpot, parse_id(id).value_or(0)));
        if (record && record->deleted_at && !record->merged_into) {
            return json_response(200, contact_json(*record, wanted_properties(request)));
        }
        return refuse(hubspot_refusal(404, "", "resource not found"));
    }
    const CrmAnswer answer = CRM_TRY(crm_of(System::HubSpot).find(session, id));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    const Record& record = std::get<Record>(answer);
    Json body = contact_json(record, wanted_properties(request));
    const std::vector<std::string> old = names_in(request, "propertiesWithHistory");
    if (!old.empty()) body.set("propertiesWithHistory", history_json(session, record, old));
    return json_response(200, body);
}

bool is_merge(const Request& request) {
    return request.is("POST", kPathSegments + 1) && request.segment(kPathSegments) == "merge";
}

bool is_erasure(const Request& request) {
    return request.is("POST", kPathSegments + 1) && request.segment(kPathSegments) == "gdpr-delete";
}

bool is_batch(const Request& request) {
    return request.is("POST", kPathSegments + 2) && request.segment(kPathSegments) == "batch";
}

bool is_search(const Request& request) {
    return request.is("POST", kPathSegments + 1) && request.segment(kPathSegments) == "search";
}

// `{"primaryObjectId","objectIdToMerge"}`. What is left gets an id of its own, as since 2025; the
// customer's rules or `?preserveId=true` choose the older way, which is about to return.
Result<CrmAnswer> merge_records(const Desk& desk, Session& session, const Request& request) {
    const std::optional<Json> body = Json::parse(request.body);
    const bool is_kept = request.parameter("preserveId") == "true" ||
                         desk.budget.rules_of(session.customer().text).is_merged_id_kept;
    return crm_of(System::HubSpot)
        .merge(session,
               body ? body->text_at("primaryObjectId") : "",
               body ? body->text_at("objectIdToMerge") : "",
               is_kept ? MergedId::Kept : MergedId::New,
               desk.clock.now());
}

struct Written {
    CrmAnswer answer;
    Json properties;  // what was sent
};

Result<Written> write_record(const Desk& desk, Session& session, const Request& request) {
    if (is_merge(request)) return Written{CRM_TRY(merge_records(desk, session, request)), {}};
    const Crm& crm = crm_of(System::HubSpot);
    const TimePoint now = desk.clock.now();
    if (request.method == "DELETE") {
        return Written{CRM_TRY(crm.remove(session, request.segment(kPathSegments), now)), {}};
    }
    const Json body = Json::parse(request.body).value_or(Json());
    const Json* properties = body.find("properties");
    const std::variant<Draft, CrmRefusal> draft = read_hubspot_properties(properties);
    if (const auto* refusal = std::get_if<CrmRefusal>(&draft)) return Written{*refusal, {}};
    if (request.method == "POST") {
        const Json* others = body.find("associations");
        if (others != nullptr && others->items() != nullptr && !others->items()->empty()) {
            return Written{
                hubspot_refusal(
                    400, "VALIDATION_ERROR", "There is no object here to associate a contact with"),
                {}};
        }
        return Written{CRM_TRY(crm.create(session, std::get<Draft>(draft), now)), {}};
    }
    const std::string id = CRM_TRY(resolve_hubspot_id(
        session, request.segment(kPathSegments), request.parameter("idProperty")));
    return Written{CRM_TRY(crm.update(session, id, std::get<Draft>(draft), now)), *properties};
}

Result<Response> write(const Desk& desk, Session& session, const Request& request) {
    const Written written = CRM_TRY(write_record(desk, session, request));
    if (const auto* refusal = std::get_if<CrmRefusal>(&written.answer)) return refuse(*refusal);
    CRM_TRY(session.commit());
    const Record& record = std::get<Record>(written.answer);
    if (request.method == "DELETE") return Response{.status = 204, .content_type = ""};
    if (request.method == "PATCH") {
        return json_response(200, updated_json(record, written.properties));
    }
    Response response = json_response(is_merge(request) ? 200 : 201, created_json(record));
    if (!is_merge(request)) {
        response.headers.emplace_back(
            "Location",
            desk.base_url + "/hubspot/crm/v3/objects/contacts/" + std::to_string(record.id));
    }
    return response;
}

Result<Response> work_on_many(const Desk& desk, const Request& request) {
    const std::string customer = customer_of(desk, request).text;
    if (is_search(request)) {
        Session session = CRM_TRY(enter(desk, CustomerId(customer), Access::Read));
        look_at_index(desk, session);
        return search_contacts(session, request);
    }
    const std::string method = request.segment(kPathSegments + 1);
    Session session =
        CRM_TRY(enter(desk, CustomerId(customer), method == "read" ? Access::Read : Access::Write));
    return answer_batch(session, method, request, desk.clock.now());
}

Result<Response> dispatch(const Desk& desk, const Request& request) {
    if (request.segment(3) == "properties") return answer_hubspot_schema(request);
    if (is_search(request) || is_batch(request)) return work_on_many(desk, request);
    if (is_association_path(request)) {
        Session session = CRM_TRY(enter(desk, customer_of(desk, request), Access::Read));
        return answer_associations(session, request);
    }
    if (is_erasure(request)) {
        Session session = CRM_TRY(enter(desk, customer_of(desk, request), Access::Write));
        return erase_contact(session, request);
    }
    const bool is_one = request.segments.size() == kPathSegments + 1;
    const bool is_write = request.is("POST", kPathSegments) || is_merge(request) ||
                          (is_one && (request.method == "PATCH" || request.method == "DELETE"));
    if (!is_write && request.method != "GET") {
        return refuse(hubspot_refusal(405, "", "This method is not allowed here"));
    }
    Session session =
        CRM_TRY(enter(desk, customer_of(desk, request), is_write ? Access::Write : Access::Read));
    if (is_write) return write(desk, session, request);
    return is_one ? find(session, request) : list(session, request);
}

bool is_known_path(const Request& request) {
    const std::size_t count = request.segments.size();
    const std::string part = request.segment(3);
    const bool is_properties = part == "properties";
    return (count == kPathSegments || count == kPathSegments + 1 || is_batch(request)) &&
           request.segment(1) == "crm" && request.segment(2) == "v3" &&
           (part == "objects" || (is_properties && !is_batch(request))) &&
           request.segment(4) == "contacts";
}

// Which calls change something, as the log counts it.
bool is_write_call(const Request& request) {
    return request.method != "GET" && !is_search(request) && !is_association_path(request) &&
           !(is_batch(request) && request.segment(kPathSegments + 1) == "read");
}

}  // namespace

Response answer_hubspot_rest(const Desk& desk, const Request& request) {
    if (!is_known_path(request) && !is_association_path(request)) {
        return refuse(hubspot_refusal(404, "", "There is nothing at this address"));
    }
    if (!has_workspace_key(desk, request)) {
        return refuse(hubspot_refusal(401,
                                      "INVALID_AUTHENTICATION",
                                      "The workspace key of the sandbox must be given as Bearer"));
    }
    const std::string customer = customer_of(desk, request).text;
    const RestSpent spent =
        desk.budget.spend(customer,
                          {.system = System::HubSpot, .cost = 1, .is_search = is_search(request)},
                          desk.clock.now());
    Result<Response> response = spent.reached
                                    ? refuse(crm_of(System::HubSpot).rate_limit(*spent.reached))
                                    : dispatch(desk, request);
    if (!response.is_ok()) return broken(response.error());
    const int status = response.value().status;
    desk.calls.add({.customer = customer,
                    .door = Door::Rest,
                    .system = System::HubSpot,
                    .method = request.method,
                    .action = "contacts",
                    .status = status,
                    .record_id = request.segment(kPathSegments),
                    .outcome = status < 300 ? "ok" : "refused",
                    .is_applied = status < 300 && is_write_call(request)},
                   desk.clock.now());
    Response answered = response.take();
    for (const auto& header : spent.headers) answered.headers.push_back(header);
    return answered;
}

}  // namespace crm::sandbox
