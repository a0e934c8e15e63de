#include "server/store/sync_text.h"

#include <charconv>

#include "shared/url.h"

namespace crm::store {

std::int64_t read_number(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

using sync::FieldTexts;
using sync::IntentKind;

std::string write_texts(const FieldTexts& texts) {
    return format_query(QueryParams(texts.begin(), texts.end()));
}

FieldTexts read_texts(const std::string& text) {
    const std::optional<QueryParams> params = parse_query(text);
    return params ? FieldTexts(params->begin(), params->end()) : FieldTexts();
}

std::string_view kind_text(IntentKind kind) {
    switch (kind) {
        case IntentKind::Create:
            return "create";
        case IntentKind::Update:
            return "update";
        case IntentKind::Delete:
            return "delete";
    }
    return "update";
}

IntentKind parse_kind(const std::string& text) {
    if (text == "create") return IntentKind::Create;
    return text == "delete" ? IntentKind::Delete : IntentKind::Update;
}

std::string write_parked(const sync::ParkedValue& parked) {
    return write_texts({{"app", parked.app},
                        {"code", parked.code},
                        {"message", parked.message},
                        {"since", std::to_string(parked.since.time_since_epoch().count())}});
}

sync::ParkedValue read_parked(const std::string& text) {
    FieldTexts texts = read_texts(text);
    sync::ParkedValue parked;
    parked.app = texts["app"];
    parked.code = texts["code"];
    parked.message = texts["message"];
    parked.since = TimePoint(std::chrono::milliseconds(read_number(texts["since"])));
    return parked;
}

// "left=3:value", "flip=5" and "back=1700000000000" as often as they come, and "frozen=1".
std::string write_oscillation(const sync::Oscillation& oscillation) {
    QueryParams params;
    for (const auto& [raw, cycle] : oscillation.left) {
        params.emplace_back("left", std::to_string(cycle) + ":" + raw);
    }
    for (const std::int64_t cycle : oscillation.flips) {
        params.emplace_back("flip", std::to_string(cycle));
    }
    for (const TimePoint at : oscillation.turned_back) {
        params.emplace_back("back", std::to_string(at.time_since_epoch().count()));
    }
    if (oscillation.is_frozen) params.emplace_back("frozen", "1");
    return format_query(params);
}

sync::Oscillation read_oscillation(const std::string& text) {
    sync::Oscillation oscillation;
    const std::optional<QueryParams> params = parse_query(text);
    if (!params) return oscillation;
    for (const auto& [name, value] : *params) {
        if (name == "frozen") {
            oscillation.is_frozen = true;
        } else if (name == "flip") {
            oscillation.flips.push_back(read_number(value));
        } else if (name == "back") {
            oscillation.turned_back.emplace_back(std::chrono::milliseconds(read_number(value)));
        } else if (const std::size_t colon = value.find(':'); colon != std::string::npos) {
            oscillation.left.emplace_back(value.substr(colon + 1),
                                          read_number(std::string_view(value).substr(0, colon)));
        }
    }
    return oscillation;
}

std::optional<TimePoint> time_or_none(const Query& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return query.time(column);
}

}  // namespace crm::store
