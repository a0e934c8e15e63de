// Looks at a database file before anything may write to it.
#pragma once

#include <filesystem>
#include <string>

#include "shared/result.h"

namespace crm::store {

enum class FileState { Missing, Ours };

/// Reads only: the file is byte for byte the same afterwards. Unavailable, with one line, for
/// everything that must not be opened: no database, another program's, damaged, read-only, from a
/// newer version. An empty file counts as missing.
[[nodiscard]] Result<FileState> check_database_file(const std::filesystem::path& file);

/// How to open a file that nobody else has open, so that nothing appears beside it.
[[nodiscard]] std::string read_only_uri(const std::filesystem::path& file);

}  // namespace crm::store
