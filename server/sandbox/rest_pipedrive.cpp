// Pipedrive's persons API, versions 1 and 2. They differ in how they page, in the method that
// updates (PUT, PATCH), and in the shape of a person.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/pipedrive.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {
namespace {

constexpr std::size_t kLimitMax = 500;

struct Place {
    PersonVersion version = PersonVersion::V1;
    std::optional<std::string> id;
    bool is_merge = false;
};

// /pipedrive/v1/persons[/{id}], /pipedrive/api/v1/persons[/{id}], /pipedrive/api/v2/persons[/{id}];
// in version 1 also …/{id}/merge.
std::optional<Place> find_place(const Request& request) {
    const std::size_t skipped = request.segment(1) == "api" ? 2 : 1;
    const std::string version = request.segment(skipped);
    const std::size_t count = request.segments.size();
    if (version != "v1" && version != "v2") return std::nullopt;
    if (request.segment(skipped + 1) != "persons") return std::nullopt;
    Place place{.version = version == "v1" ? PersonVersion::V1 : PersonVersion::V2};
    place.is_merge = version == "v1" && request.is("PUT", skipped + 4) &&
                     request.segment(skipped + 3) == "merge";
    if (count > skipped + 3 && !place.is_merge) return std::nullopt;
    if (count >= skipped + 3) place.id = request.segment(skipped + 2);
    return place;
}

Response refuse(const CrmRefusal& refusal) {
    return json_response(refusal.status, refusal.body);
}

// "2026-01-31 09:12:00"
std::string plain_time(TimePoint time) {
    std::string text = wire_time(System::Pipedrive, time);
    text.pop_back();
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

// Version 1 shows an empty list as one blank value.
Json v1_list(const std::vector<Reach>& list) {
    if (!list.empty()) return reaches_json(list);
    return Json::array({Json::object({{"value", ""}, {"primary", true}})});
}

Result<std::variant<Draft, CrmRefusal>> read_person(const Request& request) {
    using Answer = std::variant<Draft, CrmRefusal>;
    const std::optional<Json> body = Json::parse(request.body);
    if (!body || body->members() == nullptr) {
        return Answer(pipedrive_refusal(400, "The body must be a JSON object"));
    }
    Result<Draft> draft = read_draft(*body);
    if (!draft.is_ok()) return Answer(pipedrive_refusal(400, draft.error().message));
    const Json* custom = body->find("custom_fields");
    const Json* marker = custom == nullptr ? nullptr : custom->find(kPipedriveMarker);
    if (marker != nullptr && marker->text() != nullptr) draft.value().marker = *marker->text();
    return Answer(draft.take());
}

Json paging_json(PersonVersion version, const PageQuery& query, const std::string& next) {
    if (version == PersonVersion::V2) {
        return Json::object({{"next_cursor", text_or_null(next)}});
    }
    Json paging = Json::object({{"start", parse_id(query.cursor).value_or(0)},
                                {"limit", query.limit},
                                {"more_items_in_collection", !next.empty()}});
    if (!next.empty()) paging.set("next_start", parse_id(next).value_or(0));
    return Json::object({{"pagination", std::move(paging)}});
}

Result<Response> list(Session& session, const Place& place, const Request& request) {
    const bool is_v1 = place.version == PersonVersion::V1;
    const std::string limit_text = request.parameter("limit");
    const std::optional<std::int64_t> limit = limit_text.empty()
                                                  ? std::optional<std::int64_t>(kSandboxPageRecords)
                                                  : parse_id(limit_text);
    if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(kLimitMax)) {
        return refuse(pipedrive_refusal(400, "limit must be from 1 to 500"));
    }
    const PageQuery query{.cursor = request.parameter(is_v1 ? "start" : "cursor"),
                          .limit = static_cast<std::size_t>(*limit)};
    const PageAnswer answer = CRM_TRY(crm_of(System::Pipedrive).list(session, query));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    const Page& page = std::get<Page>(answer);
    Json data = Json::array();
    for (const Record& record : page.records) data.push(pipedrive_person(record, place.version));
    return json_response(
        200,
        Json::object({{"success", true},
                      {"data", std::move(data)},
                      {"additional_data", paging_json(place.version, query, page.cursor)}}));
}

Response success(int status, Json data) {
    return json_response(status, Json::object({{"success", true}, {"data", std::move(data)}}));
}

// Version 1 still shows a deleted person, as inactive; version 2 does not know it any more.
Result<Response> find(Session& session, const Place& place) {
    if (place.version == PersonVersion::V1) {
        const auto record =
            CRM_TRY(session.find(System::Pipedrive, parse_id(*place.id).value_or(0)));
        if (record) return success(200, pipedrive_person(*record, place.version));
    }
    const CrmAnswer answer = CRM_TRY(crm_of(System::Pipedrive).find(session, *place.id));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    return success(200, pipedrive_person(std::get<Record>(answer), place.version));
}

Result<CrmAnswer> write_record(const Desk& desk,
                               Session& session,
                               const Place& place,
                               const Request& request) {
    const Crm& crm = crm_of(System::Pipedrive);
    const TimePoint now = desk.clock.now();
    if (request.method == "DELETE") return crm.remove(session, *place.id, now);
    if (place.is_merge) {  // the person of the address is the one that goes
        const std::optional<Json> body = Json::parse(request.body);
        const Json* into = body ? body->find("merge_with_id") : nullptr;
        const std::int64_t id = into == nullptr ? 0 : into->integer().value_or(0);
        return crm.merge(session, std::to_string(id), *place.id, MergedId::Kept, now);
    }
    const auto draft = CRM_TRY(read_person(request));
    if (const auto* refusal = std::get_if<CrmRefusal>(&draft)) return CrmAnswer(*refusal);
    if (request.method == "POST") return crm.create(session, std::get<Draft>(draft), now);
    return crm.update(session, *place.id, std::get<Draft>(draft), now);
}

Result<Response> write(const Desk& desk,
                       Session& session,
                       const Place& place,
                       const Request& request) {
    const CrmAnswer answer = CRM_TRY(write_record(desk, session, place, request));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    CRM_TRY(session.commit());
    const Record& record = std::get<Record>(answer);
    if (request.method == "DELETE") return success(200, Json::object({{"id", record.id}}));
    return success(request.method == "POST" ? 201 : 200, pipedrive_person(record, place.version));
}

bool is_update(const Place& place, const Request& request) {
    return place.id && request.method == (place.version == PersonVersion::V1 ? "PUT" : "PATCH");
}

Result<Response> dispatch(const Desk& desk, const Place& place, const Request& request) {
    const bool is_write = (request.method == "POST" && !place.id) || is_update(place, request) ||
                          (request.method == "DELETE" && place.id);
    if (!is_write && request.method != "GET") {
        return refuse(pipedrive_refusal(405, "This method is not allowed here"));
    }
    Session session =
        CRM_TRY(enter(desk, customer_of(desk, request), is_write ? Access::Write : Access::Read));
    if (is_write) return write(desk, session, place, request);
    return place.id ? find(session, place) : list(session, place, request);
}

}  // namespace

