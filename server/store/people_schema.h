// The tables of who may sign in, as one step of the migrations.
#pragma once

#include <string_view>

namespace crm::store {

/// The statements that make them. Once published they never change: a later need is a later step.
[[nodiscard]] std::string_view people_schema_sql();

}  // namespace crm::store
