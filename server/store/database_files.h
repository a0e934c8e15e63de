// A database file among its companions on disk, for whoever builds one under another name and lets
// it take its own when it is whole.
#pragma once

#include <filesystem>

namespace crm::store {

/// "." for a name without folder.
[[nodiscard]] std::filesystem::path folder_of(const std::filesystem::path& file);

/// A draft that was given up, or one of a program that was cut short: the file with its log and
/// journal. What is not there is no error.
void remove_database(const std::filesystem::path& file);

/// A file's bytes, or the names in a folder: a power cut loses what was not synced. False: the disk
/// did not take it.
bool sync_to_disk(const std::filesystem::path& path);

}  // namespace crm::store
