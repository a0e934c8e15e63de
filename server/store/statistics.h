// Sizes for whoever watches the server. Nothing in them tells of a person.
#pragma once

#include <cstdint>
#include <filesystem>

#include "server/store/database.h"
#include "shared/result.h"

namespace crm::store {

struct Statistics {
    std::int64_t contacts = 0;  // alive, of all customers
    std::int64_t tombstones = 0;
    std::int64_t customers = 0;
    std::int64_t open_conflicts = 0;
};
[[nodiscard]] Result<Statistics> count_all(const Connection& connection);

/// Of the file with its log, in bytes; 0 when it is not there.
[[nodiscard]] std::uint64_t database_bytes(const std::filesystem::path& file);

/// Unavailable with a sentence when the disk of the file has less room than kDiskFreeBytesMin, or
/// does not answer.
Status check_room(const std::filesystem::path& file);

}  // namespace crm::store