Json pipedrive_person(const Record& record, PersonVersion version) {
    const bool is_v1 = version == PersonVersion::V1;
    const bool is_deleted = record.deleted_at.has_value();
    const auto time = [&](TimePoint at) {
        return is_v1 ? plain_time(at) : wire_time(System::Pipedrive, at);
    };
    Json json = Json::object({{"id", record.id},
                              {"name", record.name},
                              {"first_name", record.first_name},
                              {"last_name", text_or_null(record.last_name)},
                              {"org_name", text_or_null(record.company)},
                              {"job_title", text_or_null(record.job_title)},
                              {"pronouns", text_or_null(record.pronouns)},
                              {"add_time", time(record.created_at)},
                              {"update_time", time(record.updated_at)}});
    if (is_v1) {
        json.set(kPipedriveMarker, text_or_null(record.marker));
        json.set("email", v1_list(record.emails)).set("phone", v1_list(record.phones));
        json.set("active_flag", !is_deleted).set("visible_to", "3");
    } else {
        json.set("custom_fields",
                 Json::object({{std::string(kPipedriveMarker), text_or_null(record.marker)}}));
        json.set("emails", reaches_json(record.emails)).set("phones", reaches_json(record.phones));
        json.set("is_deleted", is_deleted).set("visible_to", 3);
    }
    return json;
}

Response answer_pipedrive_rest(const Desk& desk, const Request& request) {
    const std::optional<Place> place = find_place(request);
    if (!place) return refuse(pipedrive_refusal(404, "There is nothing at this address"));
    if (!has_workspace_key(desk, request))
        return refuse(pipedrive_refusal(401, "unauthorized access"));
    Result<Response> response = dispatch(desk, *place, request);
    if (!response.is_ok()) return refuse(pipedrive_refusal(500, response.error().message));
    desk.calls.add({.customer = customer_of(desk, request).text,
                    .door = Door::Rest,
                    .system = System::Pipedrive,
                    .method = request.method,
                    .action = "persons",
                    .status = response.value().status,
                    .record_id = place->id.value_or(""),
                    .outcome = response.value().status < 300 ? "ok" : "refused",
                    .is_applied = response.value().status < 300 && request.method != "GET"},
                   desk.clock.now());
    return response.take();
}

}  // namespace crm::sandbox
