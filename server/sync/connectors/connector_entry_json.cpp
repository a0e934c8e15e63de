// One system's entry in connectors.json.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "server/limits.h"
#include "server/sync/connectors/connectors_file.h"
#include "server/sync/connectors/file_place.h"
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
constexpr int kBurstCallsMax = 100'000;
constexpr double kBurstSecondsMax = 3600;

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

/// One path or a list of them; `paths` stays as it is when the member is missing.
Status take_paths(const json& object,
                  const char* name,
                  const Place& place,
                  std::vector<std::string>& paths) {
    const json* member = find_member(object, name);
    if (member == nullptr) return {};
    const json list = member->is_string() ? json::array({*member}) : *member;
    if (!list.is_array() || list.empty()) {
        return place.wrong(name, "must be a path or a list of paths");
    }
    paths.clear();
    for (const json& path : list) {
        if (!path.is_string() || !is_record_path(path.get_ref<const std::string&>())) {
            return place.wrong(name, "must hold paths such as \"fields.emails[0].value\"");
        }
        paths.push_back(path.get<std::string>());
    }
    return {};
}

/// One of `words`, by its place; the first one when the member is missing.
template <std::size_t Count>
Result<std::size_t> take_word(const json& object,
                              const char* name,
                              const std::array<std::string_view, Count>& words,
                              const Place& place) {
    const json* member = find_member(object, name);
    if (member == nullptr) return std::size_t{0};
    std::string list;
    for (std::size_t at = 0; at < Count; ++at) {
        if (*member == words[at]) return at;
        list += (at == 0           ? "\""
                 : at + 1 == Count ? " or \""
                                   : ", \"") +
                std::string(words[at]) + '"';
    }
    return place.wrong(name, "must be " + list);
}

/// A number from 0 to `most`, or nullopt when the member is missing.
Result<std::optional<double>> take_amount(const json& object,
                                          const char* name,
                                          double most,
                                          const Place& place) {
    const json* member = find_member(object, name);
    if (member == nullptr) return std::optional<double>();
    const bool is_good =
        member->is_number() && member->get<double>() >= 0 && member->get<double>() <= most;
    if (!is_good) return place.wrong(name, "must be a number from 0");
    return std::optional(member->get<double>());
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
    constexpr std::array<std::string_view, 5> kKnown{"list", "get", "create", "update", "delete"};
    CRM_TRY(refuse_unknown(*actions, kKnown, place));
    std::string ConnectorSpec::*const members[] = {&ConnectorSpec::list_action,
                                                   &ConnectorSpec::get_action,
                                                   &ConnectorSpec::create_action,
                                                   &ConnectorSpec::update_action,
                                                   &ConnectorSpec::delete_action};
    for (std::size_t at = 0; at < kKnown.size(); ++at) {
        CRM_TRY(take_text(*actions, kKnown[at].data(), place, spec.*members[at]));
    }
    return {};
}

Status take_style(const json& entry, const Place& place, ConnectorSpec& spec) {
    constexpr std::array<std::string_view, 2> kStyles{"flat", "fields"};
    if (find_member(entry, "style") == nullptr) return {};
    spec.style = CRM_TRY(take_word(entry, "style", kStyles, place)) == 0 ? InputStyle::Flat
                                                                         : InputStyle::Wrapped;
    return {};
}

/// A key; "" for a field that is read only; for the name also two keys: its first word, the rest.
Status take_write(const json& field, const Place& place, FieldMapping& mapping) {
    const json* write = find_member(field, "write");
    if (write == nullptr) return {};
    mapping.write_rest.clear();
    if (*write == json("")) {
        mapping.write.clear();
        return {};
    }
    if (!write->is_array()) return take_text(field, "write", place, mapping.write);
    if (mapping.field != "name" || write->size() != 2) {
        return place.wrong("write",
                           "must be one key, or two for the first word of a name and its rest");
    }
    const json parts{{"first", write->at(0)}, {"rest", write->at(1)}};
    CRM_TRY(take_text(parts, "first", place, mapping.write));
    CRM_TRY(take_text(parts, "rest", place, mapping.write_rest));
    if (mapping.write == mapping.write_rest) return place.wrong("write", "must name two keys");
    return {};
}

