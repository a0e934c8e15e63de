// Records are somebody else's data: one bad value costs that value, not the page it came on.
// Whether a member is missing, null or empty is kept apart, because the engine clears a field only
// on purpose.
#include "server/sync/connectors/integration_app_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "server/sync/connectors/json_text.h"
#include "shared/limits.h"

namespace crm::sync {
namespace {

using nlohmann::json;

std::optional<json> parse_object(const std::string& body) {
    const std::optional<std::string> text = make_parseable(body);
    if (!text) return std::nullopt;
    json value = json::parse(*text, nullptr, false);
    if (!value.is_object()) return std::nullopt;
    return value;
}

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// nullptr when `value` is no object or has no such member.
const json* find_member(const json& value, std::string_view name) {
    if (!value.is_object()) return nullptr;
    const auto found = value.find(std::string(name));
    return found == value.end() ? nullptr : &*found;
}

bool is_broken(std::string_view text) {
    return text.find(kBrokenMark) != std::string_view::npos ||
           text.find('\0') != std::string_view::npos;
}

// --- Ids ----------------------------------------------------------------------------------------

/// Whole numbers are written without a fraction, whatever the sender's language made of them.
std::string number_text(const json& number) {
    constexpr double kExactMax = 9007199254740992.0;  // above, a double no longer names one number
    if (!number.is_number_float()) return dump(number);
    const double value = number.get<double>();
    if (std::floor(value) != value || std::abs(value) > kExactMax) return dump(number);
    return std::to_string(static_cast<std::int64_t>(value));
}

/// Empty when it is none.
std::string read_id(const json* id) {
    if (id == nullptr) return {};
    if (id->is_number()) return number_text(*id);
    if (!id->is_string()) return {};
    std::string text = id->get<std::string>();
    return text.size() > kIdCharsMax || is_broken(text) ? std::string{} : text;
}

// --- Values of a record
// ---------------------------------------------------------------------------

enum class Presence { Absent, Null, Text, Unreadable };

struct Reading {
    Presence presence = Presence::Absent;
    std::string text;
};

/// Lists count by their first entry, and entries by their "value": [{"value":"ann@example.com"}].
Reading read_value(const json* node) {
    if (node == nullptr) return {};
    if (node->is_null()) return {.presence = Presence::Null};
    if (node->is_string()) return {.presence = Presence::Text, .text = node->get<std::string>()};
    if (node->is_boolean()) {
        return {.presence = Presence::Text, .text = node->get<bool>() ? "true" : "false"};
    }
    if (node->is_number()) return {.presence = Presence::Text, .text = number_text(*node)};
    if (node->is_array()) {
        return node->empty() ? Reading{.presence = Presence::Text} : read_value(&node->front());
    }
    const json* value = find_member(*node, "value");
    return value == nullptr ? Reading{.presence = Presence::Unreadable} : read_value(value);
}

/// Takes "[7]" from the front of `path`; nullopt when it is not that.
std::optional<std::size_t> take_index(std::string_view& path) {
    const std::size_t end = path.find(']');
    if (!path.starts_with('[') || end == std::string_view::npos) return std::nullopt;
    std::size_t index = 0;
    const auto [stop, problem] = std::from_chars(path.data() + 1, path.data() + end, index);
    if (problem != std::errc{} || stop != path.data() + end) return std::nullopt;
    path.remove_prefix(end + 1);
    return index;
}

std::string_view take_name(std::string_view& path) {
    if (path.starts_with('.')) path.remove_prefix(1);
    const std::string_view name = path.substr(0, path.find_first_of(".["));
    path.remove_prefix(name.size());
    return name;
}

const json* follow(const json& record, std::string_view path) {
    const json* at = &record;
    while (at != nullptr && !path.empty()) {
        if (!path.starts_with('[')) {
            at = find_member(*at, take_name(path));
            continue;
        }
        const std::optional<std::size_t> index = take_index(path);
        at = index && at->is_array() && *index < at->size() ? &(*at)[*index] : nullptr;
    }
    return at;
}

/// One path, or several with '+' between them: those that hold text, with a space between.
Reading read_path(const json& record, std::string_view path) {
    Reading whole;
    while (true) {
        const std::string_view part = path.substr(0, path.find('+'));
        const Reading reading = read_value(follow(record, part));
        if (reading.presence == Presence::Unreadable) return reading;
        whole.presence = std::max(whole.presence, reading.presence);
        if (!whole.text.empty() && !reading.text.empty()) whole.text += ' ';
        whole.text += reading.text;
        if (part.size() == path.size()) return whole;
        path.remove_prefix(part.size() + 1);
    }
}

/// Null counts only when no other path holds anything.
Reading read_field(const json& record, const FieldMapping& mapping) {
    Reading kept;
    for (const std::string& path : mapping.read) {
        Reading reading = read_path(record, path);
        kept.presence = std::max(kept.presence, reading.presence);
        if (reading.presence > Presence::Null) return reading;
    }
    return kept;
}

/// What keeps a value from being taken over; empty when nothing does.
std::string value_problem(const Reading& reading, const std::string& field) {
    if (reading.presence == Presence::Unreadable) return "Its " + field + " is no text";
    if (reading.text.size() > kRemoteValueBytesMax) return "Its " + field + " is too long";
    if (is_broken(reading.text)) return "Its " + field + " holds broken characters";
    return {};
}

void read_values(const json& source, const ConnectorSpec& spec, RemoteRecord& record) {
    for (const FieldMapping& mapping : spec.mappings) {
        Reading reading = read_field(source, mapping);
        if (reading.presence == Presence::Absent) continue;
        const std::string problem = value_problem(reading, mapping.field);
        if (problem.empty()) {
            record.values[mapping.field] = std::move(reading.text);
        } else if (record.problem.empty()) {
            record.problem = problem + "; correct it in " + spec.system.label +
                             ", until then this record is left alone";
        }
    }
}

std::string read_first_text(const json& record, std::initializer_list<std::string_view> paths) {
    for (const std::string_view path : paths) {
        const json* node = follow(record, path);
        if (node != nullptr && node->is_string() && !is_broken(node->get<std::string>())) {
            return node->get<std::string>();
        }
    }
    return {};
}

RemoteRecord read_record(const json& source, const ConnectorSpec& spec) {
    RemoteRecord record;
    record.id = RemoteId(read_id(find_member(source, "id")));
    if (!record.id.is_set()) return record;
    read_values(source, spec, record);
    // People click on it: only pages, never a script.
    const std::string url = read_first_text(source, {"uri", "url"});
    if (url.starts_with("https://") || url.starts_with("http://")) record.url = url;
    record.created_at =
        parse_time(read_first_text(source, {"createdTime", "createdAt", "fields.createdTime"}));
    return record;
}

// --- Inputs -------------------------------------------------------------------------------------

/// HubSpot writes no full name and Pipedrive no parts: whoever gets all three finds his own.
void put_name_parts(json& fields, const std::string& name) {
    const std::size_t first_end = std::min(name.find(' '), name.size());
    fields["firstName"] = name.substr(0, first_end);
    fields["lastName"] = first_end < name.size() ? name.substr(first_end + 1) : std::string{};
}

void put_values(json& target, const ConnectorSpec& spec, const RemoteValues& values) {
    for (const FieldMapping& mapping : spec.mappings) {
        const auto value = values.find(mapping.field);
        if (mapping.write.empty() || value == values.end()) continue;
        target[mapping.write] = value->second;
        const bool is_split = spec.style == InputStyle::Wrapped && mapping.write == "fullName";
        if (is_split) put_name_parts(target, value->second);
    }
}

std::string write_input(json input, const ConnectorSpec& spec, const RemoteValues& values) {
    switch (spec.style) {
        case InputStyle::Flat:
            put_values(input, spec, values);
            break;
        case InputStyle::Wrapped:
            input["fields"] = json::object();
            put_values(input["fields"], spec, values);
            break;
    }
    return dump(input);
}

}  // namespace

std::string write_list_input(const std::string& cursor) {
    return cursor.empty() ? "{}" : dump(json{{"cursor", cursor}});
}

std::string write_create_input(const ConnectorSpec& spec, const RemoteValues& values) {
    return write_input(json::object(), spec, values);
}

std::string write_update_input(const ConnectorSpec& spec,
                               const RemoteId& id,
                               const RemoteValues& values) {
    return write_input(json{{"id", id.text}}, spec, values);
}

std::string write_delete_input(const RemoteId& id) {
    return dump(json{{"id", id.text}});
}

std::optional<ListPage> read_page(const std::string& body, const ConnectorSpec& spec) {
    const std::optional<json> answer = parse_object(body);
    const json* output = answer ? find_member(*answer, "output") : nullptr;
    const json* records = output == nullptr ? nullptr : find_member(*output, "records");
    if (records == nullptr || !records->is_array()) return std::nullopt;
    ListPage page;
    for (const json& source : *records) {
        RemoteRecord record = read_record(source, spec);
        if (record.id.is_set()) {
            page.records.push_back(std::move(record));
        } else {
            page.has_record_without_id = true;
        }
    }
    const json* cursor = find_member(*output, "cursor");
    if (cursor == nullptr || cursor->is_null()) return page;
    if (!cursor->is_string() && !cursor->is_number()) return std::nullopt;
    page.cursor = cursor->is_string() ? cursor->get<std::string>() : number_text(*cursor);
    return page;
}

std::optional<WriteAnswer> read_write_answer(const std::string& body) {
    const std::optional<json> answer = parse_object(body);
    if (!answer) return std::nullopt;
    const json* output = find_member(*answer, "output");
    const bool is_error = output == nullptr && answer->contains("message");
    if (is_error) return std::nullopt;
    return WriteAnswer{
        .id = RemoteId(output == nullptr ? std::string{} : read_id(find_member(*output, "id")))};
}

std::string read_connection_id(const std::string& body) {
    const std::optional<json> answer = parse_object(body);
    const json* id = answer ? find_member(*answer, "id") : nullptr;
    return id != nullptr && id->is_string() ? read_id(id) : std::string{};
}

std::optional<AnnouncedSettings> read_settings(const std::string& body) {
    const std::optional<json> answer = parse_object(body);
    const json* settle = answer ? find_member(*answer, "settleSeconds") : nullptr;
    const json* late = answer ? find_member(*answer, "lateSeconds") : nullptr;
    const auto is_seconds = [](const json* value) {
        return value != nullptr && value->is_number() && value->get<double>() >= 0 &&
               value->get<double>() <= kSyncSecondsMax;
    };
    if (!is_seconds(settle) || !is_seconds(late)) return std::nullopt;
    return AnnouncedSettings{.settle_seconds = settle->get<double>(),
                             .late_seconds = late->get<double>()};
}

bool is_record_path(std::string_view path) {
    while (true) {
        std::string_view part = path.substr(0, path.find('+'));
        const std::size_t part_bytes = part.size();
        if (part.empty() || part.starts_with('.') || part.starts_with('[')) return false;
        while (!part.empty()) {
            if (part.starts_with('[')) {
                if (!take_index(part)) return false;
            } else if (take_name(part).empty()) {
                return false;
            }
        }
        if (part_bytes == path.size()) return true;
        path.remove_prefix(part_bytes + 1);
    }
}

}  // namespace crm::sync
