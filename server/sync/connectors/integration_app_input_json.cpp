// The inputs of the actions: what is given, under the names that the workspace uses, and no more.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "server/sync/connectors/integration_app_json.h"
#include "server/sync/connectors/json_text.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

struct NameParts {
    std::string first;
    std::string rest;
};

NameParts split_name(const std::string& name) {
    const std::size_t first_end = std::min(name.find(' '), name.size());
    return {.first = name.substr(0, first_end),
            .rest = first_end < name.size() ? name.substr(first_end + 1) : std::string{}};
}

void put_value(json& target,
               const ConnectorSpec& spec,
               const FieldMapping& mapping,
               const std::string& value) {
    if (!mapping.write_rest.empty()) {
        const NameParts parts = split_name(value);
        target[mapping.write] = parts.first;
        target[mapping.write_rest] = parts.rest;
        return;
    }
    target[mapping.write] = value;
    // HubSpot writes no full name and Pipedrive no parts: whoever gets all three finds his own.
    if (spec.style != InputStyle::Wrapped || mapping.write != "fullName") return;
    const NameParts parts = split_name(value);
    target["firstName"] = parts.first;
    target["lastName"] = parts.rest;
}

void put_values(json& target, const ConnectorSpec& spec, const RemoteValues& values) {
    for (const FieldMapping& mapping : spec.mappings) {
        const auto value = values.find(mapping.field);
        const bool is_written =
            !mapping.write.empty() && spec.system.direction_of(mapping.field) != Direction::In;
        if (is_written && value != values.end()) put_value(target, spec, mapping, value->second);
    }
}

// --- Lists --------------------------------------------------------------------------------------

const json* find_member(const json& value, const std::string& name) {
    if (!value.is_object()) return nullptr;
    const auto found = value.find(name);
    return found == value.end() ? nullptr : &*found;
}

std::string text_of(const json& entry) {
    const json* value = entry.is_object() ? find_member(entry, "value") : &entry;
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string{};
}

bool is_marked(const json& entry) {
    const json* mark = find_member(entry, "primary");
    return mark != nullptr && *mark == true;
}

/// The list of the record in which `name` stands for several values; nullptr when it does not.
const json* find_list(const json& answer, const std::string& name) {
    const json* output = find_member(answer, "output");
    const json* inner = output == nullptr ? nullptr : find_member(*output, "record");
    const json* record = inner != nullptr ? inner : output;
    const json* fields = record == nullptr ? nullptr : find_member(*record, "fields");
    const json* list = fields == nullptr ? nullptr : find_member(*fields, name);
    const bool is_several = list != nullptr && list->is_array() && list->size() > 1;
    return is_several && dump(*list).find(kBrokenMark) == std::string::npos ? list : nullptr;
}

/// With `value` as the primary one: in the place of the old one, or, when it stands there already,
/// before it. Nothing but an old primary value is ever dropped.
json with_primary(const json& list, const std::string& value) {
    json changed = json::array();
    const auto marked = std::find_if(list.begin(), list.end(), is_marked);
    const json& old = marked == list.end() ? list.front() : *marked;
    const auto known = std::find_if(list.begin(), list.end(), [&](const json& entry) {
        return !value.empty() && lower_text(text_of(entry)) == lower_text(value);
    });
    json primary = known == list.end() ? old : *known;
    if (primary.is_object()) {
        primary["value"] = value;
        if (marked != list.end()) primary["primary"] = true;
    } else {
        primary = value;
    }
    if (!value.empty()) changed.push_back(std::move(primary));
    for (const json& entry : list) {
        const bool is_replaced = known == list.end() ? &entry == &old : &entry == &*known;
        if (is_replaced) continue;
        changed.push_back(entry);
        if (is_marked(entry)) changed.back()["primary"] = false;
    }
    return changed;
}

/// Where the values of a record stand in an input.
json& target_of(json& input, const ConnectorSpec& spec) {
    if (spec.style == InputStyle::Flat) return input;
    json& fields = input["fields"];
    if (fields.is_null()) fields = json::object();
    return fields;
}

}  // namespace

std::string write_list_input(const std::string& cursor) {
    return cursor.empty() ? "{}" : dump(json{{"cursor", cursor}});
}

std::string write_create_input(const ConnectorSpec& spec,
                               const RemoteValues& values,
                               const std::string& marker) {
    json input = json::object();
    json& target = target_of(input, spec);
    for (const auto& [key, value] : spec.constants) target[key] = json::parse(value);
    put_values(target, spec, values);
    if (!spec.marker_write.empty() && !marker.empty()) target[spec.marker_write] = marker;
    return dump(input);
}

std::string write_update_input(const ConnectorSpec& spec,
                               const RemoteId& id,
                               const RemoteValues& values,
                               const std::string& record) {
    json input{{"id", id.text}};
    json& target = target_of(input, spec);
    RemoteValues singles = values;
    const std::optional<std::string> text = make_parseable(record);
    const json answer = text ? json::parse(*text, nullptr, false) : json();
    for (const FieldMapping& mapping : spec.mappings) {
        const auto value = singles.find(mapping.field);
        if (mapping.list.empty() || value == singles.end()) continue;
        const json* list = find_list(answer, mapping.list);
        if (list == nullptr) continue;
        target[mapping.list] = with_primary(*list, value->second);
        singles.erase(value);
    }
    put_values(target, spec, singles);
    return dump(input);
}

std::string write_id_input(const RemoteId& id) {
    return dump(json{{"id", id.text}});
}

}  // namespace crm::sync
