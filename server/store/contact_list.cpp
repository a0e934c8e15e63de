// Lists of contacts: the SQL that says what shared/contact_query's matches() and less() say.
//
// Pages are told by the values of the last row (keyset), so a page costs the same wherever it is,
// and rows that come or go between two pages shift nothing.
#include <algorithm>
#include <utility>

#include "server/store/contact_condition.h"
#include "server/store/contact_row.h"
#include "server/store/contact_store.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "shared/limits.h"

namespace crm::store {
namespace {

/// One expression of ORDER BY, and its value at the end of the page before.
struct Term {
    std::string sql;
    bool is_descending = false;
    SqlValue after;
};

Error bad_cursor() {
    return Error{ErrorCode::BadRequest,
                 "The cursor does not belong to this list; start again at the first page"};
}

std::vector<SortKey> sort_of(const std::vector<SortKey>& asked) {
    return asked.empty() ? std::vector<SortKey>{{"name"}} : asked;
}

std::string time_column(std::string_view field) {
    if (field == "createdAt") return "created_at";
    if (field == "updatedAt") return "updated_at";
    return "";
}

/// An empty text comes last in both directions, so it is a term of its own.
Status add_text_terms(std::vector<Term>& terms, const SortKey& key, const std::string& after) {
    const FieldSpec* spec = find_field(key.field);
    if (spec == nullptr || !is_sortable(*spec)) {
        return Error{ErrorCode::BadRequest, "Contacts cannot be sorted by " + key.field};
    }
    const std::string column = "sort_" + std::string(spec->column);
    terms.push_back({"(" + column + " = '')", false, std::int64_t{after.empty() ? 1 : 0}});
    terms.push_back({column, key.is_descending, after});
    return {};
}

Status add_time_term(std::vector<Term>& terms, const SortKey& key, const std::string& after) {
    std::int64_t milliseconds = 0;
    if (!after.empty()) {
        const std::optional<TimePoint> time = parse_time(after);
        if (!time) return bad_cursor();
        milliseconds = time->time_since_epoch().count();
    }
    terms.push_back({time_column(key.field), key.is_descending, milliseconds});
    return {};
}

Result<std::vector<Term>> make_terms(const std::vector<SortKey>& sort, const Cursor& after) {
    std::vector<Term> terms;
    for (std::size_t index = 0; index < sort.size(); ++index) {
        const SortKey& key = sort[index];
        const std::string value = index < after.values.size() ? after.values[index] : "";
        if (time_column(key.field).empty()) {
            CRM_TRY(add_text_terms(terms, key, value));
        } else {
            CRM_TRY(add_time_term(terms, key, value));
        }
    }
    terms.push_back({"id", false, after.id});
    return terms;
}

std::string make_order(const std::vector<Term>& terms) {
    std::string sql;
    for (const Term& term : terms) {
        sql += (sql.empty() ? " ORDER BY " : ", ") + term.sql;
        if (term.is_descending) sql += " DESC";
    }
    return sql;
}

/// (a > ?) OR (a = ? AND b > ?) OR …: what comes after the last row, each term in its direction.
Condition make_keyset(const std::vector<Term>& terms) {
    Condition keyset;
    std::string equal_so_far;
    std::vector<SqlValue> equal_values;
    for (const Term& term : terms) {
        keyset.sql += keyset.sql.empty() ? "(" : " OR ";
        keyset.sql += "(" + equal_so_far + term.sql + (term.is_descending ? " < ?" : " > ?") + ")";
        keyset.values.insert(keyset.values.end(), equal_values.begin(), equal_values.end());
        keyset.values.push_back(term.after);
        equal_so_far += term.sql + " = ? AND ";
        equal_values.push_back(term.after);
    }
    keyset.sql += ")";
    return keyset;
}

std::int64_t count(const Connection& connection, const Source& source) {
    Query query(connection,
                "SELECT count(*) FROM " + source.from.sql + " WHERE " + source.where.sql);
    bind_values(query, source.from.values);
    bind_values(query, source.where.values);
    return query.step() ? query.integer(0) : 0;
}

bool finds_anybody(const Connection& connection, const Source& source) {
    Query query(connection,
                "SELECT 1 FROM " + source.from.sql + " WHERE " + source.where.sql + " LIMIT 1");
    bind_values(query, source.from.values);
    bind_values(query, source.where.values);
    return query.step();
}

/// Words that are spelled nearly alike count only where nobody is found as it was written.
Source find_source(const Connection& connection,
                   const CustomerId& customer,
                   const ContactQuery& query) {
    Source source = find_as_written(connection, customer, query);
    if (query.text.empty() || finds_anybody(connection, source)) return source;
    return find_nearby(connection, customer, query).value_or(std::move(source));
}

}  // namespace

std::string cursor_after(const Contact& last, const std::vector<SortKey>& sort) {
    Cursor cursor;
    for (const SortKey& key : sort_of(sort)) {
        cursor.values.push_back(sort_value(last, key.field));
    }
    cursor.id = last.id.text;
    return format_cursor(cursor);
}

Result<api::ContactPage> list_contacts(const Connection& connection,
                                       const CustomerId& customer,
                                       const ContactQuery& query,
                                       Total total) {
    const std::vector<SortKey> sort = sort_of(query.sort);
    Cursor after;
    if (!query.cursor.empty()) after = CRM_TRY(parse_cursor(query.cursor, sort.size()));
    const std::vector<Term> terms = CRM_TRY(make_terms(sort, after));
    const auto limit = static_cast<std::size_t>(std::clamp(query.limit, 1, kPageSizeMax));

    return sql_guard([&]() -> Result<api::ContactPage> {
        api::ContactPage page;
        const Source source = find_source(connection, customer, query);
        if (total == Total::Counted) page.total = count(connection, source);
        const Condition keyset = query.cursor.empty() ? Condition{"1", {}} : make_keyset(terms);
        Query rows(connection,
                   "SELECT " + row_columns() + " FROM " + source.from.sql + " WHERE " +
                       source.where.sql + " AND " + keyset.sql + make_order(terms) + " LIMIT ?");
        bind_values(rows, source.from.values);
        bind_values(rows, source.where.values);
        bind_values(rows, keyset.values);
        rows.bind(static_cast<std::int64_t>(limit) + 1);  // one more tells whether a page follows
        while (rows.step()) {
            if (page.contacts.size() == limit) {
                page.cursor = cursor_after(page.contacts.back(), sort);
                break;
            }
            page.contacts.push_back(CRM_TRY(read_row(rows)));
        }
        return page;
    });
}

}  // namespace crm::store
