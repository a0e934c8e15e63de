#include "server/store/statistics.h"

#include <system_error>

#include "server/limits.h"
#include "server/store/database_files.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

std::uint64_t bytes_of(const std::filesystem::path& file) {
    std::error_code problem;
    const std::uintmax_t bytes = std::filesystem::file_size(file, problem);
    return problem ? 0 : static_cast<std::uint64_t>(bytes);
}

}  // namespace

Result<Statistics> count_all(const Connection& connection) {
    return sql_guard([&]() -> Result<Statistics> {
        Statistics found;
        Query contacts(connection,
                       "SELECT count(*) FILTER (WHERE deleted_at IS NULL), count(deleted_at),"
                       " count(DISTINCT customer) FROM contacts");
        if (contacts.step()) {
            found.contacts = contacts.integer(0);
            found.tombstones = contacts.integer(1);
            found.customers = contacts.integer(2);
        }
        Query conflicts(connection, "SELECT count(*) FROM sync_conflict WHERE state = 'open'");
        if (conflicts.step()) found.open_conflicts = conflicts.integer(0);
        return found;
    });
}

std::uint64_t database_bytes(const std::filesystem::path& file) {
    return bytes_of(file) + bytes_of(file.string() + "-wal");
}

Status check_room(const std::filesystem::path& file) {
    std::error_code problem;
    const std::filesystem::space_info room = std::filesystem::space(folder_of(file), problem);
    if (problem) {
        return Error{ErrorCode::Unavailable,
                     "The disk with the contacts does not answer: " + problem.message()};
    }
    if (room.available < kDiskFreeBytesMin) {
        return Error{ErrorCode::Unavailable,
                     "The disk with the contacts is full or nearly so; make room before changes "
                     "are refused"};
    }
    return {};
}

}  // namespace crm::store
