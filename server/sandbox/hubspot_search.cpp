// Reads the whole question first, then looks at every live contact: groups are alternatives, the
// filters of a group must all hold.
#include "server/sandbox/hubspot_search.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "server/sandbox/hubspot.h"
#include "server/sandbox/hubspot_wire.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/rest.h"
#include "shared/text.h"
#include "shared/time_text.h"

namespace crm::sandbox {
namespace {

enum class Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Between,
    In,
    NotIn,
    HasProperty,
    HasNoProperty,
    ContainsToken,
    ContainsNoToken,
};

constexpr std::pair<std::string_view, Operator> kOperators[] = {
    {"EQ", Operator::Equal},
    {"NEQ", Operator::NotEqual},
    {"LT", Operator::Less},
    {"LTE", Operator::LessOrEqual},
    {"GT", Operator::Greater},
    {"GTE", Operator::GreaterOrEqual},
    {"BETWEEN", Operator::Between},
    {"IN", Operator::In},
    {"NOT_IN", Operator::NotIn},
    {"HAS_PROPERTY", Operator::HasProperty},
    {"NOT_HAS_PROPERTY", Operator::HasNoProperty},
    {"CONTAINS_TOKEN", Operator::ContainsToken},
    {"NOT_CONTAINS_TOKEN", Operator::ContainsNoToken}};

struct Filter {
    const HubSpotProperty* property = nullptr;
    Operator kind = Operator::Equal;
    std::string value;
    std::string high_value;
    std::vector<std::string> values;
};

struct Question {
    std::vector<std::vector<Filter>> groups;
    std::vector<std::string> words;
    std::vector<std::string> properties;
    const HubSpotProperty* sort = nullptr;
    bool is_descending = false;
    std::size_t limit = kHubSpotPageDefault;
    std::size_t after = 0;
};

CrmRefusal bad_question(std::string_view message) {
    return hubspot_refusal(400, "VALIDATION_ERROR", message);
}

CrmRefusal no_property(std::string_view name) {
    return bad_question("There was a problem with the request: the property " + std::string(name) +
                        " does not exist");
}

// A number, or the milliseconds of a time: both come as text.
std::optional<std::int64_t> as_number(std::string_view text) {
    if (const auto number = parse_id(text)) return number;
    const auto time = parse_time(text);
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
}

bool is_text(const HubSpotProperty& property) {
    return property.type == "string";
}

// <0, 0, >0.
int compare(const HubSpotProperty& property, const std::string& left, const std::string& right) {
    if (!is_text(property)) {
        const auto a = as_number(left).value_or(0);
        const auto b = as_number(right).value_or(0);
        return a < b ? -1 : (a > b ? 1 : 0);
    }
    return lower_text(left).compare(lower_text(right));
}

std::vector<std::string> tokens_of(std::string_view text) {
    std::vector<std::string> tokens(1);
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        const bool is_word = byte >= 0x80 || (byte >= '0' && byte <= '9') ||
                             (byte >= 'a' && byte <= 'z') || byte == '*';
        if (is_word) {
            tokens.back() += each;
        } else if (!tokens.back().empty()) {
            tokens.emplace_back();
        }
    }
    if (tokens.back().empty()) tokens.pop_back();
    return tokens;
}

// '*' at either end of the pattern stands for anything.
bool fits(std::string_view token, std::string_view pattern) {
    const bool is_open_before = pattern.starts_with('*');
    if (is_open_before) pattern.remove_prefix(1);
    const bool is_open_after = pattern.ends_with('*');
    if (is_open_after) pattern.remove_suffix(1);
    if (is_open_before && is_open_after) return token.find(pattern) != std::string_view::npos;
    if (is_open_before) return token.ends_with(pattern);
    return is_open_after ? token.starts_with(pattern) : token == pattern;
}

bool contains_tokens(const std::string& value, const std::string& wanted) {
    const std::vector<std::string> tokens = tokens_of(fold(value));
    const std::vector<std::string> patterns = tokens_of(fold(wanted));
    return !patterns.empty() &&
           std::all_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
               return std::any_of(tokens.begin(), tokens.end(), [&](const std::string& token) {
                   return fits(token, pattern);
               });
           });
}

bool is_among(const Filter& filter, const std::string& value) {
    return std::any_of(filter.values.begin(), filter.values.end(), [&](const std::string& each) {
        return is_text(*filter.property) ? lower_text(value) == each
                                         : compare(*filter.property, value, each) == 0;
    });
}

