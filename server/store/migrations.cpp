#include "server/store/migrations.h"

#include <array>
#include <string>
#include <string_view>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include "server/store/idempotency_store.h"
#include "server/store/merge_schema.h"
#include "server/store/people_schema.h"
#include "server/store/purge_schema.h"
#include "server/store/search_schema.h"
#include "server/store/sql_guard.h"
#include "server/store/sync_schema.h"

namespace crm::store {
namespace {

// Times are milliseconds since 1970 in UTC. Texts are "" when missing, never NULL.
//
// contacts: one row per contact, tombstones included. `search` and the sort_ columns are derived
// from the fields by shared/contact_query; `origin` is the system it was first seen in.
//
// history: append-only. A row with a `version` is a change that made this version, and its
// old and new values are exact as stored (lists as JSON), so that earlier versions can be told by
// walking back. A row without is a remark; its values are shown as they are.
constexpr std::string_view kContactsSql = R"sql(
CREATE TABLE contacts (
    id            TEXT PRIMARY KEY,
    customer      TEXT NOT NULL,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    phone         TEXT NOT NULL,
    job_title     TEXT NOT NULL,
    pronouns      TEXT NOT NULL,
    company       TEXT NOT NULL,
    notes         TEXT NOT NULL,
    tags          TEXT NOT NULL,
    more_emails   TEXT NOT NULL,
    more_phones   TEXT NOT NULL,
    email_key     TEXT NOT NULL,
    search        TEXT NOT NULL,
    sort_name     TEXT NOT NULL,
    sort_email    TEXT NOT NULL,
    sort_phone    TEXT NOT NULL,
    sort_job_title TEXT NOT NULL,
    sort_pronouns TEXT NOT NULL,
    sort_company  TEXT NOT NULL,
    origin        TEXT NOT NULL,
    version       INTEGER NOT NULL CHECK (version >= 1),
    deleted_at    INTEGER,
    arriving      INTEGER NOT NULL CHECK (arriving IN (0, 1)),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    CHECK (arriving = 0 OR deleted_at IS NULL)
) STRICT;

CREATE UNIQUE INDEX contacts_live_email ON contacts (customer, email_key)
    WHERE deleted_at IS NULL AND email_key <> '';
CREATE INDEX contacts_any_email ON contacts (customer, email_key);
CREATE INDEX contacts_live_by_name ON contacts (customer, (sort_name = ''), sort_name, id)
    WHERE deleted_at IS NULL;
CREATE INDEX contacts_live_by_update ON contacts (customer, updated_at, id)
    WHERE deleted_at IS NULL;
CREATE INDEX contacts_deleted ON contacts (customer, (sort_name = ''), sort_name, id)
    WHERE deleted_at IS NOT NULL;

CREATE TABLE history (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    customer TEXT NOT NULL,
    contact  TEXT NOT NULL REFERENCES contacts (id),
    at       INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    system   TEXT NOT NULL,
    run      TEXT NOT NULL,
    note     TEXT NOT NULL,
    version  INTEGER
) STRICT;

CREATE INDEX history_of_contact ON history (contact, id);
CREATE UNIQUE INDEX history_version ON history (contact, version) WHERE version IS NOT NULL;

CREATE TABLE history_change (
    history   INTEGER NOT NULL REFERENCES history (id),
    position  INTEGER NOT NULL,
    field     TEXT NOT NULL,
    old_value TEXT NOT NULL,
    new_value TEXT NOT NULL,
    PRIMARY KEY (history, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER contacts_are_kept BEFORE DELETE ON contacts WHEN OLD.arriving = 0
BEGIN
    SELECT RAISE(ABORT, 'a confirmed contact is kept as a tombstone');
END;
CREATE TRIGGER history_is_final BEFORE UPDATE ON history
BEGIN
    SELECT RAISE(ABORT, 'history is append-only');
END;
CREATE TRIGGER history_change_is_final BEFORE UPDATE ON history_change
BEGIN
    SELECT RAISE(ABORT, 'history is append-only');
END;
CREATE TRIGGER history_is_kept BEFORE DELETE ON history
WHEN NOT EXISTS (SELECT 1 FROM contacts WHERE id = OLD.contact AND arriving = 1)
BEGIN
    SELECT RAISE(ABORT, 'the history of a confirmed contact is kept');
END;
CREATE TRIGGER history_change_is_kept BEFORE DELETE ON history_change
WHEN NOT EXISTS (SELECT 1 FROM history JOIN contacts ON contacts.id = history.contact
                 WHERE history.id = OLD.history AND contacts.arriving = 1)
BEGIN
    SELECT RAISE(ABORT, 'the history of a confirmed contact is kept');
END;
)sql";

// What belongs together in history is found by it: to be undone.
constexpr std::string_view kHistoryOfRunSql = R"sql(
CREATE INDEX history_of_run ON history (customer, run) WHERE run <> '';
)sql";

// The step at index 0 leads to version 1.
std::array<std::string_view, kSchemaVersion> steps() {
    return {kContactsSql,
            sync_schema_sql(),
            sync_schema_3_sql(),
            sync_schema_4_sql(),
            people_schema_sql(),
            kHistoryOfRunSql,
            purge_schema_sql(),
            idempotency_schema_sql(),
            sync_schema_lost_sql(),
            search_schema_sql(),
            merge_schema_sql()};
}

void run_step(SQLite::Database& database, int number, std::string_view sql) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(std::string(sql));
    database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.exec("PRAGMA user_version = " + std::to_string(number));
    transaction.commit();
}

}  // namespace

Status run_migrations(SQLite::Database& database) {
    return sql_guard([&]() -> Status {
        const int done = database.execAndGet("PRAGMA user_version").getInt();
        for (int number = done + 1; number <= kSchemaVersion; ++number) {
            run_step(database, number, steps().at(static_cast<std::size_t>(number) - 1));
        }
        return {};
    });
}

}  // namespace crm::store
