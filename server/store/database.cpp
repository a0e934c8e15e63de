#include "server/store/database.h"

#include <atomic>
#include <cassert>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "server/mutex.h"
#include "server/store/backup.h"
#include "server/store/contact_condition.h"
#include "server/store/database_files.h"
#include "server/store/file_check.h"
#include "server/store/migrations.h"
#include "server/store/process_lock.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

constexpr int kBusyTimeoutMs = 5000;
constexpr std::size_t kIdleReadersMax = 8;  // two cores read; more are opened when needed

/// A connection to the file with its prepared statements, which end first.
struct Session {
    SQLite::Database database;
    StatementCache statements;

    Session(const fs::path& file, int flags)
        : database(file.string(), flags | SQLite::OPEN_NOMUTEX, kBusyTimeoutMs) {
        add_filter_function(database);
    }

    [[nodiscard]] bool is_in_transaction() const {
        return sqlite3_get_autocommit(database.getHandle()) == 0;
    }
    void roll_back() {
        if (is_in_transaction()) database.tryExec("ROLLBACK");
    }
};

Result<std::unique_ptr<Session>> open_writer(const fs::path& file, int flags) {
    auto session = std::make_unique<Session>(file, flags);
    SQLite::Database& database = session->database;
    if (database.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal") {
        return Error{ErrorCode::Unavailable,
                     "This disk cannot hold the database, as it lacks shared memory maps; name a "
                     "folder on a local disk with --data"};
    }
    database.exec(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
    return session;
}

/// A file of an older version is copied beside itself before it is brought up to date: to
/// backups/contacts-before-schema-8.db, or -8-2.db when that is there already.
Status back_up_before_migration(SQLite::Database& database, const fs::path& file) {
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    if (version >= kSchemaVersion) return {};
    const fs::path folder = folder_of(file) / "backups";
    std::error_code problem;
    fs::create_directories(folder, problem);
    const std::string name = "contacts-before-schema-" + std::to_string(kSchemaVersion);
    fs::path target = folder / (name + ".db");
    for (int number = 2; fs::exists(target, problem); ++number) {
        target = folder / (name + '-' + std::to_string(number) + ".db");
    }
    const Status done = back_up_own(file, target);
    if (done.is_ok()) return {};
    Error error = done.error();
    error.message = "The database must be brought up to date, and is not touched without a copy. " +
                    error.message;
    return error;
}

/// Builds the file under another name, so that it is there as a whole or not at all.
Status create_file(const fs::path& file) {
    const fs::path draft = file.string() + ".new";
    std::error_code problem;
    remove_database(draft);  // of a start that was cut short
    const auto build = [&]() -> Status {
        const auto session =
            CRM_TRY(open_writer(draft, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE));
        return run_migrations(session->database);
    };
    CRM_TRY(sql_guard(build));
    fs::rename(draft, file, problem);
    if (problem) {
        return Error{ErrorCode::Unavailable,
                     "The database could not be created as " + file.string() + " (" +
                         problem.message() + ")"};
    }
    sync_to_disk(folder_of(file));
    return {};
}

}  // namespace

/// The connections of a Database; sessions come from here and go back here.
class SessionPool {
   public:
    SessionPool(fs::path file, std::unique_ptr<Session> writer, DatabaseOptions options)
        : file_(std::move(file)), writer_(std::move(writer)), options_(std::move(options)) {}

    [[nodiscard]] Session& writer() { return *writer_; }
    void tell(CommitEdge edge) const {
        if (options_.on_commit) options_.on_commit(edge);
    }
    [[nodiscard]] std::mutex& write_mutex() { return write_mutex_; }
    void count_commit() { ++commits_; }
    [[nodiscard]] std::uint64_t commits() const { return commits_; }

    std::unique_ptr<Session> take_reader() {
        {
            const Lock lock(idle_mutex_);
            if (!idle_.empty()) {
                auto session = std::move(idle_.back());
                idle_.pop_back();
                return session;
            }
        }
        return std::make_unique<Session>(file_, SQLite::OPEN_READONLY);
    }

    void give_back(std::unique_ptr<Session> session) {
        if (session->is_in_transaction()) return;  // it could not end its snapshot: closed instead
        const Lock lock(idle_mutex_);
        if (idle_.size() < kIdleReadersMax) idle_.push_back(std::move(session));
    }

   private:
    const fs::path file_;
    std::mutex write_mutex_;
    const std::unique_ptr<Session> writer_;  // used under write_mutex_ only
    const DatabaseOptions options_;
    std::atomic<std::uint64_t> commits_{0};
    Mutex idle_mutex_;
    std::vector<std::unique_ptr<Session>> idle_ CRM_GUARDED_BY(idle_mutex_);
};

/// Either a reader taken from the pool, or the writer under its lock.
struct Connection::State {
    SessionPool& pool;
    std::unique_ptr<Session> reader;
    std::unique_lock<std::mutex> write_lock;

