// A list by id is read page by page; everything else looks at all records of the customer.
#include "server/sandbox/pipedrive_read.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/hubspot_wire.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/pipedrive.h"
#include "server/sandbox/pipedrive_wire.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

constexpr std::array<std::string_view, 3> kSortFields = {"id", "update_time", "add_time"};

Response bad_request(std::string_view message) {
    return pipedrive_response(pipedrive_refusal(400, message));
}

Result<std::vector<Record>> all_records(Session& session, Shown shown) {
    return session.list(
        {.system = System::Pipedrive, .shown = shown, .limit = kSandboxSearchedMax});
}

// "2026-01-31T09:12:00Z": whole seconds, and nothing else.
std::optional<TimePoint> read_second(const std::string& text) {
    if (text.find('.') != std::string::npos || text.find('T') == std::string::npos) {
        return std::nullopt;
    }
    return parse_time(text);
}

struct ListQuery {
    std::size_t limit = kSandboxPageRecords;
    std::optional<PersonCursor> after;
    PersonCursor order;  // field and direction
    std::vector<std::int64_t> ids;
    std::optional<TimePoint> since;
    std::optional<TimePoint> until;

    [[nodiscard]] bool is_plain() const {
        return ids.empty() && !since && !until && order.field == "id" && !order.is_descending;
    }
};

std::optional<CrmRefusal> read_order(const Request& request, ListQuery& query) {
    if (const std::string field = request.parameter("sort_by"); !field.empty()) {
        if (std::find(kSortFields.begin(), kSortFields.end(), field) == kSortFields.end()) {
            return pipedrive_refusal(400, "sort_by must be id, update_time or add_time");
        }
        query.order.field = field;
    }
    const std::string direction = request.parameter("sort_direction");
    if (!direction.empty() && direction != "asc" && direction != "desc") {
        return pipedrive_refusal(400, "sort_direction must be asc or desc");
    }
    query.order.is_descending = direction == "desc";
    return std::nullopt;
}

std::optional<CrmRefusal> read_choice(const Request& request, ListQuery& query) {
    for (const std::string& text : split_list(request.parameter("ids"), ',')) {
        const std::optional<std::int64_t> id = parse_id(text);
        if (!id) return pipedrive_refusal(400, "ids must be whole numbers");
        query.ids.push_back(*id);
    }
    if (query.ids.size() > kPipedriveIdsMax) return pipedrive_refusal(400, "At most 100 ids");
    const std::pair<const char*, std::optional<TimePoint>*> times[] = {
        {"updated_since", &query.since}, {"updated_until", &query.until}};
    for (const auto& [name, time] : times) {
        const std::string text = request.parameter(name);
        if (text.empty()) continue;
        *time = read_second(text);
        if (!*time) {
            return pipedrive_refusal(
                400, std::string(name) + " must be a time like 2026-01-31T09:12:00Z");
        }
    }
    return std::nullopt;
}

std::variant<ListQuery, CrmRefusal> read_list_query(const Request& request) {
    ListQuery query;
    const auto limit = read_pipedrive_limit(request);
    if (!limit) return pipedrive_refusal(400, "limit must be from 1 to 500");
    query.limit = *limit;
    if (auto problem = read_order(request, query)) return std::move(*problem);
    if (auto problem = read_choice(request, query)) return std::move(*problem);
    const std::string cursor = request.parameter("cursor");
    if (cursor.empty()) return query;
    query.after = read_cursor(cursor);
    const bool is_same_order = query.after && query.after->field == query.order.field &&
                               query.after->is_descending == query.order.is_descending;
    if (!is_same_order) return pipedrive_refusal(400, "The cursor is not one of this list");
    return query;
}

std::int64_t sort_value(const Record& record, const std::string& field) {
    if (field == "update_time") return record.updated_at.time_since_epoch().count();
    if (field == "add_time") return record.created_at.time_since_epoch().count();
    return record.id;
}

bool is_chosen(const ListQuery& query, const Record& record) {
    if (query.since && record.updated_at < *query.since) return false;
    if (query.until && record.updated_at >= *query.until) return false;
    return query.ids.empty() ||
           std::find(query.ids.begin(), query.ids.end(), record.id) != query.ids.end();
}

