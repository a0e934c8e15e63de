// Records are somebody else's data: one bad value costs that value, not the page it came on.
// Whether a member is missing, null or empty is kept apart, because the engine clears a field only
// on purpose.
#include "server/sync/connectors/integration_app_json.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "server/limits.h"
#include "server/sync/connectors/json_text.h"
#include "shared/limits.h"
#include "shared/text.h"

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

struct Value {
    Presence presence = Presence::Absent;
    std::string text;
};

/// The entry of a list that is marked as the primary one, else the first; nullptr of none.
const json* pick(const json& list) {
    if (!list.is_array() || list.empty()) return nullptr;
    const auto marked = std::find_if(list.begin(), list.end(), [](const json& entry) {
        const json* mark = find_member(entry, "primary");
        return mark != nullptr && *mark == true;
    });
    return marked == list.end() ? &list.front() : &*marked;
}

/// Lists count by one entry, and entries by their "value": [{"value":"ann@example.com"}].
Value read_value(const json* node) {
    if (node == nullptr) return {};
    if (node->is_null()) return {.presence = Presence::Null};
    if (node->is_string()) return {.presence = Presence::Text, .text = node->get<std::string>()};
    if (node->is_boolean()) {
        return {.presence = Presence::Text, .text = node->get<bool>() ? "true" : "false"};
    }
    if (node->is_number()) return {.presence = Presence::Text, .text = number_text(*node)};
    if (node->is_array()) {
        return node->empty() ? Value{.presence = Presence::Text} : read_value(pick(*node));
    }
    const json* value = find_member(*node, "value");
    return value == nullptr ? Value{.presence = Presence::Unreadable} : read_value(value);
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

/// Takes "[]" from the front of `path`, if it is there.
bool take_each(std::string_view& path) {
    if (!path.starts_with("[]")) return false;
    path.remove_prefix(2);
    return true;
}

std::string_view take_name(std::string_view& path) {
    if (path.starts_with('.')) path.remove_prefix(1);
    const std::string_view name = path.substr(0, path.find_first_of(".["));
    path.remove_prefix(name.size());
    return name;
}

/// One step along a path, which is not empty and does not begin with "[]".
const json* step(const json& node, std::string_view& path) {
    if (!path.starts_with('[')) return find_member(node, take_name(path));
    const std::optional<std::size_t> index = take_index(path);
    return index && node.is_array() && *index < node.size() ? &node[*index] : nullptr;
}

const json* follow(const json& record, std::string_view path) {
    const json* at = &record;
    while (at != nullptr && !path.empty()) at = take_each(path) ? pick(*at) : step(*at, path);
    return at;
}

/// Every text that the path leads to; HubSpot puts several into one, with ';' between.
void gather(const json& node, std::string_view path, std::vector<std::string>& texts) {
    const json* at = &node;
    while (at != nullptr && !path.empty()) {
        if (take_each(path)) {
            if (!at->is_array()) return;
            for (const json& entry : *at) gather(entry, path, texts);
            return;
        }
        at = step(*at, path);
    }
    if (at == nullptr || !at->is_string()) return;
    std::string_view rest = at->get_ref<const std::string&>();
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        texts.push_back(trim(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

/// One path, or several with '+' between them: those that hold text, with a space between.
Value read_path(const json& record, std::string_view path) {
    Value whole;
    while (true) {
        const std::string_view part = path.substr(0, path.find('+'));
        const Value reading = read_value(follow(record, part));
        if (reading.presence == Presence::Unreadable) return reading;
        whole.presence = std::max(whole.presence, reading.presence);
        if (!whole.text.empty() && !reading.text.empty()) whole.text += ' ';
        whole.text += reading.text;
        if (part.size() == path.size()) return whole;
        path.remove_prefix(part.size() + 1);
    }
}

/// Null counts only when no other path holds anything.
Value read_field(const json& record, const FieldMapping& mapping) {
    Value kept;
    for (const std::string& path : mapping.read) {
        Value reading = read_path(record, path);
        kept.presence = std::max(kept.presence, reading.presence);
        if (reading.presence > Presence::Null) return reading;
    }
    return kept;
}

/// What keeps a value from being taken over; empty when nothing does.
std::string value_problem(const Value& reading, const std::string& field) {
    if (reading.presence == Presence::Unreadable) return "Its " + field + " is no text";
    if (reading.text.size() > kRemoteValueBytesMax) return "Its " + field + " is too long";
    if (is_broken(reading.text)) return "Its " + field + " holds broken characters";
    return {};
}

void read_values(const json& source, const ConnectorSpec& spec, RemoteRecord& record) {
    for (const FieldMapping& mapping : spec.mappings) {
        Value reading = read_field(source, mapping);
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

/// Only readable addresses, each once, and not the one that is the record's e-mail.
void read_other_emails(const json& source, const ConnectorSpec& spec, RemoteRecord& record) {
    std::vector<std::string> texts;
    for (const std::string& path : spec.other_emails) gather(source, path, texts);
    std::vector<std::string> keys;
    const auto email = record.values.find("email");
    if (email != record.values.end()) keys.push_back(lower_text(trim(email->second)));
    for (std::string& text : texts) {
        if (text.empty() || text.size() > kRemoteValueBytesMax || is_broken(text)) continue;
        std::string key = lower_text(text);
        if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
        keys.push_back(std::move(key));
        record.other_emails.push_back(std::move(text));
    }
}

/// A whole number, or a time; both forms of time count in milliseconds.
std::optional<std::int64_t> read_version(const json& source, const ConnectorSpec& spec) {
    if (!spec.system.is_version_trusted) return std::nullopt;
    for (const std::string& path : spec.version) {
        const json* node = follow(source, path);
        if (node == nullptr) continue;
        if (node->is_number_integer()) return node->get<std::int64_t>();
        if (!node->is_string()) continue;
        const std::string& text = node->get_ref<const std::string&>();
        if (const std::optional<TimePoint> time = parse_time(text)) {
            return time->time_since_epoch().count();
        }
        std::int64_t number = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (problem == std::errc{} && end == text.data() + text.size()) return number;
    }
    return std::nullopt;
}

std::string read_marker(const json& source, const ConnectorSpec& spec) {
    for (const std::string& path : spec.marker_read) {
        const json* node = follow(source, path);
        if (node == nullptr || !node->is_string()) continue;
        const std::string& text = node->get_ref<const std::string&>();
        if (text.size() <= kIdCharsMax && !is_broken(text)) return text;
    }
    return {};
}

/// Deleted over there, though it is still shown: as HubSpot, Pipedrive and Integration.app say it.
bool is_in_bin(const json& source) {
    const auto is = [&](std::string_view path, bool value) {
        const json* flag = follow(source, path);
        return flag != nullptr && flag->is_boolean() && flag->get<bool>() == value;
    };
    const json* deleted = find_member(source, "deletedTime");
    return (deleted != nullptr && deleted->is_string() && *deleted != json("")) ||
           is("archived", true) || is("fields.is_deleted", true) || is("fields.active_flag", false);
}

RemoteRecord read_record(const json& source, const ConnectorSpec& spec) {
    RemoteRecord record;
    record.id = RemoteId(read_id(find_member(source, "id")));
    if (!record.id.is_set()) return record;
    read_values(source, spec, record);
    read_other_emails(source, spec, record);
    record.marker = read_marker(source, spec);
    record.version = read_version(source, spec);
    // People click on it: only pages, never a script.
    const std::string url = read_first_text(source, {"uri", "url"});
    if (url.starts_with("https://") || url.starts_with("http://")) record.url = url;
    record.created_at =
        parse_time(read_first_text(source, {"createdTime", "createdAt", "fields.createdTime"}));
    return record;
}

}  // namespace

std::optional<ListPage> read_page(const std::string& body, const ConnectorSpec& spec) {
    const std::optional<json> answer = parse_object(body);
    const json* output = answer ? find_member(*answer, "output") : nullptr;
    const json* records = output == nullptr ? nullptr : find_member(*output, "records");
    if (records == nullptr || !records->is_array()) return std::nullopt;
    ListPage page;
    for (const json& source : *records) {
        if (is_in_bin(source)) continue;
        RemoteRecord record = read_record(source, spec);
        if (record.id.is_set()) {
            page.records.push_back(std::move(record));
        } else {
            page.has_record_without_id = true;
        }
    }
    const json* total = find_member(*output, "total");
    if (total != nullptr && total->is_number_integer()) page.total = total->get<std::int64_t>();
    const json* cursor = find_member(*output, "cursor");
    if (cursor == nullptr || cursor->is_null()) return page;
    if (!cursor->is_string() && !cursor->is_number()) return std::nullopt;
    page.cursor = cursor->is_string() ? cursor->get<std::string>() : number_text(*cursor);
    return page;
}

std::optional<RemoteRecord> read_got_record(const std::string& body, const ConnectorSpec& spec) {
    const std::optional<json> answer = parse_object(body);
    const json* output = answer ? find_member(*answer, "output") : nullptr;
    if (output == nullptr) return std::nullopt;
    const json* inner = find_member(*output, "record");
    const json& source = inner != nullptr ? *inner : *output;
    if (source.is_null() || is_in_bin(source)) return RemoteRecord{};
    RemoteRecord record = read_record(source, spec);
    if (!record.id.is_set()) return std::nullopt;
    return record;
}

std::optional<WriteAnswer> read_write_answer(const std::string& body, const ConnectorSpec& spec) {
    const std::optional<json> answer = parse_object(body);
    if (!answer) return std::nullopt;
    const json* output = find_member(*answer, "output");
    const bool is_error = output == nullptr && answer->contains("message");
    if (is_error) return std::nullopt;
    if (output == nullptr) return WriteAnswer{};
    return WriteAnswer{.id = RemoteId(read_id(find_member(*output, "id"))),
                       .version = read_version(*output, spec)};
}

std::string read_connection_id(const std::string& body) {
    const std::optional<json> answer = parse_object(body);
    const json* id = answer ? find_member(*answer, "id") : nullptr;
    return id != nullptr && id->is_string() ? read_id(id) : std::string{};
}

std::optional<bool> read_connected(const std::string& body) {
    const std::optional<json> answer = parse_object(body);
    if (!answer || find_member(*answer, "id") == nullptr) return std::nullopt;
    const json* connected = find_member(*answer, "connected");
    if (connected != nullptr && connected->is_boolean()) return connected->get<bool>();
    const json* disconnected = find_member(*answer, "disconnected");
    return disconnected == nullptr || !disconnected->is_boolean() || !disconnected->get<bool>();
}

namespace {

std::optional<Burst> read_burst(const json* burst) {
    constexpr double kCallsMax = 100'000;
    const json* calls = burst == nullptr ? nullptr : find_member(*burst, "calls");
    const json* seconds = burst == nullptr ? nullptr : find_member(*burst, "seconds");
    const auto is_good = [](const json* value, double least, double most) {
        return value != nullptr && value->is_number() && value->get<double>() >= least &&
               value->get<double>() <= most;
    };
    if (!is_good(calls, 1, kCallsMax) || !is_good(seconds, 0.001, kSyncSecondsMax)) {
        return std::nullopt;
    }
    const auto milliseconds = static_cast<std::int64_t>(seconds->get<double>() * 1000);
    return Burst{.calls = static_cast<int>(calls->get<double>()),
                 .per = std::chrono::milliseconds(milliseconds)};
}

}  // namespace

std::optional<AnnouncedSettings> read_settings(const std::string& body) {
    const std::optional<json> answer = parse_object(body);
    const json* settle = answer ? find_member(*answer, "settleSeconds") : nullptr;
    const json* late = answer ? find_member(*answer, "lateSeconds") : nullptr;
    const auto is_seconds = [](const json* value) {
        return value != nullptr && value->is_number() && value->get<double>() >= 0 &&
               value->get<double>() <= kSyncSecondsMax;
    };
    if (!is_seconds(settle) || !is_seconds(late)) return std::nullopt;
    const json* actions = find_member(*answer, "actions");
    const json* lists = find_member(*answer, "lists");
    const auto text_of = [](const json* value) {
        const bool is_good = value != nullptr && value->is_string() &&
                             value->get_ref<const std::string&>().size() <= kIdCharsMax;
        return is_good ? value->get<std::string>() : std::string{};
    };
    return AnnouncedSettings{
        .settle_seconds = settle->get<double>(),
        .late_seconds = late->get<double>(),
        .get_action = text_of(actions == nullptr ? nullptr : find_member(*actions, "get")),
        .marker = text_of(find_member(*answer, "marker")),
        .burst = read_burst(find_member(*answer, "burst")),
        .has_lists = lists != nullptr && *lists == true};
}

bool is_record_path(std::string_view path) {
    while (true) {
        std::string_view part = path.substr(0, path.find('+'));
        const std::size_t part_bytes = part.size();
        if (part.empty() || part.starts_with('.') || part.starts_with('[')) return false;
        while (!part.empty()) {
            if (part.starts_with('[')) {
                if (!take_each(part) && !take_index(part)) return false;
            } else if (take_name(part).empty()) {
                return false;
            }
        }
        if (part_bytes == path.size()) return true;
        path.remove_prefix(part_bytes + 1);
    }
}

}  // namespace crm::sync