    State(SessionPool& from, std::unique_ptr<Session> taken)
        : pool(from), reader(std::move(taken)) {}
    explicit State(SessionPool& from) : pool(from), write_lock(from.write_mutex()) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (reader) {
            reader->roll_back();
            pool.give_back(std::move(reader));
        } else if (write_lock.owns_lock()) {
            pool.writer().roll_back();
        }
    }

    [[nodiscard]] Session& session() {
        assert(reader || write_lock.owns_lock());  // nothing may be asked after commit()
        return reader ? *reader : pool.writer();
    }
};

Connection::Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

SQLite::Database& Connection::sqlite() const {
    return state_->session().database;
}
StatementCache& Connection::statements() const {
    return state_->session().statements;
}

Transaction::Transaction() = default;
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Status Transaction::commit() {
    Session& session = state_->session();
    SessionPool& pool = state_->pool;
    pool.tell(CommitEdge::Before);  // a throw leaves the rest to the destructor: rolled back
    Status outcome = sql_guard([&]() -> Status {
        session.database.exec("COMMIT");
        return {};
    });
    session.roll_back();
    pool.count_commit();  // whatever the outcome; before the next writer gets in
    state_->write_lock.unlock();
    if (outcome.is_ok()) pool.tell(CommitEdge::After);
    return outcome;
}

Snapshot::Snapshot() = default;
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot::~Snapshot() = default;

struct Database::State {
    std::optional<ProcessLock> lock;  // given up last, when all connections are closed
    SessionPool pool;

    State(std::optional<ProcessLock> held,
          fs::path file,
          std::unique_ptr<Session> writer,
          DatabaseOptions options)
        : lock(std::move(held)), pool(std::move(file), std::move(writer), std::move(options)) {}
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const fs::path& file, DatabaseOptions options) {
    std::error_code problem;
    if (!fs::is_directory(folder_of(file), problem)) {
        return Error{ErrorCode::Unavailable,
                     "The folder of the database does not exist; create " +
                         folder_of(file).string() + ", or name another one with --data"};
    }
    ProcessLock lock = CRM_TRY(ProcessLock::acquire(file.string() + ".lock"));
    const FileState found = CRM_TRY(check_database_file(file));
    if (found == FileState::Missing) CRM_TRY(create_file(file));
    return sql_guard([&]() -> Result<std::unique_ptr<Database>> {
        auto writer = CRM_TRY(open_writer(file, SQLite::OPEN_READWRITE));
        CRM_TRY(back_up_before_migration(writer->database, file));
        CRM_TRY(run_migrations(writer->database));
        auto state =
            std::make_unique<State>(std::move(lock), file, std::move(writer), std::move(options));
        return std::unique_ptr<Database>(new Database(std::move(state)));
    });
}

Result<std::unique_ptr<Database>> Database::open_or_join(const fs::path& file) {
    Result<std::unique_ptr<Database>> opened = open(file);
    std::error_code problem;
    const bool is_there = fs::file_size(file, problem) > 0 && !problem;
    // Who else has it open has checked it. Anything else that keeps it shut is told as it is.
    if (opened.is_ok() || !is_there || ProcessLock::acquire(file.string() + ".lock").is_ok()) {
        return opened;
    }
    return sql_guard([&]() -> Result<std::unique_ptr<Database>> {
        auto writer = CRM_TRY(open_writer(file, SQLite::OPEN_READWRITE));
        if (writer->database.execAndGet("PRAGMA user_version").getInt() != kSchemaVersion) {
            return Error{ErrorCode::Unavailable,
                         "The server that runs is of another version than this program; nothing "
                         "was changed; use the same one for both"};
        }
        auto state =
            std::make_unique<State>(std::nullopt, file, std::move(writer), DatabaseOptions{});
        return std::unique_ptr<Database>(new Database(std::move(state)));
    });
}

std::uint64_t Database::commits() const {
    return state_->pool.commits();
}

Result<Transaction> Database::begin_write() {
    Transaction transaction;
    transaction.state_ = std::make_unique<Transaction::State>(state_->pool);
    CRM_TRY(sql_guard([&]() -> Status {
        transaction.sqlite().exec("BEGIN IMMEDIATE");
        return {};
    }));
    return transaction;
}

Result<Snapshot> Database::begin_read() {
    return sql_guard([&]() -> Result<Snapshot> {
        Snapshot snapshot;
        snapshot.state_ =
            std::make_unique<Snapshot::State>(state_->pool, state_->pool.take_reader());
        snapshot.sqlite().exec("BEGIN");
        // BEGIN alone waits with the snapshot until the first read.
        Query pin(snapshot, "SELECT count(*) FROM sqlite_schema");
        static_cast<void>(pin.step());
        return snapshot;
    });
}

int Database::schema_version() const {
    return kSchemaVersion;
}

}  // namespace crm::store
