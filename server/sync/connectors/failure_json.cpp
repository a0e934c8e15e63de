// A CRM's answer arrives as data.response.{status,headers,data}, as data itself, or bare when the
// platform passes it through; the texts of its errors are the CRM's and may change, so only what
// HubSpot and Pipedrive document is looked for.
#include "server/sync/connectors/failure_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "server/sync/connectors/json_text.h"

namespace crm::sync {
namespace {

using nlohmann::json;

constexpr std::size_t kCausesMax = 8;
constexpr std::string_view kDigits = "0123456789";

const json* find_member(const json& value, const char* name) {
    if (!value.is_object()) return nullptr;
    const auto found = value.find(name);
    return found == value.end() ? nullptr : &*found;
}

std::string read_text(const json& value, const char* name) {
    const json* member = find_member(value, name);
    return member != nullptr && member->is_string() ? member->get<std::string>() : std::string{};
}

/// A whole number, also one that was sent as text; 0 when it is neither.
int read_number(const json* value) {
    constexpr int kNumberMax = 1'000'000;
    if (value == nullptr) return 0;
    if (value->is_number()) {
        const double number = value->get<double>();
        return number >= 0 && number <= kNumberMax ? static_cast<int>(number) : 0;
    }
    if (!value->is_string()) return 0;
    const std::string& text = value->get_ref<const std::string&>();
    int number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc{} && number >= 0 && number <= kNumberMax ? number : 0;
}

std::optional<json> parse(const std::string& text) {
    std::optional<std::string> parseable = make_parseable(text);
    if (!parseable) return std::nullopt;
    json value = json::parse(*parseable, nullptr, false);
    if (value.is_discarded()) return std::nullopt;
    return value;
}

// --- The CRM's body -----------------------------------------------------------------------------

bool looks_like_crm_body(const json& body) {
    constexpr std::array<const char*, 6> kMarks{
        "category", "correlationId", "errorType", "policyName", "errorCode", "error_info"};
    const bool has_mark = std::any_of(kMarks.begin(), kMarks.end(), [&](const char* name) {
        return find_member(body, name) != nullptr;
    });
    const json* success = find_member(body, "success");
    return has_mark || read_text(body, "status") == "error" ||
           (success != nullptr && *success == false);
}

/// HubSpot says message, Pipedrive error and error_info.
std::string crm_message(const json& body) {
    std::string message = read_text(body, "message");
    const json* error = find_member(body, "error");
    if (message.empty()) message = read_text(body, "error");
    if (message.empty() && error != nullptr) message = read_text(*error, "message");
    const std::string info = read_text(body, "error_info");
    if (message.empty()) return info;
    return info.empty() ? message : message + " (" + info + ")";
}

/// "Contact already exists. Existing ID: 37765128953", or the older identityProfile.
std::string existing_id(const json& body, const std::string& message) {
    constexpr std::string_view kMark = "Existing ID:";
    const std::size_t mark = message.find(kMark);
    if (mark != std::string::npos) {
        const std::size_t begin = message.find_first_not_of(' ', mark + kMark.size());
        if (begin != std::string::npos) {
            const std::size_t end = message.find_first_not_of(kDigits, begin);
            return message.substr(begin, std::min(end, message.size()) - begin);
        }
    }
    const json* profile = find_member(body, "identityProfile");
    const json* id = profile == nullptr ? nullptr : find_member(*profile, "vid");
    if (id == nullptr) return {};
    if (id->is_number_integer()) return id->dump();
    return id->is_string() ? id->get<std::string>() : std::string{};
}

// --- Names of properties whose values are refused -----------------------------------------------

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
}

/// A text, or the texts of a list.
void add_texts(const json* value, std::vector<std::string>& names) {
    if (value == nullptr) return;
    if (value->is_string()) names.push_back(value->get<std::string>());
    if (!value->is_array()) return;
    for (const json& entry : *value) {
        if (entry.is_string()) names.push_back(entry.get<std::string>());
    }
}

/// What a list of errors names; what is only missing from the call is not refused.
void add_error_names(const json* errors, std::vector<std::string>& names) {
    if (errors == nullptr || !errors->is_array()) return;
    for (const json& error : *errors) {
        const bool is_missing = read_text(error, "code") == "REQUIRED_FIELD" ||
                                read_text(error, "error") == "REQUIRED_FIELD";
        if (is_missing) continue;
        for (const char* member : {"name", "field", "property", "propertyName"}) {
            add_texts(find_member(error, member), names);
        }
        if (const json* context = find_member(error, "context")) {
            add_texts(find_member(*context, "propertyName"), names);
        }
        if (const json* details = find_member(error, "details")) {
            add_texts(find_member(*details, "api_name"), names);
        }
    }
}

/// HubSpot puts the errors as JSON at the end of its sentence.
void add_names_of_list_inside(const std::string& message, std::vector<std::string>& names) {
    const std::size_t begin = message.find("[{");
    const std::size_t end = message.rfind("}]");
    if (begin == std::string::npos || end == std::string::npos || end < begin) return;
    const std::optional<json> list = parse(message.substr(begin, end + 2 - begin));
    if (list) add_error_names(&*list, names);
}

/// Words in quotes, and words before a colon: "email: is not valid". Whoever looks for a name of
/// his own among them takes no other one.
void add_marked_words(std::string_view message, std::vector<std::string>& names) {
    std::size_t at = 0;
    while (at < message.size()) {
        if (!is_name_letter(message[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < message.size() && is_name_letter(message[end])) ++end;
        const char before = at == 0 ? ' ' : message[at - 1];
        const char after = end == message.size() ? ' ' : message[end];
        const bool is_quoted = after == before && (after == '"' || after == '\'' || after == '`');
        if (is_quoted || after == ':') names.emplace_back(message.substr(at, end - at));
        at = end;
    }
}

std::vector<std::string> refused_names(const json& body, const std::string& message) {
    std::vector<std::string> names;
    add_error_names(find_member(body, "errors"), names);
    add_error_names(find_member(body, "data"), names);
    if (const json* details = find_member(body, "details")) {
        add_texts(find_member(*details, "api_name"), names);
    }
    add_names_of_list_inside(message, names);
    if (names.empty() && message.find("REQUIRED_FIELD") == std::string::npos) {
        add_marked_words(message, names);
    }
    return names;
}

/// For bodies that come without their status.
int status_of_category(const std::string& category) {
    constexpr std::array<std::pair<std::string_view, int>, 7> kStatuses{{
        {"CONFLICT", 409},
        {"OBJECT_NOT_FOUND", 404},
        {"VALIDATION_ERROR", 400},
        {"RATE_LIMITS", 429},
        {"INVALID_AUTHENTICATION", 401},
        {"EXPIRED_AUTHENTICATION", 401},
        {"MISSING_SCOPES", 403},
    }};
    for (const auto& [name, status] : kStatuses) {
        if (name == category) return status;
    }
    return 0;
}

void read_limits(const json& body, CrmAnswer& crm) {
    crm.policy = read_text(body, "policyName");
    crm.is_daily_limit = crm.is_daily_limit || crm.policy == "DAILY";
    crm.is_rate_limited = crm.status == 429 || !crm.policy.empty() ||
                          crm.category == "RATE_LIMITS" ||
                          read_text(body, "errorType") == "RATE_LIMIT";
}

void read_object_body(const json& body, CrmAnswer& crm) {
    crm.message = crm_message(body);
    crm.category = read_text(body, "category");
    if (crm.status == 0) crm.status = read_number(find_member(body, "errorCode"));
    if (crm.status == 0) crm.status = read_number(find_member(body, "statusCode"));
    if (crm.status == 0) crm.status = status_of_category(crm.category);
    if (crm.status == 0 && crm.message == "resource not found") crm.status = 404;
    crm.existing_id = existing_id(body, crm.message);
    // Codes stand in errors[].code, or in JSON inside the message: anywhere will do.
    const std::string everything = body.dump(-1, ' ', false, json::error_handler_t::replace);
    const auto says = [&](std::string_view code) {
        return everything.find(code) != std::string::npos;
    };
    crm.is_email_taken =
        crm.category == "CONFLICT" || !crm.existing_id.empty() || says("CONFLICTING_UNIQUE_VALUE");
    crm.is_email_invalid = says("INVALID_EMAIL");
    crm.refused_names = refused_names(body, crm.message);
}

/// `body` is an object, a text, or JSON in a text.
void read_body(const json& body, CrmAnswer& crm) {
    if (body.is_object()) {
        read_object_body(body, crm);
        read_limits(body, crm);
        return;
    }
    crm.is_rate_limited = crm.status == 429;
    if (!body.is_string()) return;
    const std::string& text = body.get_ref<const std::string&>();
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    if (start == std::string::npos) return;
    crm.is_page = text[start] == '<';
    if (crm.is_page) return;
    const std::optional<json> inner = text[start] == '{' ? parse(text) : std::nullopt;
    if (inner && inner->is_object()) {
        read_body(*inner, crm);
    } else {
        crm.message = text;
    }
}

std::string lower(std::string text) {
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return text;
}

/// A header's value may be text, a number, or a list of either.
std::string header_text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return value.dump();
    return value.is_array() && !value.empty() && !value.front().is_array()
               ? header_text(value.front())
               : std::string{};
}

void read_headers(const json& headers, CrmAnswer& crm) {
    if (!headers.is_object()) return;
    std::string reset;
    for (const auto& [name, value] : headers.items()) {
        const std::string key = lower(name);
        if (key == "retry-after") crm.retry_after = header_text(value);
        if (key == "x-ratelimit-reset") reset = header_text(value);
        if (key == "x-daily-ratelimit-token-remaining" && header_text(value) == "0") {
            crm.is_daily_limit = true;
        }
        // Refused though calls of this moment are left: the day's budget is spent.
        const bool is_left = key == "x-ratelimit-remaining" && read_number(&value) > 0;
        if (is_left && crm.status == 429) crm.is_daily_limit = true;
    }
    if (crm.retry_after.empty()) crm.retry_after = reset;
}

std::optional<CrmAnswer> read_crm(const json& data) {
    const json* response = find_member(data, "response");
    CrmAnswer crm;
    if (response != nullptr && response->is_object()) {
        crm.status = read_number(find_member(*response, "status"));
        if (const json* headers = find_member(*response, "headers")) read_headers(*headers, crm);
        const json* body = find_member(*response, "data");
        read_body(body == nullptr ? json() : *body, crm);
        return crm;
    }
    if (!looks_like_crm_body(data)) return std::nullopt;
    read_body(data, crm);
    return crm;
}

}  // namespace

Failure read_failure(const std::string& body) {
    Failure failure;
    const std::optional<json> root = parse(body);
    if (!root || !root->is_object()) return failure;
    failure.is_json = true;
    const json* link = &*root;
    while (link != nullptr && link->is_object() && failure.causes.size() < kCausesMax) {
        failure.causes.push_back({.type = read_text(*link, "type"),
                                  .key = read_text(*link, "key"),
                                  .message = read_text(*link, "message")});
        const json* data = find_member(*link, "data");
        if (!failure.crm && data != nullptr) failure.crm = read_crm(*data);
        link = find_member(*link, "causedByError");
    }
    const PlatformCause& outermost = failure.causes.front();
    const bool is_bare = outermost.type.empty() && outermost.key.empty();
    if (is_bare && !failure.crm && looks_like_crm_body(*root)) failure.crm = read_crm(*root);
    return failure;
}

}  // namespace crm::sync
