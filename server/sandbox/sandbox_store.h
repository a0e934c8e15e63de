// The sandbox's own SQLite file: records of both CRMs, per customer. A commit is on the disk when
// it returns (synchronous=FULL), so a write that was answered survives a crash.
//
// Every query of a Session names the session's customer: nobody can ask for another one's rows.
// One Session at a time: begin() waits for the one before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/sandbox/limits.h"
#include "server/sandbox/record.h"
#include "server/sandbox/seen_records.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace SQLite {
class Database;
class Transaction;
}  // namespace SQLite

namespace crm::sandbox {

enum class Access { Read, Write };
enum class Shown { Live, Deleted };

/// Which records, by growing id.
struct RecordQuery {
    System system = System::HubSpot;
    Shown shown = Shown::Live;
    std::int64_t from_id = 0;  // this one and those after it
    std::size_t offset = 0;
    std::size_t limit = kSandboxPageRecords;
    std::string email = {};  // has this address, whatever its case; empty: no matter
    std::string text = {};   // found in name, e-mail, phone, title or company; empty: no matter
};

enum class ConnectionState { Connected, Disconnected, Archived };

/// What one commit made of a record.
struct Written {
    std::optional<Record> before;  // nullopt: it was not there
    std::optional<Record> after;   // nullopt: it is erased
};

class Statements;
class Store;

class Session {
   public:
    Session(Session&&) noexcept;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();  // rolls back what was not committed

    [[nodiscard]] const CustomerId& customer() const { return customer_; }
    /// Has the workspace of this customer been filled?
    [[nodiscard]] Result<bool> is_known();
    /// Forbidden when there are kSandboxCustomersMax already.
    Status mark_known(TimePoint now);

    /// From now on, find() and list() show what this view shows.
    void look_through(const View& view) { view_ = view; }
    /// From now on, what is written can be looked at as it was before.
    void keep_journal(TimePoint now) { journal_time_ = now; }

    [[nodiscard]] Result<std::optional<Record>> find(System system, std::int64_t id);
    [[nodiscard]] Result<std::vector<Record>> list(const RecordQuery& query);
    [[nodiscard]] Result<std::size_t> count(const RecordQuery& query);
    /// What the record was before each change that is still remembered; oldest first.
    [[nodiscard]] std::vector<Change> changes_of(System system, std::int64_t id) const;
    /// The live HubSpot contact that has this address, given in lower case.
    [[nodiscard]] Result<std::optional<std::int64_t>> find_owner(std::string_view email);

    /// Never gives an id out twice; the first one is `first`, the next ones are `step` apart.
    [[nodiscard]] Result<std::int64_t> next_id(System system,
                                               std::int64_t first,
                                               std::int64_t step);
    Status insert(const Record& record);
    Status replace(const Record& record);
    /// Its time of change and nothing else, in a workspace that is just being filled.
    Status set_updated_at(const Record& record);
    /// Leaves nothing of it and of what was merged into it, not even in the bin.
    Status erase(const Record& record);
    /// Did insert(), replace() or erase() succeed in this session?
    [[nodiscard]] bool has_written() const { return has_written_; }

    [[nodiscard]] Result<ConnectionState> connection_state(System system);
    Status set_connection_state(System system, ConnectionState state);

    Status commit();

   private:
    friend class Store;
    Session(Store& store, std::unique_lock<std::mutex> lock, CustomerId customer);
    [[nodiscard]] Result<std::optional<Record>> find_row(System system, std::int64_t id);
    [[nodiscard]] Result<std::vector<Record>> rows(const RecordQuery& query);
    [[nodiscard]] OldRecords unseen(System system) const;
    Status note_change(const Record& record, bool is_left);
    Status note_emails(const Record& record);

    Store* store_;  // used under the lock
    std::unique_lock<std::mutex> lock_;
    CustomerId customer_;
    std::unique_ptr<SQLite::Transaction> transaction_;
    bool has_written_ = false;
    std::optional<View> view_;
    std::optional<TimePoint> journal_time_;
    std::vector<Change> changes_;
    std::vector<Written> written_;  // of each record once
};

class Store {
   public:
    /// Creates the file if missing. Unavailable, with a sentence, when it cannot be used.
    static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    [[nodiscard]] Result<Session> begin(const CustomerId& customer, Access access);

    using Listener = std::function<void(const CustomerId&, const std::vector<Written>&)>;
    /// Is told of every commit of a session that keeps a journal, after it, while the session still
    /// holds the store: it must not begin another one. Set before the first session.
    void listen(Listener listener) { listener_ = std::move(listener); }

   private:
    friend class Session;
    explicit Store(std::unique_ptr<SQLite::Database> sqlite);
    std::mutex mutex_;
    Journal journal_;
    Listener listener_;
    std::unique_ptr<SQLite::Database> sqlite_;
    std::unique_ptr<Statements> statements_;  // ends before the database
};

}  // namespace crm::sandbox
