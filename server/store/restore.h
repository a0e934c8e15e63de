// A backup put in the place of the database.
#pragma once

#include <filesystem>

#include "server/clock.h"
#include "shared/result.h"

namespace crm::store {

/// Checks `backup` (sound, of this program, not newer than it, nothing refers to what is missing),
/// copies it and gives the copy the name `target`. A database that was there stays beside it as
/// "<target>.before-<time>", as it was. `target`.mark is left alone: it tells the server that the
/// database is older, and nothing is created or deleted in a CRM before a person agrees.
///
/// The name of the old database; empty when there was none. Unavailable, with one line and nothing
/// changed: `backup` is not what it must be, or a server has `target` open.
Result<std::filesystem::path> restore(const std::filesystem::path& backup,
                                      const std::filesystem::path& target,
                                      const Clock& clock);

}  // namespace crm::store
