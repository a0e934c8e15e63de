// Opens the file and reads it; writing is in sandbox_store_write.cpp. E-mails and phones of a
// record are JSON texts in it; HubSpot's live addresses are also rows of their own, whose key makes
// them unique.
#include "server/sandbox/sandbox_store.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

#include "server/sandbox/limits.h"
#include "server/sandbox/sandbox_store_sql.h"
#include "server/sandbox/wire_json.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

constexpr int kSchemaVersion = 2;
constexpr int kBusyTimeoutMs = 5000;
constexpr int kCacheKibibytes = 32'768;  // the largest workspace is filled in one transaction

// DO NOT RENAME: files of earlier versions have these tables.
constexpr const char* kSchema = R"sql(
CREATE TABLE customers(
    customer TEXT PRIMARY KEY, filled_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records(
    customer TEXT NOT NULL, system TEXT NOT NULL, id INTEGER NOT NULL,
    name TEXT NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
    emails TEXT NOT NULL, phones TEXT NOT NULL,
    job_title TEXT NOT NULL, pronouns TEXT NOT NULL, company TEXT NOT NULL,
    email_keys TEXT NOT NULL, search TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, deleted_at INTEGER,
    PRIMARY KEY(customer, system, id)) STRICT, WITHOUT ROWID;
CREATE TABLE hubspot_emails(
    customer TEXT NOT NULL, email TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY(customer, email)) STRICT, WITHOUT ROWID;
CREATE INDEX hubspot_emails_by_id ON hubspot_emails(customer, id);
CREATE TABLE counters(
    customer TEXT NOT NULL, system TEXT NOT NULL, last_id INTEGER NOT NULL,
    PRIMARY KEY(customer, system)) STRICT, WITHOUT ROWID;
CREATE TABLE connections(
    customer TEXT NOT NULL, system TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY(customer, system)) STRICT, WITHOUT ROWID;
)sql";

// The columns that version 2 added, at their end in every file.
constexpr const char* kSecondStep = R"sql(
ALTER TABLE records ADD COLUMN marker TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN merged_into INTEGER;
)sql";

constexpr const char* kColumns =
    "id, name, first_name, last_name, emails, phones, job_title, pronouns, company,"
    " created_at, updated_at, deleted_at, marker, merged_into";

constexpr const char* kWhere =
    " FROM records WHERE customer = :customer AND system = :system AND id >= :from"
    " AND (deleted_at IS NOT NULL) = :deleted AND merged_into IS NULL"
    " AND (:email = '' OR instr(email_keys, char(10) || :email || char(10)) > 0)"
    " AND (:text = '' OR instr(search, :text) > 0)";

TimePoint from_ms(std::int64_t ms) {
    return TimePoint(std::chrono::milliseconds(ms));
}

std::vector<Reach> read_reaches(const std::string& text) {
    std::vector<Reach> list;
    const std::optional<Json> all = Json::parse(text);
    if (!all || all->items() == nullptr) return list;
    for (const Json& item : *all->items()) {
        const Json* primary = item.find("primary");
        list.push_back({.value = item.text_at("value"),
                        .label = item.text_at("label"),
                        .is_primary = primary != nullptr && primary->boolean().value_or(false)});
    }
    return list;
}

Record read_record(SQLite::Statement& row, System system) {
    Record record;
    record.system = system;
    record.id = row.getColumn(0).getInt64();
    record.name = row.getColumn(1).getString();
    record.first_name = row.getColumn(2).getString();
    record.last_name = row.getColumn(3).getString();
    record.emails = read_reaches(row.getColumn(4).getString());
    record.phones = read_reaches(row.getColumn(5).getString());
    record.job_title = row.getColumn(6).getString();
    record.pronouns = row.getColumn(7).getString();
    record.company = row.getColumn(8).getString();
    record.created_at = from_ms(row.getColumn(9).getInt64());
    record.updated_at = from_ms(row.getColumn(10).getInt64());
    if (!row.getColumn(11).isNull()) record.deleted_at = from_ms(row.getColumn(11).getInt64());
    record.marker = row.getColumn(12).getString();
    if (!row.getColumn(13).isNull()) record.merged_into = row.getColumn(13).getInt64();
    return record;
}

void bind_query(SQLite::Statement& statement,
                const CustomerId& customer,
                const RecordQuery& query) {
    bind_key(statement, customer, query.system);
    statement.bind(":from", query.from_id);
    statement.bind(":deleted", query.shown == Shown::Deleted ? 1 : 0);
    statement.bind(":email", query.email.empty() ? std::string() : key_of_email(query.email));
    statement.bind(":text", fold(query.text));
}

void prepare_file(SQLite::Database& sqlite) {
    sqlite.setBusyTimeout(kBusyTimeoutMs);
    sqlite.exec("PRAGMA journal_mode = WAL");
    sqlite.exec("PRAGMA synchronous = FULL");
    sqlite.exec("PRAGMA cache_size = " + std::to_string(-kCacheKibibytes));
    SQLite::Transaction transaction(sqlite, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = sqlite.execAndGet("PRAGMA user_version").getInt();
    if (version < 1) sqlite.exec(kSchema);
    if (version < 2) sqlite.exec(kSecondStep);
    if (version < kSchemaVersion) {
        sqlite.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion));
    }
    transaction.commit();
}

}  // namespace

Prepared::~Prepared() {
    statement_->tryReset();
    statement_->clearBindings();
}

Statements::~Statements() = default;

Prepared Statements::use(const std::string& sql) {
    std::unique_ptr<SQLite::Statement>& statement = prepared_[sql];
    if (!statement) statement = std::make_unique<SQLite::Statement>(*sqlite_, sql);
    return Prepared(*statement);
}