// Behind the cursor, in order, one more than a page.
Result<std::vector<Record>> records_of(Session& session, const ListQuery& query) {
    if (query.is_plain()) {
        return session.list({.system = System::Pipedrive,
                             .from_id = query.after ? query.after->id + 1 : 0,
                             .limit = query.limit + 1});
    }
    using Key = std::pair<std::int64_t, std::int64_t>;
    const auto key = [&](const Record& record) {
        return Key(sort_value(record, query.order.field), record.id);
    };
    const auto is_before = [&](const Key& left, const Key& right) {
        return query.order.is_descending ? left > right : left < right;
    };
    std::vector<Record> records = CRM_TRY(all_records(session, Shown::Live));
    std::erase_if(records, [&](const Record& record) {
        if (!is_chosen(query, record)) return true;
        return query.after && !is_before(Key(query.after->value, query.after->id), key(record));
    });
    std::sort(records.begin(), records.end(), [&](const Record& left, const Record& right) {
        return is_before(key(left), key(right));
    });
    if (records.size() > query.limit + 1) records.resize(query.limit + 1);
    return records;
}

// --- Search ---------------------------------------------------------------------------------

struct SearchQuery {
    std::string term;  // folded
    std::vector<std::string> fields;
    bool is_exact = false;
    std::size_t limit = kSandboxPageRecords;
    std::size_t start = 0;
};

std::variant<SearchQuery, CrmRefusal> read_search(PersonVersion version, const Request& request) {
    SearchQuery query{.term = fold(request.parameter("term")),
                      .fields = split_list(request.parameter("fields"), ',')};
    const std::string exact = request.parameter("exact_match");
    query.is_exact = exact == "true" || exact == "1";
    if (count_chars(query.term) < (query.is_exact ? 1U : 2U)) {
        return pipedrive_refusal(400, "term must have at least 2 characters, 1 with exact_match");
    }
    if (query.fields.empty()) query.fields = {"name", "email", "phone"};
    const auto limit = read_pipedrive_limit(request);
    if (!limit) return pipedrive_refusal(400, "limit must be from 1 to 500");
    query.limit = *limit;
    const std::string cursor = request.parameter("cursor");
    if (version == PersonVersion::V2 && !cursor.empty()) {
        const auto place = read_cursor(cursor);
        if (!place || place->field != "start" || place->value < 0) {
            return pipedrive_refusal(400, "The cursor is not one of this search");
        }
        query.start = static_cast<std::size_t>(place->value);
        return query;
    }
    const auto start = read_pipedrive_start(request);
    if (!start) return pipedrive_refusal(400, "The start must be a whole number");
    query.start = *start;
    return query;
}

bool is_found(const SearchQuery& query, const Record& record) {
    const auto fits = [&](const std::string& value) {
        const std::string folded = fold(value);
        return query.is_exact ? folded == query.term : folded.find(query.term) != std::string::npos;
    };
    const auto any = [&](const std::vector<Reach>& list) {
        return std::any_of(
            list.begin(), list.end(), [&](const Reach& reach) { return fits(reach.value); });
    };
    return std::any_of(query.fields.begin(), query.fields.end(), [&](const std::string& field) {
        if (field == "name") return fits(record.name);
        if (field == "email") return any(record.emails);
        return field == "phone" && any(record.phones);
    });
}

Json values_json(const std::vector<Reach>& list) {
    Json values = Json::array();
    for (const Reach& reach : list) values.push(reach.value);
    return values;
}

// No times, no first name, and no word about which address is the primary one.
Json item_json(const Record& record) {
    Json item = Json::object({{"id", record.id},
                              {"type", "person"},
                              {"name", record.name},
                              {"phones", values_json(record.phones)},
                              {"emails", values_json(record.emails)},
                              {"visible_to", 3},
                              {"owner", Json::object({{"id", 1}})},
                              {"organization", nullptr},
                              {"custom_fields", Json::array()},
                              {"notes", Json::array()}});
    return Json::object({{"result_score", 0.5}, {"item", std::move(item)}});
}

Json person_array(const std::vector<Record>& records, PersonVersion version) {
    Json data = Json::array();
    for (const Record& record : records) data.push(pipedrive_person(record, version));
    return data;
}

// One page of records that are all at hand.
template <class T>
bool cut_page(std::vector<T>& all, std::size_t start, std::size_t limit) {
    const std::size_t begin = std::min(start, all.size());
    const bool has_more = all.size() - begin > limit;
    const std::size_t end = has_more ? begin + limit : all.size();
    all = std::vector<T>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                         all.begin() + static_cast<std::ptrdiff_t>(end));
    return has_more;
}

}  // namespace

