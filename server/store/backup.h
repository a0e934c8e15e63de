// A copy of the database file while it is in use.
#pragma once

#include <filesystem>

#include "shared/result.h"

namespace crm::store {

/// Copies one snapshot of `source`, which another process may be writing to, into the new file
/// `target`; it is there as a whole, checked and on disk, or not at all. Nothing of `source`
/// changes. Unavailable, with one line, when there is no sound database at `source`, when `target`
/// exists already or when it cannot be written.
Status back_up(const std::filesystem::path& source, const std::filesystem::path& target);

/// The same for a database that this very process has open. Only SQLite may open and close such a
/// file: closing any other descriptor of it gives up the process's locks, after which another
/// program that closes the database takes its write-ahead log away. So `source` is not checked
/// first; the copy is.
Status back_up_own(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace crm::store
