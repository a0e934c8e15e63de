#include "server/store/contact_row.h"

#include <optional>
#include <vector>

#include "shared/contact_json.h"
#include "shared/contact_query.h"
#include "shared/text.h"

namespace crm::store {
namespace {

/// The columns that bind_row() fills, in its order.
std::vector<std::string> changing_columns() {
    std::vector<std::string> columns;
    columns.reserve(2 * kContactFields.size() + kContactListFields.size() + 8);
    for (const FieldSpec& spec : kContactFields) columns.emplace_back(spec.column);
    for (const ListFieldSpec& spec : kContactListFields) columns.emplace_back(spec.column);
    for (const char* name : {"tags", "email_key", "search"}) columns.emplace_back(name);
    for (const FieldSpec& spec : kContactFields) {
        if (is_sortable(spec)) columns.push_back("sort_" + std::string(spec.column));
    }
    for (const char* name : {"version", "deleted_at", "arriving", "updated_at"}) {
        columns.emplace_back(name);
    }
    return columns;
}

std::string make_row_columns() {
    std::string sql = "id, customer";
    for (const FieldSpec& spec : kContactFields) sql += ", " + std::string(spec.column);
    for (const ListFieldSpec& spec : kContactListFields) sql += ", " + std::string(spec.column);
    return sql + ", tags, origin, version, deleted_at, arriving, created_at, updated_at";
}

std::string make_insert_sql() {
    std::string names = "id, customer, origin, created_at";
    std::string places = "?, ?, ?, ?";
    for (const std::string& column : changing_columns()) {
        names += ", " + column;
        places += ", ?";
    }
    return "INSERT INTO contacts (" + names + ") VALUES (" + places + ")";
}

std::string make_update_sql() {
    std::string sets;
    for (const std::string& column : changing_columns()) {
        sets += (sets.empty() ? "" : ", ") + column + " = ?";
    }
    return "UPDATE contacts SET " + sets + " WHERE id = ? AND customer = ? AND version = ?";
}

Error damaged_row(const Contact& contact) {
    return Error{ErrorCode::Internal,
                 "A stored contact cannot be read; restore a backup (" + contact.id.text + ")"};
}

}  // namespace

const std::string& row_columns() {
    static const std::string kColumns = make_row_columns();
    return kColumns;
}

const std::string& insert_row_sql() {
    static const std::string kSql = make_insert_sql();
    return kSql;
}

const std::string& update_row_sql() {
    static const std::string kSql = make_update_sql();
    return kSql;
}

Result<Contact> read_row(const Query& query) {
    Contact contact;
    int column = 0;
    contact.id = ContactId(query.text(column++));
    contact.customer_id = CustomerId(query.text(column++));
    for (const FieldSpec& spec : kContactFields) contact.fields.*spec.member = query.text(column++);
    for (const ListFieldSpec& spec : kContactListFields) {
        auto values = read_values(query.text(column++));
        if (!values) return damaged_row(contact);
        contact.fields.*spec.member = std::move(*values);
    }
    auto tags = read_tags(query.text(column++));
    if (!tags) return damaged_row(contact);
    contact.fields.tags = std::move(*tags);
    contact.sources = {query.text(column++)};
    contact.version = query.integer(column++);
    contact.deleted = !query.is_null(column++);
    contact.arriving = query.integer(column++) != 0;
    contact.created_at = query.time(column++);
    contact.updated_at = query.time(column++);
    return contact;
}

void bind_row(Query& query, const Contact& contact) {
    const ContactFields& fields = contact.fields;
    for (const FieldSpec& spec : kContactFields) query.bind(fields.*spec.member);
    for (const ListFieldSpec& spec : kContactListFields) {
        query.bind(write_values(fields.*spec.member));
    }
    query.bind(write_tags(fields.tags));
    query.bind(email_key(fields.email).value_or(""));
    query.bind(search_text(fields));
    for (const FieldSpec& spec : kContactFields) {
        if (is_sortable(spec)) query.bind(sort_value(contact, spec.wire));
    }
    query.bind(contact.version);
    query.bind(contact.deleted ? std::optional<TimePoint>(contact.updated_at) : std::nullopt);
    query.bind(std::int64_t{contact.arriving ? 1 : 0});
    query.bind(contact.updated_at);
}

}  // namespace crm::store