bool holds(const Filter& filter, const std::optional<std::string>& value) {
    const auto order = [&](const std::string& other) {
        return compare(*filter.property, *value, other);
    };
    switch (filter.kind) {
        case Operator::HasProperty:
            return value.has_value();
        case Operator::HasNoProperty:
            return !value;
        case Operator::NotEqual:
            return !value || order(filter.value) != 0;
        case Operator::NotIn:
            return value && !is_among(filter, *value);
        case Operator::ContainsNoToken:
            return !value || !contains_tokens(*value, filter.value);
        case Operator::Equal:
            return value && order(filter.value) == 0;
        case Operator::Less:
            return value && order(filter.value) < 0;
        case Operator::LessOrEqual:
            return value && order(filter.value) <= 0;
        case Operator::Greater:
            return value && order(filter.value) > 0;
        case Operator::GreaterOrEqual:
            return value && order(filter.value) >= 0;
        case Operator::Between:
            return value && order(filter.value) >= 0 && order(filter.high_value) <= 0;
        case Operator::In:
            return value && is_among(filter, *value);
        case Operator::ContainsToken:
            return value && contains_tokens(*value, filter.value);
    }
    return false;
}

std::optional<std::string> value_in(const Json& properties, std::string_view name) {
    const Json* value = properties.find(name);
    if (value == nullptr || value->text() == nullptr) return std::nullopt;
    return *value->text();
}

bool has_words(const Json& properties, const std::vector<std::string>& words) {
    std::string all;
    for (const std::string_view name : {"firstname", "lastname", "email", "company", "phone"}) {
        const auto value = value_in(properties, name);
        if (!value) continue;
        all += "\n" + fold(*value);
        // HubSpot looks a number up without its country code and signs.
        if (name == "phone") all += "\n" + digits_of(*value);
    }
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
        return all.find(word) != std::string::npos;
    });
}

bool is_found(const Question& question, const Json& properties) {
    if (!has_words(properties, question.words)) return false;
    if (question.groups.empty()) return true;
    return std::any_of(question.groups.begin(), question.groups.end(), [&](const auto& group) {
        return std::all_of(group.begin(), group.end(), [&](const Filter& filter) {
            return holds(filter, value_in(properties, filter.property->name));
        });
    });
}

// What an operator needs beside the name of the property.
std::optional<CrmRefusal> check_values(const Filter& filter, const Json& json) {
    const bool is_list = filter.kind == Operator::In || filter.kind == Operator::NotIn;
    const bool is_bare =
        filter.kind == Operator::HasProperty || filter.kind == Operator::HasNoProperty;
    if (is_list && filter.values.empty()) return bad_question("IN and NOT_IN need \"values\"");
    const Json* value = json.find("value");
    if (!is_list && !is_bare && (value == nullptr || value->text() == nullptr)) {
        return bad_question("A filter needs a \"value\", which is text");
    }
    if (filter.kind == Operator::Between && filter.high_value.empty()) {
        return bad_question("BETWEEN needs a \"highValue\"");
    }
    if (is_text(*filter.property) || is_list || is_bare) return std::nullopt;
    if (as_number(filter.value)) return std::nullopt;
    return bad_question("The value of " + std::string(filter.property->name) +
                        " is neither a number nor a time");
}

std::variant<Filter, CrmRefusal> read_filter(const Json& json) {
    const std::string name = json.text_at("propertyName");
    Filter filter{.property = find_hubspot_property(name),
                  .value = json.text_at("value"),
                  .high_value = json.text_at("highValue"),
                  .values = texts_at(json, "values")};
    if (filter.property == nullptr) return no_property(name);
    const std::string word = json.text_at("operator");
    const auto* const known = std::find_if(std::begin(kOperators),
                                           std::end(kOperators),
                                           [&](const auto& each) { return each.first == word; });
    if (known == std::end(kOperators)) return bad_question("Unknown operator \"" + word + "\"");
    filter.kind = known->second;
    if (auto problem = check_values(filter, json)) return std::move(*problem);
    return filter;
}

std::optional<CrmRefusal> read_groups(const Json& body, Question& question) {
    const Json* groups = body.find("filterGroups");
    if (groups == nullptr || groups->items() == nullptr) return std::nullopt;
    if (groups->items()->size() > kHubSpotFilterGroupsMax)
        return bad_question("At most 5 filterGroups");
    std::size_t count = 0;
    for (const Json& group : *groups->items()) {
        const Json* filters = group.find("filters");
        if (filters == nullptr || filters->items() == nullptr || filters->items()->empty()) {
            return bad_question("A filter group needs \"filters\"");
        }
        count += filters->items()->size();
        if (filters->items()->size() > kHubSpotFiltersMax || count > kHubSpotAllFiltersMax) {
            return bad_question("At most 6 filters in a group, and 18 in all");
        }
        question.groups.emplace_back();
        for (const Json& each : *filters->items()) {
            auto filter = read_filter(each);
            if (auto* problem = std::get_if<CrmRefusal>(&filter)) return std::move(*problem);
            question.groups.back().push_back(std::get<Filter>(std::move(filter)));
        }
    }
    return std::nullopt;
}

