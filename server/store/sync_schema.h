// The tables of the sync engine, as one step of the migrations.
#pragma once

#include <string_view>

namespace crm::store {

/// The statements that make them. Once published they never change: a later need is a later step.
[[nodiscard]] std::string_view sync_schema_sql();
/// The next step: what the engine learned to remember since.
[[nodiscard]] std::string_view sync_schema_3_sql();
/// The next: who waits for a decision about a held record is found without reading all of them.
[[nodiscard]] std::string_view sync_schema_4_sql();
/// A later one: writes that count as lost are remembered for a while.
[[nodiscard]] std::string_view sync_schema_lost_sql();

}  // namespace crm::store
