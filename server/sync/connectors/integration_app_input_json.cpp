// The inputs of the actions: what is given, under the names that the workspace uses, and no more.
#include <algorithm>
#include <cstddef>
#include <string>

#include <nlohmann/json.hpp>

#include "server/sync/connectors/integration_app_json.h"

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
                               const RemoteValues& values) {
    json input{{"id", id.text}};
    put_values(target_of(input, spec), spec, values);
    return dump(input);
}

std::string write_id_input(const RemoteId& id) {
    return dump(json{{"id", id.text}});
}

}  // namespace crm::sync
