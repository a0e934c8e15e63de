#include "server/store/file_check.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "server/store/migrations.h"
#include "shared/url.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

Error refusal(const fs::path& file, std::string_view what, std::string_view advice) {
    return Error{ErrorCode::Unavailable,
                 file.string() + " " + std::string(what) +
                     ", so it was left as it is and the server did not start; " +
                     std::string(advice)};
}

Error not_a_database(const fs::path& file) {
    return refusal(file,
                   "is not a database of this program",
                   "move it away, or name another folder with --data");
}

Error damaged(const fs::path& file) {
    return refusal(file, "is damaged", "restore a backup in its place");
}

/// SQLite would lay that log over the pages of a new file.
Error lost_main_file(const fs::path& file) {
    return Error{ErrorCode::Unavailable,
                 file.string() + " is not there, but what was written last is, in " +
                     file.string() +
                     "-wal, so nothing was touched and the server did not start; put both files "
                     "back together, or move the second one away"};
}

constexpr std::size_t kHeaderBytes = 100;
using Header = std::array<char, kHeaderBytes>;

/// What is missing of a shorter file is zero.
Header read_header(const fs::path& file) {
    Header header{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(header.data(), static_cast<std::streamsize>(header.size()));
    return header;
}

bool has_sqlite_magic(const Header& header) {
    constexpr std::string_view kMagic{"SQLite format 3\0", 16};
    return std::string_view(header.data(), kMagic.size()) == kMagic;
}

/// Two bytes at 16, the high one first; 1 stands for 65536.
std::uintmax_t page_bytes(const Header& header) {
    const auto high = static_cast<unsigned char>(header[16]);
    const auto low = static_cast<unsigned char>(header[17]);
    const std::uintmax_t bytes = high * std::uintmax_t{256} + low;
    return bytes == 1 ? 65'536 : bytes;
}

bool is_marked_read_only(const fs::path& file) {
    constexpr fs::perms kAnyWrite =
        fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
    std::error_code ignored;
    return (fs::status(file, ignored).permissions() & kAnyWrite) == fs::perms::none;
}

/// What a crash left in the write-ahead log counts as content.
bool has_log(const fs::path& file) {
    std::error_code missing;
    const auto log_bytes = fs::file_size(file.string() + "-wal", missing);
    return !missing && log_bytes > 0;
}

/// SQLite itself forgives a last page that is cut off, and would read zeros for what is gone.
bool has_whole_pages(const fs::path& file, const Header& header) {
    std::error_code problem;
    const std::uintmax_t bytes = fs::file_size(file, problem);
    const std::uintmax_t page = page_bytes(header);
    return !problem && page != 0 && bytes % page == 0;
}

std::int64_t read_number(SQLite::Database& database, const char* sql) {
    return database.execAndGet(sql).getInt64();
}

/// SQLite 3.40 sees NULLs that are not there in a table WITHOUT ROWID whose key does not come first
/// in it. A NULL never makes a file unreadable, so what it says about them does not count.
bool is_whole(SQLite::Database& database) {
    SQLite::Statement check(database, "PRAGMA quick_check");
    while (check.executeStep()) {
        const std::string finding = check.getColumn(0).getString();
        if (finding != "ok" && finding.rfind("NULL value in ", 0) != 0) return false;
    }
    return true;
}

Status check_content(const fs::path& file) {
    try {
        SQLite::Database database(read_only_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
        if (read_number(database, "PRAGMA application_id") != kApplicationId) {
            return not_a_database(file);
        }
        if (read_number(database, "PRAGMA user_version") > kSchemaVersion) {
            return refusal(file,
                           "was written by a newer version of this program",
                           "start that version instead");
        }
        if (!is_whole(database)) return damaged(file);
        return {};
    } catch (const std::runtime_error&) {
        return damaged(file);
    }
}

}  // namespace

/// "immutable" keeps SQLite from making files of its own beside the database, but also from
/// reading the log.
std::string read_only_uri(const fs::path& file) {
    return "file:" + percent_encode(file.string()) + (has_log(file) ? "" : "?immutable=1");
}

Result<FileState> check_database_file(const fs::path& file) {
    std::error_code problem;
    const fs::file_status status = fs::status(file, problem);
    const bool is_missing = status.type() == fs::file_type::not_found;
    if (!is_missing && !fs::is_regular_file(status)) return not_a_database(file);
    if (is_missing || fs::file_size(file, problem) == 0) {
        return has_log(file) ? Result<FileState>(lost_main_file(file)) : FileState::Missing;
    }
    if (is_marked_read_only(file)) {
        return refusal(file, "can only be read", "make it writable, or name another folder");
    }
    const Header header = read_header(file);
    if (!has_sqlite_magic(header)) return not_a_database(file);
    if (!has_log(file) && !has_whole_pages(file, header)) return damaged(file);
    CRM_TRY(check_content(file));
    return FileState::Ours;
}

}  // namespace crm::store
