// The tables of contacts that became one, and of those that are to stay apart, as one step of the
// migrations.
#pragma once

#include <string_view>

namespace crm::store {

/// The statements that make them. Once published they never change: a later need is a later step.
[[nodiscard]] std::string_view merge_schema_sql();

}  // namespace crm::store
