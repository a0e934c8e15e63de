// One row of the table contacts, walked along kContactFields. For the other store/*.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "server/store/query.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm::store {

/// What read_row() expects first in a SELECT: "id, customer, name, …".
[[nodiscard]] const std::string& row_columns();

/// Internal when a list in it is not what was stored. Throws what SQLite throws.
[[nodiscard]] Result<Contact> read_row(const Query& query);

/// A statement that sets every column but id, customer, origin and created_at, which never change.
[[nodiscard]] const std::string& insert_row_sql();  // id, customer, origin, created_at come first
[[nodiscard]] const std::string& update_row_sql();  // ends with WHERE id, customer, version
void bind_row(Query& query, const Contact& contact);

/// Whether lists may be sorted by it: it has a sort_ column then.
[[nodiscard]] constexpr bool is_sortable(const FieldSpec& spec) {
    return spec.kind != FieldKind::MultiLine;
}

}  // namespace crm::store
