// Walks a finished record once; what no rule speaks of is passed on.
#include "server/sandbox/record_dialect.h"

#include <string>
#include <string_view>

namespace crm::sandbox {
namespace {

bool is_time(std::string_view name) {
    return name == "createdTime" || name == "updatedTime";
}

// "2026-01-31T09:12:00.000Z" -> "2026-01-31 09:12:00"
std::string plain_time(const std::string& iso) {
    constexpr std::size_t kSeconds = 19;
    std::string text = iso.substr(0, kSeconds);
    if (text.size() == kSeconds) text[10] = ' ';
    return text;
}

Json without_types(const Json& list) {
    Json bare = Json::array();
    if (list.items() == nullptr) return list;
    for (const Json& item : *list.items()) {
        bare.push(Json::object({{"value", item.text_at("value")}}));
    }
    return bare;
}

Json fields_in_dialect(const Json& fields, const RecordDialect& dialect) {
    if (fields.members() == nullptr) return fields;
    Json told = Json::object();
    for (const Json::Member& member : *fields.members()) {
        const bool is_list = member.name == "emails" || member.name == "phones";
        if (dialect.has_plain_times && is_time(member.name) && member.value.text() != nullptr) {
            told.set(member.name, plain_time(*member.value.text()));
        } else if (dialect.has_bare_lists && is_list) {
            told.set(member.name, without_types(member.value));
        } else {
            told.set(member.name, member.value);
        }
    }
    return told;
}

}  // namespace

Json in_dialect(const Json& data_record, const Record& record, const RecordDialect& dialect) {
    if (dialect == RecordDialect{}) return data_record;
    Json told = Json::object();
    for (const Json::Member& member : *data_record.members()) {
        if (is_time(member.name)) {
            if (dialect.has_no_times) continue;
            const std::string* text = member.value.text();
            const bool is_plain = dialect.has_plain_times && text != nullptr;
            told.set(member.name, is_plain ? Json(plain_time(*text)) : member.value);
        } else if (member.name == "id" && dialect.has_number_ids) {
            told.set("id", record.id);
        } else if (member.name == "fields" || member.name == "unifiedFields") {
            told.set(member.name, fields_in_dialect(member.value, dialect));
        } else {
            told.set(member.name, member.value);
        }
    }
    return told;
}

}  // namespace crm::sandbox
