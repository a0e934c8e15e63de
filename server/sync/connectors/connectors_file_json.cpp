// A typing mistake in connectors.json stops the start instead of a sync: unknown members and wrong
// types are refused, by name.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "server/sync/connectors/connectors_file.h"
#include "server/sync/connectors/integration_app_json.h"
#include "server/sync/connectors/json_text.h"
#include "shared/contact.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using nlohmann::json;

constexpr std::size_t kSystemKeyCharsMax = 32;
constexpr double kDailyCallsMax = 1e12;

/// Where in the file we are: the file and the entry, for messages.
struct Place {
    std::string file;
    std::string entry;  // "systems[0] (hubspot)"

    [[nodiscard]] Error wrong(const std::string& member, const std::string& expectation) const {
        return {.code = ErrorCode::InvalidArgument,
                .message = "In " + file + (entry.empty() ? "" : ", " + entry) + ": \"" + member +
                           "\" " + expectation};
    }
};

const json* find_member(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

template <std::size_t Count>
Status refuse_unknown(const json& object,
                      const std::array<std::string_view, Count>& known,
                      const Place& place) {
    for (const auto& [name, value] : object.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return place.wrong(make_presentable(name), "is no member known here");
        }
    }
    return {};
}

/// Leaves `text` as it is when the member is missing.
Status take_text(const json& object, const char* name, const Place& place, std::string& text) {
    const json* member = find_member(object, name);
    if (member == nullptr) return {};
    const bool is_good = member->is_string() && !member->get_ref<const std::string&>().empty() &&
                         member->get_ref<const std::string&>().size() <= kIdCharsMax &&
                         !has_forbidden_control(member->get_ref<const std::string&>());
    if (!is_good) return place.wrong(name, "must be a text of 1 to 128 characters");
    text = member->get<std::string>();
    return {};
}

Status take_flag(const json& object, const char* name, const Place& place, bool& flag) {
    const json* member = find_member(object, name);
    if (member == nullptr) return {};
    if (!member->is_boolean()) return place.wrong(name, "must be true or false");
    flag = member->get<bool>();
    return {};
}

// --- Parts of an entry --------------------------------------------------------------------------

Status check_key(const std::string& key, const Place& place) {
    const bool has_good_letters =
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
    if (key.empty() || key.size() > kSystemKeyCharsMax || !has_good_letters) {
        return place.wrong("key", "must be 1 to 32 of a-z, 0-9, _ and -");
    }
    if (key == "local" || key == "app") {
        return place.wrong("key", "must not be local or app: these name this program itself");
    }
    return {};
}

Status take_actions(const json& entry, const Place& place, ConnectorSpec& spec) {
    const json* actions = find_member(entry, "actions");
    if (actions == nullptr) return {};
    if (!actions->is_object()) return place.wrong("actions", "must be an object");
    constexpr std::array<std::string_view, 4> kKnown{"list", "create", "update", "delete"};
    CRM_TRY(refuse_unknown(*actions, kKnown, place));
    CRM_TRY(take_text(*actions, "list", place, spec.list_action));
    CRM_TRY(take_text(*actions, "create", place, spec.create_action));
    CRM_TRY(take_text(*actions, "update", place, spec.update_action));
    return take_text(*actions, "delete", place, spec.delete_action);
}

Status take_style(const json& entry, const Place& place, ConnectorSpec& spec) {
    const json* style = find_member(entry, "style");
    if (style == nullptr) return {};
    if (*style != "flat" && *style != "fields") {
        return place.wrong("style", "must be \"flat\" or \"fields\"");
    }
    spec.style = *style == "flat" ? InputStyle::Flat : InputStyle::Wrapped;
    return {};
}

/// One path or a list of them.
Status take_paths(const json& field, const Place& place, FieldMapping& mapping) {
    const json* read = find_member(field, "read");
    if (read == nullptr) return {};
    const std::string member = "fields." + mapping.field + ".read";
    const json list = read->is_string() ? json::array({*read}) : *read;
    if (!list.is_array() || list.empty()) {
        return place.wrong(member, "must be a path or a list of paths");
    }
    mapping.read.clear();
    for (const json& path : list) {
        if (!path.is_string() || !is_record_path(path.get_ref<const std::string&>())) {
            return place.wrong(member, "must hold paths such as \"fields.emails[0].value\"");
        }
        mapping.read.push_back(path.get<std::string>());
    }
    return {};
}

/// `mapping` comes with its defaults. "write":"" means: read only.
Status take_field(const json& field, const Place& place, FieldMapping& mapping) {
    const std::string member = "fields." + mapping.field;
    if (!field.is_object()) return place.wrong(member, "must be an object");
    constexpr std::array<std::string_view, 2> kKnown{"write", "read"};
    CRM_TRY(refuse_unknown(field, kKnown, place));
    const json* write = find_member(field, "write");
    if (write != nullptr && *write == json("")) {
        mapping.write.clear();
    } else {
        CRM_TRY(take_text(field, "write", place, mapping.write));
    }
    CRM_TRY(take_paths(field, place, mapping));
    if (mapping.read.empty()) return place.wrong(member, "needs \"read\": nothing is known of it");
    return {};
}

FieldMapping default_mapping(const std::string& field, InputStyle style) {
    for (FieldMapping& mapping : default_mappings(style)) {
        if (mapping.field == field) return mapping;
    }
    return {.field = field};
}

