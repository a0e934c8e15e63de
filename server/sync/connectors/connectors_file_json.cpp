// A typing mistake in connectors.json stops the start instead of a sync: unknown members and wrong
// types are refused, by name.
#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "server/phone_key.h"
#include "server/sync/connectors/connectors_file.h"
#include "server/sync/connectors/file_place.h"
#include "server/sync/connectors/json_text.h"
#include "shared/contact.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using nlohmann::json;

const json* find_member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

Place place_of(const json& entry, std::size_t index, const std::string& file) {
    Place place{.file = file, .entry = "systems[" + std::to_string(index) + "]"};
    const json* key = entry.is_object() ? find_member(entry, "key") : nullptr;
    if (key != nullptr && key->is_string()) {
        place.entry += " (" + make_presentable(key->get<std::string>()) + ")";
    }
    return place;
}

Result<std::vector<ConnectorSpec>> read_systems(const json& root, const Place& top) {
    const json* systems = find_member(root, "systems");
    if (systems == nullptr || !systems->is_array()) {
        return top.wrong("systems", "must be a list of systems");
    }
    std::vector<ConnectorSpec> specs;
    for (const json& entry : *systems) {
        const Place place = place_of(entry, specs.size(), top.file);
        ConnectorSpec spec = CRM_TRY(parse_connector(entry.dump(), place));
        for (const ConnectorSpec& other : specs) {
            if (other.system.key == spec.system.key) {
                return place.wrong("key", "stands twice in the file");
            }
        }
        specs.push_back(std::move(spec));
    }
    return specs;
}

/// "conflicts": who wins, by field; "*" for all others.
Status read_conflicts(const json& root, const Place& top, ConnectorsFile& file) {
    const json* conflicts = find_member(root, "conflicts");
    if (conflicts == nullptr) return {};
    if (!conflicts->is_object()) return top.wrong("conflicts", "must be an object");
    for (const auto& [field, value] : conflicts->items()) {
        const json& winner = value;
        const std::string member = "conflicts." + make_presentable(field);
        if (field != "*" && find_field(field) == nullptr) {
            return top.wrong(member, "is no field of a contact");
        }
        const bool is_rule = winner == "app" || winner == "newest" || winner == "ask";
        const bool is_system =
            std::any_of(file.systems.begin(), file.systems.end(), [&](const auto& spec) {
                return winner == spec.system.key.text;
            });
        if (!is_rule && !is_system) {
            return top.wrong(member, "must be \"app\", \"newest\", \"ask\" or the key of a system");
        }
        file.conflicts.by_field[field] = winner.get<std::string>();
    }
    return {};
}

/// "phoneRegion": where phones without a country code are from.
Status read_phone_region(const json& root, const Place& top, ConnectorsFile& file) {
    const json* region = find_member(root, "phoneRegion");
    if (region == nullptr) return {};
    if (!region->is_string() || !is_phone_region(region->get<std::string>())) {
        return top.wrong("phoneRegion", "must be a country as two capital letters, like \"GB\"");
    }
    file.phone_region = region->get<std::string>();
    return {};
}

}  // namespace

Result<ConnectorsFile> parse_connectors(const std::string& text, const std::string& name) {
    const Place top{.file = name, .entry = {}};
    const Error no_json{.code = ErrorCode::InvalidArgument,
                        .message = "The connectors file " + name + " is not valid JSON in UTF-8"};
    if (!is_utf8(text) || !make_parseable(text)) return no_json;
    const json root = json::parse(text, nullptr, false);
    if (root.is_discarded()) return no_json;
    if (!root.is_object()) return top.wrong("systems", "must be a member of one object");
    for (const auto& [name_of_member, value] : root.items()) {
        if (name_of_member != "systems" && name_of_member != "conflicts" &&
            name_of_member != "phoneRegion") {
            return top.wrong(make_presentable(name_of_member), "is no member known here");
        }
    }
    ConnectorsFile file;
    file.systems = CRM_TRY(read_systems(root, top));
    CRM_TRY(read_conflicts(root, top, file));
    CRM_TRY(read_phone_region(root, top, file));
    return file;
}

}  // namespace crm::sync
