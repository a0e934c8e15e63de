#include "server/store/sync_text.h"

#include "shared/url.h"

namespace crm::store {

using sync::FieldTexts;
using sync::HoldReason;
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

std::string_view reason_text(HoldReason reason) {
    switch (reason) {
        case HoldReason::NoEmail:
            return "no_email";
        case HoldReason::Invalid:
            return "invalid";
        case HoldReason::Duplicate:
            return "duplicate";
        case HoldReason::Suppressed:
            return "suppressed";
        case HoldReason::Restored:
            return "restored";
    }
    return "invalid";
}

HoldReason parse_reason(const std::string& text) {
    if (text == "no_email") return HoldReason::NoEmail;
    if (text == "duplicate") return HoldReason::Duplicate;
    if (text == "suppressed") return HoldReason::Suppressed;
    return text == "restored" ? HoldReason::Restored : HoldReason::Invalid;
}

std::optional<TimePoint> time_or_none(const Query& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return query.time(column);
}

}  // namespace crm::store