// `["-createdate"]`, or `[{"propertyName","direction"}]`.
std::optional<CrmRefusal> read_sort(const Json& body, Question& question) {
    const Json* sorts = body.find("sorts");
    if (sorts == nullptr || sorts->items() == nullptr || sorts->items()->empty()) {
        return std::nullopt;
    }
    if (sorts->items()->size() > 1) return bad_question("Only one sort is allowed");
    const Json& sort = sorts->items()->front();
    std::string name = sort.text() != nullptr ? *sort.text() : sort.text_at("propertyName");
    question.is_descending = name.starts_with('-') || sort.text_at("direction") == "DESCENDING";
    if (name.starts_with('-')) name.erase(0, 1);
    question.sort = find_hubspot_property(name);
    if (question.sort == nullptr) return no_property(name);
    return std::nullopt;
}

std::optional<CrmRefusal> read_place(const Json& body, Question& question) {
    if (const Json* limit = body.find("limit"); limit != nullptr && !limit->is_null()) {
        const auto number = limit->integer().value_or(-1);
        if (number < 0 || number > static_cast<std::int64_t>(kHubSpotSearchPageMax)) {
            return bad_question("limit must be from 0 to 200");
        }
        question.limit = static_cast<std::size_t>(number);
    }
    const std::string after = body.text_at("after");
    if (!after.empty()) {
        const auto number = parse_id(after);
        if (!number) return bad_question("after must be the one of the page before");
        question.after = static_cast<std::size_t>(*number);
    }
    if (question.after + question.limit > kHubSpotSearchMax) {
        return bad_question("Paging goes no further than 10000 results of one query");
    }
    return std::nullopt;
}

std::variant<Question, CrmRefusal> read_question(const Request& request) {
    if (count_chars(request.body) > kHubSpotSearchCharsMax) {
        return bad_question("The body of a search has at most 3000 characters");
    }
    const std::optional<Json> body = Json::parse(request.body);
    if (!body || body->members() == nullptr) return bad_question("Invalid input JSON");
    Question question{.properties = texts_at(*body, "properties")};
    question.words = split_list(fold(body->text_at("query")), ' ');
    if (auto problem = read_groups(*body, question)) return std::move(*problem);
    if (auto problem = read_sort(*body, question)) return std::move(*problem);
    if (auto problem = read_place(*body, question)) return std::move(*problem);
    return question;
}

// Without a sort the oldest come first; of equal ones those with the smaller id.
void sort_records(const Question& question, std::vector<Record>& records) {
    if (question.sort == nullptr) return;
    std::vector<std::pair<std::string, Record>> keyed;
    keyed.reserve(records.size());
    for (Record& record : records) {
        const std::string key =
            value_in(hubspot_properties(record), question.sort->name).value_or("");
        keyed.emplace_back(key, std::move(record));
    }
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& left, const auto& right) {
        const int order = compare(*question.sort, left.first, right.first);
        return question.is_descending ? order > 0 : order < 0;
    });
    records.clear();
    for (auto& [key, record] : keyed) records.push_back(std::move(record));
}

Json results_json(const Question& question, const std::vector<Record>& found) {
    const std::size_t end = std::min(found.size(), question.after + question.limit);
    Json results = Json::array();
    for (std::size_t i = question.after; i < end; ++i) {
        results.push(contact_json(found[i], question.properties));
    }
    Json body = Json::object({{"total", found.size()}, {"results", std::move(results)}});
    if (end < found.size() && end > question.after) {
        body.set("paging",
                 Json::object({{"next", Json::object({{"after", std::to_string(end)}})}}));
    }
    return body;
}

}  // namespace

Result<Response> search_contacts(Session& session, const Request& request) {
    const auto read = read_question(request);
    if (const auto* refusal = std::get_if<CrmRefusal>(&read)) return refusal_response(*refusal);
    const auto& question = std::get<Question>(read);
    std::vector<Record> found =
        CRM_TRY(session.list({.system = System::HubSpot, .limit = kSandboxSearchedMax}));
    std::erase_if(found, [&](const Record& record) {
        return !is_found(question, hubspot_properties(record));
    });
    sort_records(question, found);
    return json_response(200, results_json(question, found));
}

}  // namespace crm::sandbox
