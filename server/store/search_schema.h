// The tables that contacts are found by, as one step of the migrations.
#pragma once

#include <string_view>

namespace crm::store {

/// The statements that make and fill them. Once published they never change: a later need is a
/// later step.
[[nodiscard]] std::string_view search_schema_sql();

}  // namespace crm::store
