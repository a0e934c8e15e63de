// See rollback_mark.h.
#include "server/store/rollback_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

Error not_written(const fs::path& file) {
    return {ErrorCode::Unavailable,
            "The mark " + file.string() +
                " could not be written, so an older copy of the database would not be recognised; "
                "see that the disk has room and the folder may be written"};
}

bool write_durably(const fs::path& file, const std::string& text) {
    const int descriptor =
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) return false;
    const auto size = static_cast<ssize_t>(text.size());
    const bool is_written = ::write(descriptor, text.data(), text.size()) == size;
    const bool is_synced = ::fsync(descriptor) == 0;
    return (::close(descriptor) == 0) && is_written && is_synced;
}

}  // namespace

RollbackMark::RollbackMark(const fs::path& database) : file_(database.string() + ".mark") {}

std::optional<std::int64_t> RollbackMark::read() const {
    const std::lock_guard lock(mutex_);
    std::ifstream stream(file_);
    std::string text;
    if (!std::getline(stream, text)) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Status RollbackMark::raise(std::int64_t value) {
    const std::lock_guard lock(mutex_);
    if (value <= written_) return {};
    const fs::path draft(file_.string() + ".new");
    if (!write_durably(draft, std::to_string(value) + "\n")) return not_written(file_);
    std::error_code problem;
    fs::rename(draft, file_, problem);
    if (problem) return not_written(file_);
    written_ = value;
    return {};
}

bool RollbackMark::is_checked() const {
    const std::lock_guard lock(mutex_);
    return is_checked_;
}

void RollbackMark::note_checked() {
    const std::lock_guard lock(mutex_);
    is_checked_ = true;
}

Result<std::int64_t> load_mark(const Connection& connection) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection, "SELECT value FROM sync_mark WHERE id = 1");
        return query.step() ? query.integer(0) : std::int64_t{0};
    });
}

Result<std::int64_t> raise_mark(Transaction& transaction, std::int64_t at_least) {
    const std::int64_t value = std::max(CRM_TRY(load_mark(transaction)) + 1, at_least);
    CRM_TRY(sql_guard([&]() -> Status {
        Query(transaction, "UPDATE sync_mark SET value = ? WHERE id = 1").bind(value).run();
        return Status();
    }));
    return value;
}

}  // namespace crm::store
