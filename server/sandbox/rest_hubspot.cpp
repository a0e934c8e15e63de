// HubSpot's contacts API, version 3: its paths, its bodies, its statuses.
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/hubspot.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {
namespace {

constexpr std::size_t kLimitDefault = 10;
constexpr std::size_t kLimitMax = 100;
constexpr std::size_t kPathSegments = 5;  // hubspot crm v3 objects contacts

constexpr std::array<std::string_view, 3> kAlwaysShown = {
    "createdate", "hs_object_id", "lastmodifieddate"};
constexpr std::array<std::string_view, 6> kShownByDefault = {
    "createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"};

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

Response refuse(const CrmRefusal& refusal) {
    return json_response(refusal.status, refusal.body);
}

Response broken(const Error& error) {
    return refuse(hubspot_refusal(500, "", error.message));
}

std::string additional_emails(const Record& record) {
    std::string all;
    for (const Reach& reach : record.emails) {
        if (reach.is_primary) continue;
        if (!all.empty()) all += ';';
        all += reach.value;
    }
    return all;
}

std::vector<std::string> split_list(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

Json contact_json(const Record& record, const Request& request) {
    std::vector<std::string> wanted = split_list(request.parameter("properties"), ',');
    if (wanted.empty()) {
        wanted.assign(kShownByDefault.begin(), kShownByDefault.end());
    } else {
        wanted.insert(wanted.end(), kAlwaysShown.begin(), kAlwaysShown.end());
    }
    const Json all = hubspot_properties(record);
    Json properties = Json::object();
    for (const std::string& name : wanted) {
        if (const Json* value = all.find(name)) properties.set(name, *value);
    }
    Json json = Json::object({{"id", std::to_string(record.id)},
                              {"properties", std::move(properties)},
                              {"createdAt", wire_time(System::HubSpot, record.created_at)},
                              {"updatedAt", wire_time(System::HubSpot, record.updated_at)},
                              {"archived", record.deleted_at.has_value()}});
    if (record.deleted_at) {
        json.set("archivedAt", wire_time(System::HubSpot, *record.deleted_at));
    }
    return json;
}

// The answer to a write has everything that was set.
Json written_json(const Record& record) {
    return contact_json(
        record,
        {.query = {{"properties",
                    "email,firstname,lastname,phone,jobtitle,company,pronouns,crm_contact_id"}}});
}

struct Property {
    std::string_view name;
    std::optional<std::string> Draft::*field;
};

constexpr std::array<Property, 8> kProperties{{{"email", &Draft::email},
                                               {"firstname", &Draft::first_name},
                                               {"lastname", &Draft::last_name},
                                               {"phone", &Draft::phone},
                                               {"jobtitle", &Draft::job_title},
                                               {"pronouns", &Draft::pronouns},
                                               {"company", &Draft::company},
                                               {"crm_contact_id", &Draft::marker}}};

std::optional<CrmRefusal> read_property(const Json::Member& member, Draft& draft) {
    const std::string text = member.value.text() != nullptr ? *member.value.text() : std::string();
    if (!member.value.is_null() && member.value.text() == nullptr) {
        return hubspot_invalid(member.name, "INVALID_STRING", "The value must be text");
    }
    if (member.name == "hs_additional_emails") {
        draft.more_emails = split_list(text, ';');
        return std::nullopt;
    }
    for (const Property& property : kProperties) {
        if (property.name != member.name) continue;
        draft.*property.field = text;
        return std::nullopt;
    }
    for (const std::string_view name : kAlwaysShown) {
        if (name == member.name) {
            return hubspot_invalid(name, "READ_ONLY_VALUE", "This property is read-only");
        }
    }
    return hubspot_invalid(
        member.name, "PROPERTY_DOESNT_EXIST", "Property \"" + member.name + "\" does not exist");
}

std::variant<Draft, CrmRefusal> read_properties(const Request& request) {
    const std::optional<Json> body = Json::parse(request.body);
    const Json* properties = body ? body->find("properties") : nullptr;
    if (properties == nullptr || properties->members() == nullptr) {
        return hubspot_refusal(
            400, "VALIDATION_ERROR", "Invalid input JSON: an object with properties is wanted");
    }
    Draft draft;
    for (const Json::Member& member : *properties->members()) {
        if (const auto problem = read_property(member, draft)) return *problem;
    }
    return draft;
}

std::optional<std::size_t> read_limit(const Request& request) {
    const std::string text = request.parameter("limit");
    if (text.empty()) return kLimitDefault;
    const std::optional<std::int64_t> limit = parse_id(text);
    if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(kLimitMax)) return std::nullopt;
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
    Json results = Json::array();
    for (const Record& record : page.records) results.push(contact_json(record, request));
    Json body = Json::object({{"results", std::move(results)}});
    if (!page.cursor.empty()) {
        body.set("paging", Json::object({{"next", Json::object({{"after", page.cursor}})}}));
    }
    return json_response(200, body);
}

Result<Response> find(Session& session, const Request& request) {
    std::string id = request.segment(kPathSegments);
    if (request.parameter("idProperty") == "email") {
        RecordQuery by_email{.system = System::HubSpot, .limit = 1, .email = id};
        const std::vector<Record> found = CRM_TRY(session.list(by_email));
        if (found.empty()) return refuse(hubspot_refusal(404, "", "resource not found"));
        id = std::to_string(found.front().id);
    }
    if (shown_of(request) == Shown::Deleted) {
        const auto record = CRM_TRY(session.find(System::HubSpot, parse_id(id).value_or(0)));
        if (record && record->deleted_at && !record->merged_into) {
            return json_response(200, contact_json(*record, request));
        }
        return refuse(hubspot_refusal(404, "", "resource not found"));
    }
    const CrmAnswer answer = CRM_TRY(crm_of(System::HubSpot).find(session, id));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    return json_response(200, contact_json(std::get<Record>(answer), request));
}

bool is_merge(const Request& request) {
    return request.is("POST", kPathSegments + 1) && request.segment(kPathSegments) == "merge";
}

// `{"primaryObjectId","objectIdToMerge"}`. What is left gets an id of its own, as since 2025;
// `?preserveId=true` is the older way, which is about to return.
Result<CrmAnswer> merge_records(const Desk& desk, Session& session, const Request& request) {
    const std::optional<Json> body = Json::parse(request.body);
    return crm_of(System::HubSpot)
        .merge(session,
               body ? body->text_at("primaryObjectId") : "",
               body ? body->text_at("objectIdToMerge") : "",
               request.parameter("preserveId") == "true" ? MergedId::Kept : MergedId::New,
               desk.clock.now());
}

Result<CrmAnswer> write_record(const Desk& desk, Session& session, const Request& request) {
    if (is_merge(request)) return merge_records(desk, session, request);
    const Crm& crm = crm_of(System::HubSpot);
    const std::string id = request.segment(kPathSegments);
    const TimePoint now = desk.clock.now();
    if (request.method == "DELETE") return crm.remove(session, id, now);
    const std::variant<Draft, CrmRefusal> draft = read_properties(request);
    if (const auto* refusal = std::get_if<CrmRefusal>(&draft)) return CrmAnswer(*refusal);
    if (request.method == "POST") return crm.create(session, std::get<Draft>(draft), now);
    return crm.update(session, id, std::get<Draft>(draft), now);
}

Result<Response> write(const Desk& desk, Session& session, const Request& request) {
    const CrmAnswer answer = CRM_TRY(write_record(desk, session, request));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refuse(*refusal);
    CRM_TRY(session.commit());
    const Record& record = std::get<Record>(answer);
    if (request.method == "DELETE") return Response{.status = 204, .content_type = ""};
    const bool is_create = request.method == "POST" && !is_merge(request);
    return json_response(is_create ? 201 : 200, written_json(record));
}

Result<Response> dispatch(const Desk& desk, const Request& request) {
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

bool is_contacts_path(const Request& request) {
    const std::size_t count = request.segments.size();
    return (count == kPathSegments || count == kPathSegments + 1) && request.segment(1) == "crm" &&
           request.segment(2) == "v3" && request.segment(3) == "objects" &&
           request.segment(4) == "contacts";
}

}  // namespace

Json hubspot_properties(const Record& record) {
    return Json::object({{"createdate", wire_time(System::HubSpot, record.created_at)},
                         {"email", text_or_null(primary_of(record.emails))},
                         {"firstname", text_or_null(record.first_name)},
                         {"hs_additional_emails", text_or_null(additional_emails(record))},
                         {"hs_object_id", std::to_string(record.id)},
                         {"lastmodifieddate", wire_time(System::HubSpot, record.updated_at)},
                         {"lastname", text_or_null(record.last_name)},
                         {"phone", text_or_null(primary_of(record.phones))},
                         {"jobtitle", text_or_null(record.job_title)},
                         {"company", text_or_null(record.company)},
                         {"pronouns", text_or_null(record.pronouns)},
                         {"crm_contact_id", text_or_null(record.marker)}});
}

Response answer_hubspot_rest(const Desk& desk, const Request& request) {
    if (!is_contacts_path(request)) {
        return refuse(hubspot_refusal(404, "", "There is nothing at this address"));
    }
    if (!has_workspace_key(desk, request)) {
        return refuse(hubspot_refusal(401,
                                      "INVALID_AUTHENTICATION",
                                      "The workspace key of the sandbox must be given as Bearer"));
    }
    Result<Response> response = dispatch(desk, request);
    if (!response.is_ok()) return broken(response.error());
    desk.calls.add({.customer = customer_of(desk, request).text,
                    .door = Door::Rest,
                    .system = System::HubSpot,
                    .method = request.method,
                    .action = "contacts",
                    .status = response.value().status,
                    .record_id = request.segment(kPathSegments),
                    .outcome = response.value().status < 300 ? "ok" : "refused",
                    .is_applied = response.value().status < 300 && request.method != "GET"},
                   desk.clock.now());
    return response.take();
}

}  // namespace crm::sandbox