/// The fields that are named are all there are, in the order of the contact's own.
Status take_fields(const json& entry, const Place& place, ConnectorSpec& spec) {
    spec.mappings = default_mappings(spec.style);
    if (const json* fields = find_member(entry, "fields")) {
        if (!fields->is_object()) return place.wrong("fields", "must be an object");
        for (const auto& [name, value] : fields->items()) {
            if (find_field(name) == nullptr) {
                return place.wrong("fields." + make_presentable(name), "is no field of a contact");
            }
        }
        spec.mappings.clear();
        for (const FieldSpec& field : kContactFields) {
            const json* given = find_member(*fields, std::string(field.wire).c_str());
            if (given == nullptr) continue;
            FieldMapping mapping = default_mapping(std::string(field.wire), spec.style);
            CRM_TRY(take_field(*given, place, mapping));
            spec.mappings.push_back(std::move(mapping));
        }
    }
    spec.system.fields.clear();
    for (const FieldMapping& mapping : spec.mappings) spec.system.fields.push_back(mapping.field);
    const auto has = [&](const char* field) {
        return std::count(spec.system.fields.begin(), spec.system.fields.end(), field) > 0;
    };
    if (!has("name") || !has("email")) {
        return place.wrong("fields", "must hold name and email: contacts are matched by them");
    }
    return {};
}

Status take_daily_calls(const json& entry, const Place& place, ConnectorSpec& spec) {
    const json* calls = find_member(entry, "dailyCalls");
    if (calls == nullptr) return {};
    const bool is_good =
        calls->is_number() && calls->get<double>() >= 0 && calls->get<double>() <= kDailyCallsMax;
    if (!is_good) return place.wrong("dailyCalls", "must be a number from 0 (unknown)");
    spec.system.daily_calls_max = calls->get<double>();
    return {};
}

/// HubSpot and Pipedrive are known; anybody else starts with the defaults and its key as a name.
ConnectorSpec starting_spec(const std::string& key) {
    for (ConnectorSpec& spec : builtin_connectors()) {
        if (spec.system.key.text == key) return spec;
    }
    ConnectorSpec spec;
    spec.system.key = SystemKey(key);
    spec.system.label = key;
    spec.connection = key;
    return spec;
}

Result<ConnectorSpec> read_entry(const json& entry, const Place& place) {
    if (!entry.is_object()) return place.wrong("systems", "must hold objects");
    constexpr std::array<std::string_view, 9> kKnown{"key",
                                                     "label",
                                                     "connection",
                                                     "actions",
                                                     "style",
                                                     "fields",
                                                     "emailUnique",
                                                     "nameRequired",
                                                     "dailyCalls"};
    CRM_TRY(refuse_unknown(entry, kKnown, place));
    std::string key;
    CRM_TRY(take_text(entry, "key", place, key));
    CRM_TRY(check_key(key, place));
    ConnectorSpec spec = starting_spec(key);
    CRM_TRY(take_text(entry, "label", place, spec.system.label));
    CRM_TRY(take_text(entry, "connection", place, spec.connection));
    CRM_TRY(take_actions(entry, place, spec));
    CRM_TRY(take_style(entry, place, spec));
    CRM_TRY(take_fields(entry, place, spec));
    CRM_TRY(take_flag(entry, "emailUnique", place, spec.system.is_email_unique));
    CRM_TRY(take_flag(entry, "nameRequired", place, spec.system.is_name_required));
    CRM_TRY(take_daily_calls(entry, place, spec));
    return spec;
}

Place place_of(const json& entry, std::size_t index, const std::string& file) {
    Place place{.file = file, .entry = "systems[" + std::to_string(index) + "]"};
    const json* key = entry.is_object() ? find_member(entry, "key") : nullptr;
    if (key != nullptr && key->is_string()) {
        place.entry += " (" + make_presentable(key->get<std::string>()) + ")";
    }
    return place;
}

}  // namespace

Result<std::vector<ConnectorSpec>> parse_connectors(const std::string& text,
                                                    const std::string& name) {
    const Place top{.file = name, .entry = {}};
    const Error no_json{.code = ErrorCode::InvalidArgument,
                        .message = "The connectors file " + name + " is not valid JSON in UTF-8"};
    if (!is_utf8(text) || !make_parseable(text)) return no_json;
    const json root = json::parse(text, nullptr, false);
    if (root.is_discarded()) return no_json;
    if (!root.is_object()) return top.wrong("systems", "must be a member of one object");
    CRM_TRY(refuse_unknown(root, std::array<std::string_view, 1>{"systems"}, top));
    const json* systems = find_member(root, "systems");
    if (systems == nullptr || !systems->is_array()) {
        return top.wrong("systems", "must be a list of systems");
    }
    std::vector<ConnectorSpec> specs;
    for (const json& entry : *systems) {
        const Place place = place_of(entry, specs.size(), name);
        auto spec = read_entry(entry, place);
        if (!spec.is_ok()) return spec.error();
        for (const ConnectorSpec& other : specs) {
            if (other.system.key == spec.value().system.key) {
                return place.wrong("key", "stands twice in the file");
            }
        }
        specs.push_back(spec.take());
    }
    return specs;
}

}  // namespace crm::sync