Status take_direction(const json& field,
                      const std::string& name,
                      const Place& place,
                      SystemSpec& system) {
    constexpr std::array<std::string_view, 3> kWords{"both", "in", "out"};
    constexpr Direction kDirections[] = {Direction::Both, Direction::In, Direction::Out};
    const Direction direction = kDirections[CRM_TRY(take_word(field, "direction", kWords, place))];
    if (direction != Direction::Both) system.directions[name] = direction;
    return {};
}

/// A number that is not smaller than what fits here anyway says nothing.
Status take_chars_max(const json& field,
                      const FieldSpec& known,
                      const Place& place,
                      SystemSpec& system) {
    const auto most = static_cast<double>(kRemoteValueBytesMax);
    const std::optional<double> chars = CRM_TRY(take_amount(field, "charsMax", most, place));
    if (!chars) return {};
    if (*chars < 1 || *chars != std::floor(*chars)) {
        return place.wrong("charsMax", "must be a whole number from 1");
    }
    const auto whole = static_cast<std::size_t>(*chars);
    if (whole < known.chars_max) system.chars_max[std::string(known.wire)] = whole;
    return {};
}

/// `mapping` comes with its defaults. "write":"" means: read only.
Status take_field(const json& field,
                  const Place& place,
                  FieldMapping& mapping,
                  SystemSpec& system) {
    if (!field.is_object()) return place.wrong("fields." + mapping.field, "must be an object");
    constexpr std::array<std::string_view, 5> kKnown{
        "write", "read", "list", "direction", "charsMax"};
    CRM_TRY(refuse_unknown(field, kKnown, place));
    CRM_TRY(take_write(field, place, mapping));
    CRM_TRY(take_paths(field, "read", place, mapping.read));
    if (mapping.read.empty()) {
        return place.wrong("fields." + mapping.field, "needs \"read\": nothing is known of it");
    }
    CRM_TRY(take_text(field, "list", place, mapping.list));
    if (!mapping.list.empty() && mapping.field != "email" && mapping.field != "phone") {
        return place.wrong("list", "is for email and phone only");
    }
    CRM_TRY(take_direction(field, mapping.field, place, system));
    CRM_TRY(take_chars_max(field, *find_field(mapping.field), place, system));
    if (mapping.write.empty() && system.direction_of(mapping.field) == Direction::Out) {
        return place.wrong("direction", "cannot be \"out\" for a field that is not written");
    }
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
            const Place at{.file = place.file, .entry = place.entry + ", " + mapping.field};
            CRM_TRY(take_field(*given, at, mapping, spec.system));
            spec.mappings.push_back(std::move(mapping));
        }
    }
    const auto has = [&](std::string_view field) {
        return std::any_of(spec.mappings.begin(), spec.mappings.end(), [&](const auto& mapping) {
            return mapping.field == field;
        });
    };
    if (!has("name") || !has("email")) {
        return place.wrong("fields", "must hold name and email: contacts are matched by them");
    }
    return {};
}

Status take_burst(const json& entry, const Place& place, ConnectorSpec& spec) {
    const json* burst = find_member(entry, "burst");
    if (burst == nullptr) return {};
    if (!burst->is_object()) return place.wrong("burst", "must be an object");
    constexpr std::array<std::string_view, 2> kKnown{"calls", "seconds"};
    CRM_TRY(refuse_unknown(*burst, kKnown, place));
    const auto calls = CRM_TRY(take_amount(*burst, "calls", kBurstCallsMax, place));
    const auto seconds = CRM_TRY(take_amount(*burst, "seconds", kBurstSecondsMax, place));
    if (!calls || !seconds || *calls < 1 || *seconds < 0.001) {
        return place.wrong("burst", "needs \"calls\" and \"seconds\" above 0");
    }
    spec.burst =
        Burst{.calls = static_cast<int>(*calls),
              .per = std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000))};
    return {};
}

