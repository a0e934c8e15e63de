// Tells an older copy of the database from the newest one. A number in it grows with every run that
// is stored, and a copy of the number lies in a file beside it ("contacts.db.mark"), written after
// the commit. A database whose number is lower than the file's was put back from a backup: it has
// forgotten what was deleted and created since.
//
// The file is never ahead of a database that was not exchanged. When it is missing or cannot be
// read, nothing is concluded. Functions may be called from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>

#include "server/store/database.h"
#include "shared/result.h"

namespace crm::store {

class RollbackMark {
   public:
    explicit RollbackMark(const std::filesystem::path& database);

    [[nodiscard]] std::optional<std::int64_t> read() const;
    /// To disk, unless the file says as much already.
    Status raise(std::int64_t value);

    /// The database cannot be exchanged while this process has it: one look is enough.
    [[nodiscard]] bool is_checked() const;
    void note_checked();

   private:
    mutable std::mutex mutex_;
    std::filesystem::path file_;
    std::int64_t written_ = 0;
    bool is_checked_ = false;
};

Result<std::int64_t> load_mark(const Connection& connection);
/// One more than it was, or `at_least`: the new value.
Result<std::int64_t> raise_mark(Transaction& transaction, std::int64_t at_least);

}  // namespace crm::store
