// One table says what a contact consists of; reading, writing and describing follow from it.
#include "server/sandbox/hubspot_wire.h"

#include <algorithm>
#include <utility>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/hubspot.h"
#include "server/sandbox/rest.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kShownByDefault = {
    "createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"};

constexpr std::array<std::string_view, 12> kShownAfterCreate = {"createdate",
                                                                "email",
                                                                "firstname",
                                                                "hs_object_id",
                                                                "lastmodifieddate",
                                                                "lastname",
                                                                "phone",
                                                                "jobtitle",
                                                                "company",
                                                                "pronouns",
                                                                "hs_additional_emails",
                                                                "crm_contact_id"};

constexpr HubSpotProperty kProperties[] = {
    {"company", "Company Name", "string", "text", &Draft::company},
    {"createdate", "Create Date", "datetime", "date", nullptr, true},
    {"crm_contact_id", "CRM contact id", "string", "text", &Draft::marker, false, true},
    {"email", "Email", "string", "text", &Draft::email},
    {"firstname", "First Name", "string", "text", &Draft::first_name},
    {"hs_additional_emails", "Additional emails", "string", "textarea", nullptr},
    {"hs_object_id", "Record ID", "number", "number", nullptr, true},
    {"jobtitle", "Job Title", "string", "text", &Draft::job_title},
    {"lastmodifieddate", "Last Modified Date", "datetime", "date", nullptr, true},
    {"lastname", "Last Name", "string", "text", &Draft::last_name},
    {"phone", "Phone Number", "string", "phonenumber", &Draft::phone},
    {"pronouns", "Pronouns", "string", "text", &Draft::pronouns, false, true}};

Json text_or_null(const std::string& text) {
    return text.empty() ? Json() : Json(text);
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

template <class Names>
Json object_json(const Record& record, const Names& wanted) {
    const Json all = hubspot_properties(record);
    Json properties = Json::object();
    for (const auto& name : wanted) {
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

std::optional<CrmRefusal> read_property(const Json::Member& member, Draft& draft) {
    const std::string text = member.value.text() != nullptr ? *member.value.text() : std::string();
    if (!member.value.is_null() && member.value.text() == nullptr) {
        return hubspot_invalid(member.name, "INVALID_STRING", "The value must be text");
    }
    const HubSpotProperty* property = find_hubspot_property(member.name);
    if (property == nullptr) {
        return hubspot_invalid(member.name,
                               "PROPERTY_DOESNT_EXIST",
                               "Property \"" + member.name + "\" does not exist");
    }
    if (property->is_read_only) {
        return hubspot_invalid(member.name, "READ_ONLY_VALUE", "This property is read-only");
    }
    if (property->field == nullptr) {
        draft.more_emails = split_list(text, ';');
    } else {
        draft.*property->field = text;
    }
    return std::nullopt;
}

}  // namespace

std::span<const HubSpotProperty> hubspot_property_table() {
    return kProperties;
}

const HubSpotProperty* find_hubspot_property(std::string_view name) {
    for (const HubSpotProperty& property : kProperties) {
        if (property.name == name) return &property;
    }
    return nullptr;
}

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

Json contact_json(const Record& record, const std::vector<std::string>& wanted) {
    if (wanted.empty()) return object_json(record, kShownByDefault);
    std::vector<std::string> names = wanted;
    names.insert(names.end(), kHubSpotAlwaysShown.begin(), kHubSpotAlwaysShown.end());
    return object_json(record, names);
}

Json updated_json(const Record& record, const Json& properties) {
    std::vector<std::string> names(kHubSpotAlwaysShown.begin(), kHubSpotAlwaysShown.end());
    if (properties.members() != nullptr) {
        for (const Json::Member& member : *properties.members()) names.push_back(member.name);
    }
    return object_json(record, names);
}

Json created_json(const Record& record) {
    const Json all = hubspot_properties(record);
    std::vector<std::string_view> names;
    for (const std::string_view name : kShownAfterCreate) {
        if (!all.find(name)->is_null()) names.push_back(name);
    }
    return object_json(record, names);
}

std::variant<Draft, CrmRefusal> read_hubspot_properties(const Json* properties) {
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

std::vector<std::string> texts_at(const Json& json, std::string_view name) {
    std::vector<std::string> texts;
    const Json* list = json.find(name);
    if (list == nullptr || list->items() == nullptr) return texts;
    for (const Json& item : *list->items()) {
        if (item.text() != nullptr) texts.push_back(*item.text());
    }
    return texts;
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

Response refusal_response(const CrmRefusal& refusal) {
    return json_response(refusal.status, refusal.body);
}

Result<std::string> resolve_hubspot_id(Session& session,
                                       const std::string& id,
                                       std::string_view id_property) {
    if (id_property != "email") return id;
    const std::optional<std::string> email = email_key(id);
    if (!email) return std::string("0");
    const auto owner = CRM_TRY(session.find_owner(*email));
    return std::to_string(owner.value_or(0));
}

}  // namespace crm::sandbox
