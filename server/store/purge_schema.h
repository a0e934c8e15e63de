// The step of the schema that lets tombstones be removed for good.
#pragma once

#include <string_view>

namespace crm::store {

[[nodiscard]] std::string_view purge_schema_sql();

}  // namespace crm::store
