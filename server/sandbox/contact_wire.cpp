// One table of the names a field goes by; the first one present counts.
#include "server/sandbox/contact_wire.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "server/sandbox/practice.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {
namespace {

Error wrong_type(std::string_view name, std::string_view wanted) {
    return {
        ErrorCode::BadRequest,
        "\"" + std::string(name) + "\" must be " + std::string(wanted) + "; nothing was changed"};
}

// All the names a text field goes by. The first one that is there counts.
struct TextInput {
    std::optional<std::string> Draft::*field;
    std::initializer_list<std::string_view> names;
};

Status read_text(const Json& input, const TextInput& wanted, Draft& draft) {
    for (const std::string_view name : wanted.names) {
        const Json* value = input.find(name);
        if (value == nullptr || value->is_null()) continue;
        // Natively, Pipedrive's e-mail and phone are lists; read_lists() takes those.
        if (value->items() != nullptr && (name == "email" || name == "phone")) continue;
        if (value->text() == nullptr) return wrong_type(name, "text");
        draft.*wanted.field = *value->text();
        return {};
    }
    return {};
}

Status read_lists(const Json& input, Draft& draft) {
    const std::pair<std::string_view, std::optional<std::vector<Reach>> Draft::*> lists[] = {
        {"emails", &Draft::emails},
        {"email", &Draft::emails},
        {"phones", &Draft::phones},
        {"phone", &Draft::phones}};
    for (const auto& [name, field] : lists) {
        const Json* value = input.find(name);
        const bool is_plural = name.ends_with('s');
        if (value == nullptr || value->is_null()) continue;
        if (!is_plural && value->items() == nullptr) continue;
        draft.*field = CRM_TRY(read_reaches(*value, name));
    }
    return {};
}

// The primary one leads; a label is the unified type.
Json values_json(std::vector<Reach> list) {
    const auto primary =
        std::find_if(list.begin(), list.end(), [](const Reach& reach) { return reach.is_primary; });
    if (primary != list.end()) std::rotate(list.begin(), primary, primary + 1);
    Json all = Json::array();
    for (const Reach& reach : list) {
        Json item = Json::object({{"value", reach.value}});
        if (!reach.label.empty()) item.set("type", reach.label);
        all.push(std::move(item));
    }
    return all;
}

Json unified_fields(const Record& record) {
    const std::string id = std::to_string(record.id);
    Json fields = Json::object();
    fields.set("id", record.system == System::Pipedrive ? Json(record.id) : Json(id));
    if (!record.marker.empty()) fields.set(kMarkerField, record.marker);
    return fields.set("fullName", record.name)
        .set("firstName", record.first_name)
        .set("lastName", record.last_name)
        .set("primaryEmail", primary_of(record.emails))
        .set("primaryPhone", primary_of(record.phones))
        .set("jobTitle", record.job_title)
        .set("pronouns", record.pronouns)
        .set("companyName", record.company)
        .set("emails", values_json(record.emails))
        .set("phones", values_json(record.phones))
        .set("createdTime", wire_time(record.system, record.created_at))
        .set("updatedTime", wire_time(record.system, record.updated_at));
}

Json native_fields(const Record& record) {
    return record.system == System::HubSpot ? hubspot_properties(record)
                                            : pipedrive_person(record, PersonVersion::V1);
}

}  // namespace

Json data_record(const Record& record, const std::string& url, Dialect dialect) {
    if (record.system == System::Practice) {  // no name, no times, and other names in the fields
        return Json::object(
            {{"id", std::to_string(record.id)}, {"uri", url}, {"fields", practice_fields(record)}});
    }
    Json json = Json::object({{"id", std::to_string(record.id)},
                              {"name", record.name},
                              {"uri", url},
                              {"createdTime", wire_time(record.system, record.created_at)},
                              {"updatedTime", wire_time(record.system, record.updated_at)}});
    switch (dialect) {
        case Dialect::Unified:
            json.set("fields", unified_fields(record));
            break;
        case Dialect::Native:
            json.set("fields", native_fields(record)).set("udm", "contacts");
            json.set("unifiedFields", unified_fields(record));
            break;
    }
    return json;
}

Result<Draft> read_draft(const Json& input) {
    const Json* nested = input.find("fields");
    if (nested != nullptr && nested->members() == nullptr) return wrong_type("fields", "an object");
    const Json& fields = nested != nullptr ? *nested : input;
    const TextInput texts[] = {
        {&Draft::name, {"name", "fullName"}},
        {&Draft::first_name, {"firstName", "firstname", "first_name", "Given_Name"}},
        {&Draft::last_name, {"lastName", "lastname", "last_name", "Family_Name"}},
        {&Draft::email, {"email", "primaryEmail", "Mail"}},
        {&Draft::phone, {"phone", "primaryPhone", "Tel"}},
        {&Draft::job_title, {"jobTitle", "jobtitle", "job_title", "Role"}},
        {&Draft::pronouns, {"pronouns", "Addressed_As"}},
        {&Draft::company, {"company", "companyName", "org_name", "Employer"}},
        {&Draft::marker, {kMarkerField, "crm_contact_id", kPipedriveMarker, "External_Id"}}};
    Draft draft;
    for (const TextInput& text : texts) CRM_TRY(read_text(fields, text, draft));
    CRM_TRY(read_lists(fields, draft));
    return draft;
}

std::string read_id(const Json& input) {
    const Json* id = input.find("id");
    if (id == nullptr) return {};
    if (const auto number = id->integer()) return std::to_string(*number);
    return id->text() != nullptr ? *id->text() : std::string();
}

std::string wire_time(System system, TimePoint time) {
    std::string text = format_time(time);
    if (system == System::Pipedrive) {
        // "2026-01-31T09:12:00.000Z" -> "2026-01-31T09:12:00Z"
        constexpr std::size_t kFraction = 4;
        text.erase(text.size() - 1 - kFraction, kFraction);
    }
    return text;
}

Result<std::vector<Reach>> read_reaches(const Json& list, std::string_view name) {
    if (list.items() == nullptr) return wrong_type(name, "a list");
    std::vector<Reach> reaches;
    for (const Json& item : *list.items()) {
        if (item.text() != nullptr) {
            reaches.push_back({.value = *item.text()});
            continue;
        }
        const Json* value = item.find("value");
        if (value == nullptr || value->text() == nullptr) {
            return wrong_type(name, "a list of texts or of objects with a \"value\"");
        }
        const std::string label = item.text_at("label");
        const Json* primary = item.find("primary");
        reaches.push_back({.value = *value->text(),
                           .label = label.empty() ? item.text_at("type") : label,
                           .is_primary = primary != nullptr && primary->boolean().value_or(false)});
    }
    return reaches;
}

Json reaches_json(const std::vector<Reach>& list) {
    Json all = Json::array();
    for (const Reach& reach : list) {
        all.push(Json::object(
            {{"value", reach.value}, {"label", reach.label}, {"primary", reach.is_primary}}));
    }
    return all;
}

}  // namespace crm::sandbox
