// The numbered steps that bring a database file up to date. Append-only: a step that has been
// published never changes, because files out there have run it; what is needed later is a new step.
#pragma once

#include "shared/result.h"

namespace SQLite {
class Database;
}

namespace crm::store {

inline constexpr int kSchemaVersion = 11;          // the number of the last step
inline constexpr int kApplicationId = 0x43524D31;  // "CRM1", in the file's header. DO NOT CHANGE

/// Runs the steps that are missing, each in a transaction of its own, its number with it.
Status run_migrations(SQLite::Database& database);

}  // namespace crm::store