Status take_marker(const json& entry, const Place& place, ConnectorSpec& spec) {
    CRM_TRY(take_text(entry, "marker", place, spec.marker_write));
    if (!spec.marker_write.empty()) spec.marker_read = default_marker_paths(spec.marker_write);
    if (find_member(entry, "markerRead") != nullptr && spec.marker_write.empty()) {
        return place.wrong("markerRead", "needs \"marker\": nothing is ever written there");
    }
    return take_paths(entry, "markerRead", place, spec.marker_read);
}

Status take_version(const json& entry, const Place& place, ConnectorSpec& spec) {
    CRM_TRY(take_paths(entry, "version", place, spec.version));
    CRM_TRY(take_flag(entry, "versionTrusted", place, spec.system.is_version_trusted));
    if (spec.system.is_version_trusted && spec.version.empty()) {
        return place.wrong("versionTrusted", "needs \"version\": where it is found");
    }
    return {};
}

/// A list can only be changed by whoever reads it first.
Status check_lists(const ConnectorSpec& spec, const Place& place) {
    for (const FieldMapping& mapping : spec.mappings) {
        if (mapping.list.empty() || !spec.get_action.empty()) continue;
        return place.wrong("list", "needs \"get\" among the actions: the list is read first");
    }
    return {};
}

Status take_vanished(const json& entry, const Place& place, ConnectorSpec& spec) {
    constexpr std::array<std::string_view, 3> kWords{"restore", "detach", "ask"};
    constexpr VanishPolicy kPolicies[] = {
        VanishPolicy::Restore, VanishPolicy::Detach, VanishPolicy::Ask};
    spec.system.vanish = kPolicies[CRM_TRY(take_word(entry, "vanished", kWords, place))];
    return {};
}

bool is_written(const ConnectorSpec& spec, const std::string& key) {
    return key == spec.marker_write || key == "id" ||
           std::any_of(spec.mappings.begin(), spec.mappings.end(), [&](const auto& mapping) {
               return key == mapping.write || key == mapping.write_rest;
           });
}

Status take_constants(const json& entry, const Place& place, ConnectorSpec& spec) {
    const json* constants = find_member(entry, "constants");
    if (constants == nullptr) return {};
    if (!constants->is_object()) return place.wrong("constants", "must be an object");
    for (const auto& [key, value] : constants->items()) {
        const std::string member = "constants." + make_presentable(key);
        if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
            return place.wrong(member, "must be a text, a number, true or false");
        }
        if (key.empty() || is_written(spec, key)) {
            return place.wrong(member, "is written by a field already");
        }
        spec.constants[key] = value.dump();
    }
    return {};
}

/// HubSpot and Pipedrive are known; anybody else starts with the defaults and its key as a name.
ConnectorSpec starting_spec(const std::string& key) {
    for (ConnectorSpec& spec : builtin_connectors()) {
        if (spec.system.key.text == key) return spec;
    }
    return plain_connector(key);
}

}  // namespace

Result<ConnectorSpec> parse_connector(const std::string& text, const Place& place) {
    const json entry = json::parse(text, nullptr, false);
    if (!entry.is_object()) return place.wrong("systems", "must hold objects");
    constexpr std::array<std::string_view, 17> kKnown{"key",
                                                      "label",
                                                      "connection",
                                                      "actions",
                                                      "style",
                                                      "fields",
                                                      "marker",
                                                      "markerRead",
                                                      "version",
                                                      "versionTrusted",
                                                      "otherEmails",
                                                      "constants",
                                                      "burst",
                                                      "vanished",
                                                      "dailyCalls",
                                                      "emailUnique",
                                                      "nameRequired"};
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
    // 0: unknown.
    const auto calls = CRM_TRY(take_amount(entry, "dailyCalls", kDailyCallsMax, place));
    spec.system.daily_calls_max = calls.value_or(spec.system.daily_calls_max);
    CRM_TRY(take_burst(entry, place, spec));
    CRM_TRY(take_marker(entry, place, spec));
    CRM_TRY(take_version(entry, place, spec));
    CRM_TRY(take_paths(entry, "otherEmails", place, spec.other_emails));
    CRM_TRY(check_lists(spec, place));
    CRM_TRY(take_vanished(entry, place, spec));
    CRM_TRY(take_constants(entry, place, spec));
    seal(spec);
    return spec;
}

}  // namespace crm::sync
