// What a list looks for, as SQL: the words of a search and the conditions of a filter. For
// contact_list.cpp; throws what SQLite throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/store/database.h"
#include "server/store/query.h"
#include "shared/contact_query.h"

namespace SQLite {
class Database;
}

namespace crm::store {

using SqlValue = std::variant<std::int64_t, std::string>;

/// Text of a statement and what its `?` stand for, in their order.
struct Condition {
    std::string sql;
    std::vector<SqlValue> values;

    void add(const Condition& other);
};

void bind_values(Query& query, const std::vector<SqlValue>& values);

/// Where a list reads, contacts among it, and what a row must meet.
struct Source {
    Condition from;
    Condition where;
};

/// Whoever matches() the query.
[[nodiscard]] Source find_as_written(const Connection& connection,
                                     const CustomerId& customer,
                                     const ContactQuery& query);

/// Whoever has a word like each of the query's; nullopt when no contact has one.
[[nodiscard]] std::optional<Source> find_nearby(const Connection& connection,
                                                const CustomerId& customer,
                                                const ContactQuery& query);

/// The function crm_meets(test, kind, stored, wanted) that conditions use: shared/contact_filter's
/// meets().
void add_filter_function(SQLite::Database& database);

}  // namespace crm::store