Session::Session(Store& store, std::unique_lock<std::mutex> lock, CustomerId customer)
    : store_(&store), lock_(std::move(lock)), customer_(std::move(customer)) {}

Session::Session(Session&&) noexcept = default;

Session::~Session() {
    transaction_.reset();
}  // before the lock goes

Result<bool> Session::is_known() {
    return guarded([&]() -> Result<bool> {
        SQLite::Statement row(*store_->sqlite_,
                              "SELECT 1 FROM customers WHERE customer = :customer");
        row.bind(":customer", customer_.text);
        return row.executeStep();
    });
}

Result<std::optional<Record>> Session::find(System system, std::int64_t id) {
    if (view_) {
        const OldRecords old = unseen(system);
        const auto found = old.find(id);
        if (found != old.end()) return found->second;
    }
    return find_row(system, id);
}

Result<std::optional<Record>> Session::find_row(System system, std::int64_t id) {
    return guarded([&]() -> Result<std::optional<Record>> {
        const Prepared row = store_->statements_->use(std::string("SELECT ") + kColumns +
                                                      " FROM records WHERE customer = :customer"
                                                      " AND system = :system AND id = :id");
        bind_key(*row, customer_, system);
        row->bind(":id", id);
        if (!row->executeStep()) return std::optional<Record>();
        return std::optional(read_record(*row, system));
    });
}

Result<std::vector<Record>> Session::list(const RecordQuery& query) {
    if (!view_) return rows(query);
    RecordQuery shifted = query;
    if (query.from_id > 0 || query.offset > 0) {
        const std::int64_t offset = static_cast<std::int64_t>(query.offset) + view_->shift;
        shifted.offset = static_cast<std::size_t>(std::max<std::int64_t>(0, offset));
    }
    const OldRecords old = unseen(query.system);
    RecordQuery wide = shifted;
    wide.offset = 0;
    wide.limit = shifted.offset + shifted.limit + old.size();
    return as_seen(CRM_TRY(rows(wide)), old, shifted);
}

Result<std::vector<Record>> Session::rows(const RecordQuery& query) {
    return guarded([&]() -> Result<std::vector<Record>> {
        SQLite::Statement row(*store_->sqlite_,
                              std::string("SELECT ") + kColumns + kWhere +
                                  " ORDER BY id LIMIT :limit OFFSET :offset");
        bind_query(row, customer_, query);
        row.bind(":limit", static_cast<std::int64_t>(query.limit));
        row.bind(":offset", static_cast<std::int64_t>(query.offset));
        std::vector<Record> records;
        while (row.executeStep()) records.push_back(read_record(row, query.system));
        return records;
    });
}

Result<std::size_t> Session::count(const RecordQuery& query) {
    return guarded([&]() -> Result<std::size_t> {
        SQLite::Statement row(*store_->sqlite_, std::string("SELECT count(*)") + kWhere);
        bind_query(row, customer_, query);
        row.executeStep();
        return static_cast<std::size_t>(row.getColumn(0).getInt64());
    });
}

Result<std::optional<std::int64_t>> Session::find_owner(std::string_view email) {
    return guarded([&]() -> Result<std::optional<std::int64_t>> {
        const Prepared row = store_->statements_->use(
            "SELECT id FROM hubspot_emails WHERE customer = :customer AND email = :email");
        row->bind(":customer", customer_.text);
        row->bind(":email", std::string(email));
        if (!row->executeStep()) return std::optional<std::int64_t>();
        return std::optional(row->getColumn(0).getInt64());
    });
}

std::vector<Change> Session::changes_of(System system, std::int64_t id) const {
    std::vector<Change> changes = store_->journal_.since(customer_, system, TimePoint{});
    std::erase_if(changes, [&](const Change& change) { return change.id != id; });
    return changes;
}

OldRecords Session::unseen(System system) const {
    return old_records(store_->journal_.since(customer_, system, view_->now - view_->age), *view_);
}

Result<ConnectionState> Session::connection_state(System system) {
    return guarded([&]() -> Result<ConnectionState> {
        SQLite::Statement row(*store_->sqlite_,
                              "SELECT state FROM connections"
                              " WHERE customer = :customer AND system = :system");
        bind_key(row, customer_, system);
        if (!row.executeStep()) return ConnectionState::Connected;
        const std::string text = row.getColumn(0).getString();
        for (const ConnectionState state :
             {ConnectionState::Disconnected, ConnectionState::Archived}) {
            if (state_text(state) == text) return state;
        }
        return ConnectionState::Connected;
    });
}

Store::Store(std::unique_ptr<SQLite::Database> sqlite)
    : sqlite_(std::move(sqlite)), statements_(std::make_unique<Statements>(*sqlite_)) {}

Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
    const Error unusable{ErrorCode::Unavailable,
                         "The sandbox's file " + file.string() +
                             " cannot be used; it was left as it is. Move it away to start afresh"};
    try {
        auto sqlite = std::make_unique<SQLite::Database>(
            file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        if (sqlite->execAndGet("PRAGMA user_version").getInt() > kSchemaVersion) return unusable;
        prepare_file(*sqlite);
        return std::unique_ptr<Store>(new Store(std::move(sqlite)));
    } catch (const std::exception&) {
        return unusable;
    }
}

Result<Session> Store::begin(const CustomerId& customer, Access access) {
    return guarded([&]() -> Result<Session> {
        Session session(*this, std::unique_lock(mutex_), customer);
        // A writer takes the file's write lock at once, so that it never fails half-way.
        session.transaction_ = std::make_unique<SQLite::Transaction>(
            *sqlite_,
            access == Access::Write ? SQLite::TransactionBehavior::IMMEDIATE
                                    : SQLite::TransactionBehavior::DEFERRED);
        return session;
    });
}

}  // namespace crm::sandbox