Result<Response> list_persons_by_start(Session& session, const Request& request) {
    const auto limit = read_pipedrive_limit(request);
    const auto start = read_pipedrive_start(request);
    if (!limit) return bad_request("limit must be from 1 to 500");
    if (!start) return bad_request("The start must be a whole number");
    const PageAnswer answer =
        CRM_TRY(crm_of(System::Pipedrive)
                    .list(session, {.cursor = std::to_string(*start), .limit = *limit}));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return pipedrive_response(*refusal);
    const Page& page = std::get<Page>(answer);
    return pipedrive_v1(200,
                        person_array(page.records, PersonVersion::V1),
                        start_paging(*start, *limit, !page.cursor.empty()));
}

Result<Response> list_persons_by_cursor(Session& session,
                                        PersonVersion version,
                                        const Request& request) {
    const auto read = read_list_query(request);
    if (const auto* refusal = std::get_if<CrmRefusal>(&read)) return pipedrive_response(*refusal);
    const auto& query = std::get<ListQuery>(read);
    std::vector<Record> records = CRM_TRY(records_of(session, query));
    Json next;
    if (records.size() > query.limit) {
        records.pop_back();
        PersonCursor cursor = query.order;
        cursor.id = records.back().id;
        cursor.value = sort_value(records.back(), cursor.field);
        next = write_cursor(cursor);
    }
    Json data = Json::array();
    for (const Record& record : records) {
        data.push(version == PersonVersion::V1 ? pipedrive_flat_person(record)
                                               : pipedrive_person(record, version));
    }
    return pipedrive_page(std::move(data), Json::object({{"next_cursor", next}}));
}

Result<Response> list_recents(Session& session, const Request& request) {
    const auto since = parse_time(request.parameter("since_timestamp"));
    const auto limit = read_pipedrive_limit(request);
    const auto start = read_pipedrive_start(request);
    if (!since) return bad_request("since_timestamp must be a time like 2026-01-31 09:12:00");
    if (!limit || !start) return bad_request("start and limit must be whole numbers");
    const std::string items = request.parameter("items");
    std::vector<Record> changed;
    if (items.empty() || items.find("person") != std::string::npos) {
        changed = CRM_TRY(all_records(session, Shown::Live));
        const std::vector<Record> gone = CRM_TRY(all_records(session, Shown::Deleted));
        changed.insert(changed.end(), gone.begin(), gone.end());
    }
    std::erase_if(changed, [&](const Record& record) { return record.updated_at < *since; });
    std::sort(changed.begin(), changed.end(), [](const Record& left, const Record& right) {
        return std::pair(left.updated_at, left.id) < std::pair(right.updated_at, right.id);
    });
    const bool has_more = cut_page(changed, *start, *limit);
    Json data = Json::array();
    for (const Record& record : changed) {
        data.push(Json::object(
            {{"item", "person"}, {"id", record.id}, {"data", pipedrive_flat_person(record)}}));
    }
    Json additional = start_paging(*start, *limit, has_more);
    additional.set("since_timestamp", plain_time(*since));
    additional.set("last_timestamp_on_page",
                   plain_time(changed.empty() ? *since : changed.back().updated_at));
    return pipedrive_page(std::move(data), std::move(additional));
}

Result<Response> search_persons(Session& session, PersonVersion version, const Request& request) {
    const auto read = read_search(version, request);
    if (const auto* refusal = std::get_if<CrmRefusal>(&read)) return pipedrive_response(*refusal);
    const auto& query = std::get<SearchQuery>(read);
    std::vector<Record> found = CRM_TRY(all_records(session, Shown::Live));
    std::erase_if(found, [&](const Record& record) { return !is_found(query, record); });
    const bool has_more = cut_page(found, query.start, query.limit);
    Json items = Json::array();
    for (const Record& record : found) items.push(item_json(record));
    Json data = Json::object({{"items", std::move(items)}});
    if (version == PersonVersion::V1) {
        return pipedrive_page(std::move(data), start_paging(query.start, query.limit, has_more));
    }
    const auto next = static_cast<std::int64_t>(query.start + query.limit);
    return pipedrive_page(
        std::move(data),
        Json::object({{"next_cursor",
                       has_more ? Json(write_cursor({.field = "start", .value = next, .id = 0}))
                                : Json()}}));
}

}  // namespace crm::sandbox
