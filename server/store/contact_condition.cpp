// Search uses the index of pieces where it narrows, and verifies each row by its text: the index
// knows which pieces a contact has, not where they stand.
#include "server/store/contact_condition.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "server/limits.h"
#include "server/store/contact_row.h"
#include "server/store/near_words.h"
#include "shared/text.h"
#include "shared/utf8.h"

namespace crm::store {
namespace {

constexpr std::size_t kPieceChars = 3;
constexpr std::string_view kTag = "tag";

Condition base_condition(const CustomerId& customer, Deleted deleted) {
    Condition base{"customer = ?", {customer.text}};
    if (deleted == Deleted::Hidden) base.sql += " AND deleted_at IS NULL";
    if (deleted == Deleted::Only) base.sql += " AND deleted_at IS NOT NULL";
    return base;
}

/// A string of an FTS5 query.
std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        if (letter == '"') quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

/// `"mul" AND "ull"`; "" for a form that is too short.
std::string pieces_of(std::string_view form) {
    std::vector<std::size_t> starts;
    for (std::size_t position = 0; position < form.size();) {
        starts.push_back(position);
        position += decode_char(form, position).bytes;
    }
    starts.push_back(form.size());
    std::string pieces;
    for (std::size_t index = 0; index + kPieceChars < starts.size(); ++index) {
        const std::size_t begin = starts[index];
        if (!pieces.empty()) pieces += " AND ";
        pieces += quote(form.substr(begin, starts[index + kPieceChars] - begin));
    }
    return pieces;
}

/// What the index can say about the words; "" when each has a form that is too short for it.
std::string pieces_of(const std::vector<SearchForms>& words) {
    std::string all;
    for (const SearchForms& word : words) {
        std::string any;
        for (const std::string& form : word) {
            const std::string pieces = pieces_of(form);
            if (pieces.empty()) {
                any.clear();
                break;
            }
            any += (any.empty() ? "(" : " OR (") + pieces + ")";
        }
        if (!any.empty()) all += (all.empty() ? "(" : " AND (") + any + ")";
    }
    return all;
}

Condition words_condition(const std::vector<SearchForms>& words) {
    // instr(), not LIKE: exact on bytes that are folded already, and nothing needs escaping.
    Condition condition;
    for (const SearchForms& word : words) {
        condition.sql += " AND (";
        for (std::size_t index = 0; index < word.size(); ++index) {
            condition.sql += index == 0 ? "instr(search, ?) > 0" : " OR instr(search, ?) > 0";
            condition.values.emplace_back(word[index]);
        }
        condition.sql += ")";
    }
    return condition;
}

/// Reading contacts one by one by number pays off for few of them.
bool is_narrow(const Connection& connection, const std::string& pieces) {
    Query query(connection,
                "SELECT count(*) FROM (SELECT 1 FROM contact_pieces WHERE contact_pieces MATCH ?"
                " LIMIT ?)");
    query.bind(pieces).bind(kSearchCandidatesMax);
    return query.step() && query.integer(0) < kSearchCandidatesMax;
}

Condition indexed(std::string_view index, const std::string& expression) {
    // CROSS JOIN: in this order, whatever the planner thinks.
    const std::string name(index);
    return {"(SELECT rowid AS hit FROM " + name + " WHERE " + name +
                " MATCH ?) CROSS JOIN contact_number ON number = hit CROSS JOIN contacts"
                " ON contacts.id = contact",
            {expression}};
}

Condition meets_condition(const FilterCondition& condition, FieldKind kind, std::string_view sql) {
    return {"crm_meets(?, ?, " + std::string(sql) + ", ?)",
            {static_cast<std::int64_t>(condition.test),
             static_cast<std::int64_t>(kind),
             condition.value}};
}

Condition any_entry(std::string_view column, const Condition& inner) {
    return {"EXISTS (SELECT 1 FROM json_each(" + std::string(column) + ") WHERE " + inner.sql + ")",
            inner.values};
}

const ListFieldSpec* list_of(const FieldSpec& spec) {
    for (const ListFieldSpec& list : kContactListFields) {
        if (list.primary == spec.member) return &list;
    }
    return nullptr;
}

Condition text_condition(const FieldSpec& spec, const FilterCondition& condition) {
    const std::string column(spec.column);
    const ListFieldSpec* list = list_of(spec);
    std::string is_empty = column + " = ''";
    if (list != nullptr) is_empty += " AND " + std::string(list->column) + " = '[]'";
    if (condition.test == FilterTest::IsEmpty) return {"(" + is_empty + ")", {}};
    if (condition.test == FilterTest::IsNotEmpty) return {"NOT (" + is_empty + ")", {}};
    if (list == nullptr && is_sortable(spec)) {
        const std::string folded = fold(condition.value);
        const std::string sorted = "sort_" + column;
        if (condition.test == FilterTest::Is) return {sorted + " = ?", {folded}};
        return {"instr(" + sorted + ", ?) > 0", {folded}};
    }
    Condition any = meets_condition(condition, spec.kind, column);
    if (list == nullptr) return any;
    any.sql += " OR ";
    any.add(any_entry(
        list->column,
        meets_condition(condition, spec.kind, "json_extract(json_each.value, '$.value')")));
    any.sql = "(" + any.sql + ")";
    return any;
}

Condition tag_condition(const FilterCondition& condition) {
    if (condition.test == FilterTest::IsEmpty) return {"tags = '[]'", {}};
    if (condition.test == FilterTest::IsNotEmpty) return {"tags <> '[]'", {}};
    return any_entry("tags", meets_condition(condition, FieldKind::Line, "json_each.value"));
}

Condition one_condition(const FilterCondition& condition) {
    if (condition.test == FilterTest::Since) {
        const std::string column = condition.field == "createdAt" ? "created_at" : "updated_at";
        const TimePoint since = parse_time(condition.value).value_or(TimePoint::max());
        return {column + " >= ?", {std::int64_t{since.time_since_epoch().count()}}};
    }
    if (condition.field == kTag) return tag_condition(condition);
    const FieldSpec* spec = find_field(condition.field);
    return spec != nullptr ? text_condition(*spec, condition) : Condition{"1", {}};
}

Condition filter_condition(const ContactFilter& filter) {
    if (filter.kind == ContactFilter::Kind::Condition) return one_condition(filter.condition);
    const bool is_all = filter.kind == ContactFilter::Kind::All;
    if (filter.parts.empty()) return {is_all ? "1" : "0", {}};
    Condition joined{"(", {}};
    for (const ContactFilter& part : filter.parts) {
        if (joined.sql.size() > 1) joined.sql += is_all ? " AND " : " OR ";
        joined.add(filter_condition(part));
    }
    joined.sql += ")";
    return joined;
}

Condition everything_but_words(const CustomerId& customer, const ContactQuery& query) {
    Condition where = base_condition(customer, query.deleted);
    if (query.filter.is_everybody()) return where;
    where.sql += " AND ";
    where.add(filter_condition(without_sync(query.filter)));
    return where;
}

/// "jo@exmaple" -> "jo", "exmaple": as the index of words cuts texts.
std::vector<std::string> cut(const std::string& word) {
    std::vector<std::string> parts(1);
    for (const char letter : word) {
        const bool is_ascii = static_cast<unsigned char>(letter) < 0x80;
        const bool is_inner =
            !is_ascii || (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z');
        if (is_inner) {
            parts.back() += letter;
        } else if (!parts.back().empty()) {
            parts.emplace_back();
        }
    }
    if (parts.back().empty()) parts.pop_back();
    return parts;
}

std::vector<NearWord> near_words_of(const std::string& text) {
    std::vector<NearWord> words;
    for (const std::string& word : search_words(text)) {
        for (const std::string& part : cut(word)) words.emplace_back(part);
    }
    return words;
}

using Near = std::multimap<std::size_t, std::string>;  // by distance

std::vector<Near> find_terms(const Connection& connection, const std::vector<NearWord>& words) {
    std::vector<Near> near(words.size());
    Query terms(connection, "SELECT term FROM contact_terms");
    while (terms.step()) {
        const std::string term = terms.text(0);
        for (std::size_t index = 0; index < words.size(); ++index) {
            const auto distance = words[index].distance_to(term);
            if (!distance) continue;
            near[index].emplace(*distance, term);
            if (near[index].size() > kSearchTermsMax)
                near[index].erase(std::prev(near[index].end()));
        }
    }
    return near;
}

int number(sqlite3_value* value) {
    return sqlite3_value_int(value);
}

std::string_view text(sqlite3_value* value) {
    const void* bytes = sqlite3_value_blob(value);
    const int size = sqlite3_value_bytes(value);
    return bytes == nullptr
               ? std::string_view{}
               : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

void run_meets(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    const auto test = static_cast<FilterTest>(number(values[0]));
    const auto kind = static_cast<FieldKind>(number(values[1]));
    sqlite3_result_int(context, meets(test, kind, text(values[2]), text(values[3])) ? 1 : 0);
}

}  // namespace

void Condition::add(const Condition& other) {
    sql += other.sql;
    values.insert(values.end(), other.values.begin(), other.values.end());
}

void bind_values(Query& query, const std::vector<SqlValue>& values) {
    for (const SqlValue& value : values) {
        std::visit([&](const auto& held) { query.bind(held); }, value);
    }
}

Source find_as_written(const Connection& connection,
                       const CustomerId& customer,
                       const ContactQuery& query) {
    Source source{{"contacts", {}}, everything_but_words(customer, query)};
    const std::vector<SearchForms> words = search_forms(query.text);
    if (words.empty()) return source;
    source.where.add(words_condition(words));
    const std::string pieces = pieces_of(words);
    if (!pieces.empty() && is_narrow(connection, pieces)) {
        source.from = indexed("contact_pieces", pieces);
    }
    return source;
}

std::optional<Source> find_nearby(const Connection& connection,
                                  const CustomerId& customer,
                                  const ContactQuery& query) {
    const std::vector<NearWord> words = near_words_of(query.text);
    if (words.empty()) return std::nullopt;
    std::string expression;
    for (const Near& near : find_terms(connection, words)) {
        if (near.empty()) return std::nullopt;
        expression += expression.empty() ? "(" : " AND (";
        for (auto term = near.begin(); term != near.end(); ++term) {
            expression += (term == near.begin() ? "" : " OR ") + quote(term->second);
        }
        expression += ")";
    }
    return Source{indexed("contact_words", expression), everything_but_words(customer, query)};
}

void add_filter_function(SQLite::Database& database) {
    constexpr int kArguments = 4;
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    sqlite3_create_function_v2(database.getHandle(),
                               "crm_meets",
                               kArguments,
                               kFlags,
                               nullptr,
                               &run_meets,
                               nullptr,
                               nullptr,
                               nullptr);
}

}  // namespace crm::store
