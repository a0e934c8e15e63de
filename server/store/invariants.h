// What must be true of a sound database beyond what SQLite knows: for `contacts-server check`, and
// before a backup takes the place of the database. Reads only; a server may be running.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "shared/result.h"

namespace crm::store {

/// One sentence per kind of finding; empty: all is well. The file must have passed
/// check_database_file(). Unavailable when it cannot be read.
///
/// check_references: every row that something refers to is there.
Result<std::vector<std::string>> check_references(const std::filesystem::path& file);

/// The whole: pages and indexes, references, derived columns of contacts, versions and history,
/// links and dead records, calls. A file of an older schema is checked up to the
/// references: opening it brings it up to date.
Result<std::vector<std::string>> check_all(const std::filesystem::path& file);

}  // namespace crm::store
