// The SQLite file: WAL, foreign keys on, synchronous=FULL (a commit that precedes a remote call
// must be on disk), numbered migrations run at open. One writer: write transactions queue on a
// mutex and start IMMEDIATE, so there is no busy-upgrade. Reads run on connections of their own and
// see one snapshot.
//
// A Transaction or Snapshot is used by the thread that began it, and ends before its Database does.
// Only store/*.cpp includes SQLiteCpp; everybody else passes these handles on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "shared/result.h"

namespace SQLite {
class Database;
}

namespace crm::store {

class StatementCache;

/// What a query needs; both handles below are one.
class Connection {
   public:
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    [[nodiscard]] SQLite::Database& sqlite() const;    // for store/*.cpp
    [[nodiscard]] StatementCache& statements() const;  // for store/query.cpp

   protected:
    Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();
    struct State;
    std::unique_ptr<State> state_;
};

/// Rolls back unless committed.
class Transaction : public Connection {
   public:
    Transaction(Transaction&&) noexcept;
    ~Transaction();
    /// Lets the next writer in, whatever the outcome; no query after it. After an error treat the
    /// outcome as unknown: a failed sync of the disk may still have kept it.
    Status commit();

   private:
    friend class Database;
    Transaction();
};

class Snapshot : public Connection {
   public:
    Snapshot(Snapshot&&) noexcept;
    ~Snapshot();

   private:
    friend class Database;
    Snapshot();
};

/// The two moments of a commit at which a process can die: when all is written but nothing stands,
/// and when it stands but nobody has been told.
enum class CommitEdge { Before, After };

struct DatabaseOptions {
    /// Hears both edges of every commit, in the committing thread; empty in the product. What it
    /// throws leaves the file as if the process had died there. It must not write itself: before
    /// the commit that would wait for the very transaction it interrupts.
    std::function<void(CommitEdge)> on_commit;
};

class Database {
   public:
    /// Creates the file if missing; its folder must exist. Unavailable, with one line and the file
    /// untouched, when it is no SQLite database or not one of this program's, is damaged, is
    /// read-only, is from a newer version, or when another process has it open. That is told by a
    /// lock on the file `<file>.lock`, which stays behind and means nothing by itself.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                  DatabaseOptions options = {});
    /// As open(), but when another process has it open, joins it: for short work of the command
    /// line beside a running server. The server's count of commits does not see what is written
    /// then, and its sync relies on that count: contacts and notes of the sync must not be changed.
    static Result<std::unique_ptr<Database>> open_or_join(const std::filesystem::path& file);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Blocks while another thread writes. Never begin a second one in the same thread.
    [[nodiscard]] Result<Transaction> begin_write();
    [[nodiscard]] Result<Snapshot> begin_read();
    [[nodiscard]] int schema_version() const;
    /// Commits since it was opened, failed ones included. Asked before a snapshot or inside a write
    /// transaction, the same number later means: nobody has written in between.
    [[nodiscard]] std::uint64_t commits() const;

   private:
    struct State;
    explicit Database(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace crm::store
