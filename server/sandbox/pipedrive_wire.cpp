// Shapes only; what is read and written is decided elsewhere.
#include "server/sandbox/pipedrive_wire.h"

#include <algorithm>
#include <utility>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/pipedrive.h"
#include "shared/url.h"

namespace crm::sandbox {
namespace {

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
}

// Version 1 shows an empty list as one blank value.
Json v1_list(const std::vector<Reach>& list) {
    if (!list.empty()) return reaches_json(list);
    return Json::array({Json::object({{"value", ""}, {"primary", true}})});
}

constexpr std::int64_t kOwner = 1;  // the one user of the sandbox's company
constexpr std::int64_t kCompany = 1;
constexpr std::string_view kCopyAddress = "sandbox@pipedrivemail.example";

// Version 1 spells the owner out.
Json owner_json() {
    return Json::object({{"id", kOwner},
                         {"name", "Sandbox"},
                         {"email", "owner@sandbox.example"},
                         {"has_pic", 0},
                         {"pic_hash", nullptr},
                         {"active_flag", true},
                         {"value", kOwner}});
}

void add_v1(const Record& record, Json& json) {
    const bool is_deleted = record.deleted_at.has_value();
    json.set(kPipedriveMarker, text_or_null(record.marker));
    json.set("company_id", kCompany).set("owner_id", owner_json()).set("org_id", nullptr);
    json.set("email", v1_list(record.emails)).set("phone", v1_list(record.phones));
    json.set("primary_email", text_or_null(primary_of(record.emails)));
    json.set("first_char", record.name.empty() ? std::string() : record.name.substr(0, 1));
    const bool is_ascii = !record.name.empty() && static_cast<unsigned char>(record.name[0]) < 0x80;
    if (!is_ascii) json.set("first_char", nullptr);
    json.set("active_flag", !is_deleted).set("visible_to", "3").set("label_ids", Json::array());
    json.set("delete_time", is_deleted ? Json(plain_time(*record.deleted_at)) : Json());
    json.set("picture_id", nullptr);
}

void add_v2(const Record& record, Json& json) {
    json.set("custom_fields",
             Json::object({{std::string(kPipedriveMarker), text_or_null(record.marker)}}));
    json.set("owner_id", kOwner).set("org_id", nullptr);
    json.set("emails", reaches_json(record.emails)).set("phones", reaches_json(record.phones));
    json.set("is_deleted", record.deleted_at.has_value()).set("visible_to", 3);
    json.set("label_ids", Json::array()).set("picture_id", nullptr);
}

}  // namespace

Json pipedrive_person(const Record& record, PersonVersion version) {
    const bool is_v1 = version == PersonVersion::V1;
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
    is_v1 ? add_v1(record, json) : add_v2(record, json);
    return json;
}

Json pipedrive_flat_person(const Record& record) {
    Json json = pipedrive_person(record, PersonVersion::V1);
    json.set("owner_id", kOwner).set("label", nullptr).set("cc_email", kCopyAddress);
    return json;
}

Response pipedrive_response(const CrmRefusal& refusal) {
    return json_response(refusal.status, refusal.body);
}

Response pipedrive_success(int status, Json data) {
    return json_response(status, Json::object({{"success", true}, {"data", std::move(data)}}));
}

Response pipedrive_page(Json data, Json additional) {
    return json_response(200,
                         Json::object({{"success", true},
                                       {"data", std::move(data)},
                                       {"additional_data", std::move(additional)}}));
}

Response pipedrive_v1(int status, Json data, Json additional) {
    return json_response(status,
                         Json::object({{"success", true},
                                       {"data", std::move(data)},
                                       {"additional_data", std::move(additional)},
                                       {"related_objects", Json::object()}}));
}

Json start_paging(std::size_t start, std::size_t limit, bool has_more) {
    Json paging =
        Json::object({{"start", start}, {"limit", limit}, {"more_items_in_collection", has_more}});
    if (has_more) paging.set("next_start", start + limit);
    return Json::object({{"pagination", std::move(paging)}});
}

std::string plain_time(TimePoint time) {
    std::string text = wire_time(System::Pipedrive, time);
    text.pop_back();
    std::replace(text.begin(), text.end(), 'T', ' ');
    return text;
}

std::optional<std::size_t> read_pipedrive_limit(const Request& request) {
    const std::string text = request.parameter("limit");
    if (text.empty()) return kSandboxPageRecords;
    const std::optional<std::int64_t> limit = parse_id(text);
    if (!limit || *limit < 1 || *limit > static_cast<std::int64_t>(kPipedrivePageMax))
        return std::nullopt;
    return static_cast<std::size_t>(*limit);
}

std::optional<std::size_t> read_pipedrive_start(const Request& request) {
    const std::string text = request.parameter("start");
    if (text.empty()) return 0;
    const std::optional<std::int64_t> start = parse_id(text);
    return start ? std::optional(static_cast<std::size_t>(*start)) : std::nullopt;
}

std::string write_cursor(const PersonCursor& cursor) {
    const Json json = Json::object({{"field", cursor.field},
                                    {"fieldValue", cursor.value},
                                    {"sortDirection", cursor.is_descending ? "desc" : "asc"},
                                    {"id", cursor.id}});
    return base64url_encode(json.dump());
}

std::optional<PersonCursor> read_cursor(const std::string& text) {
    const std::optional<std::string> bytes = base64url_decode(text);
    const std::optional<Json> json = bytes ? Json::parse(*bytes) : std::nullopt;
    const Json* value = json ? json->find("fieldValue") : nullptr;
    const Json* id = json ? json->find("id") : nullptr;
    if (value == nullptr || id == nullptr || !value->integer() || !id->integer()) {
        return std::nullopt;
    }
    return PersonCursor{.field = json->text_at("field"),
                        .value = *value->integer(),
                        .is_descending = json->text_at("sortDirection") == "desc",
                        .id = *id->integer()};
}

std::int64_t pipedrive_cost(PersonVersion version,
                            const std::string& method,
                            bool is_one,
                            bool is_search_or_merge) {
    const std::int64_t factor = version == PersonVersion::V1 ? 2 : 1;  // version 1 costs double
    if (is_search_or_merge) return 20 * factor;
    if (method == "GET") return (is_one ? 1 : 10) * factor;
    return (method == "DELETE" ? 3 : 5) * factor;
}

}  // namespace crm::sandbox
