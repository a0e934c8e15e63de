// The sync engine's tables. Append-only once released: later changes are migrations of their own.
#include "server/store/sync_schema.h"

namespace crm::store {

// NOLINTNEXTLINE(readability-function-size): one text, read from top to bottom
std::string_view sync_schema_sql() {
    // Where a table has no rowid, the columns of its key come first: SQLite 3.40 otherwise reports
    // sound rows as damaged when it checks the file. Times are milliseconds since 1970 in UTC.
    // Value maps are query strings
    // ("name=Ada&phone=%2B44").
    return R"sql(
CREATE TABLE sync_link (
    contact_id        TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    system            TEXT NOT NULL,
    customer          TEXT NOT NULL,
    remote_id         TEXT NOT NULL,
    url               TEXT NOT NULL,
    linked_at         INTEGER NOT NULL,
    visible_until     INTEGER NOT NULL,
    absent_count      INTEGER NOT NULL,
    last_absent_start INTEGER NOT NULL,
    delete_acked      INTEGER,
    confirmed_gone    INTEGER,
    redeletes         INTEGER NOT NULL,
    is_dying          INTEGER NOT NULL,
    synced_at         INTEGER NOT NULL,
    PRIMARY KEY (contact_id, system),
    UNIQUE (customer, system, remote_id)
) STRICT;

CREATE TABLE sync_shadow (
    contact_id      TEXT NOT NULL,
    system          TEXT NOT NULL,
    field           TEXT NOT NULL,
    customer        TEXT NOT NULL,
    raw             TEXT NOT NULL,
    app             TEXT NOT NULL,
    settle_until    INTEGER NOT NULL,
    is_settling_own INTEGER NOT NULL,
    doubt_until     INTEGER NOT NULL,
    PRIMARY KEY (contact_id, system, field),
    FOREIGN KEY (contact_id, system) REFERENCES sync_link(contact_id, system) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_shadow_customer ON sync_shadow (customer);

CREATE TABLE sync_value (
    contact_id TEXT NOT NULL,
    system     TEXT NOT NULL,
    field      TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('superseded', 'sent', 'noted')),
    position   INTEGER NOT NULL,
    customer   TEXT NOT NULL,
    raw        TEXT NOT NULL,
    app        TEXT NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (contact_id, system, field, kind, position),
    FOREIGN KEY (contact_id, system, field)
        REFERENCES sync_shadow(contact_id, system, field) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_value_customer ON sync_value (customer);

CREATE TABLE sync_intent (
    contact_id   TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    system       TEXT NOT NULL,
    customer     TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete')),
    remote_id    TEXT NOT NULL,
    raw          TEXT NOT NULL,
    app          TEXT NOT NULL,
    email_key    TEXT NOT NULL,
    is_unknown   INTEGER NOT NULL,
    sent_at      INTEGER NOT NULL,
    deadline     INTEGER NOT NULL,
    absent_count INTEGER NOT NULL,
    PRIMARY KEY (contact_id, system)
) STRICT;
CREATE INDEX sync_intent_customer ON sync_intent (customer);

CREATE TABLE sync_refusal (
    contact_id   TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    system       TEXT NOT NULL,
    customer     TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete')),
    code         TEXT NOT NULL,
    message      TEXT NOT NULL,
    action       TEXT NOT NULL,
    raw          TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    next_try_at  INTEGER,
    PRIMARY KEY (contact_id, system)
) STRICT;
CREATE INDEX sync_refusal_customer ON sync_refusal (customer);

CREATE TABLE sync_vanished (
    contact_id TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    system     TEXT NOT NULL,
    customer   TEXT NOT NULL,
    PRIMARY KEY (contact_id, system)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_vanished_customer ON sync_vanished (customer);

CREATE TABLE sync_alias (
    customer   TEXT NOT NULL,
    email_key  TEXT NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    PRIMARY KEY (customer, email_key, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_alias_contact ON sync_alias (contact_id);

-- Outlives contacts on purpose: a record that was deleted once is never taken over again.
CREATE TABLE sync_dead (
    customer   TEXT NOT NULL,
    system     TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    since      INTEGER NOT NULL,
    PRIMARY KEY (customer, system, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_suppressed (
    customer   TEXT NOT NULL,
    email_key  TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    since      INTEGER NOT NULL,
    PRIMARY KEY (customer, email_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_hold (
    customer   TEXT NOT NULL,
    system     TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    reason     TEXT NOT NULL,
    message    TEXT NOT NULL,
    title      TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    since      INTEGER NOT NULL,
    PRIMARY KEY (customer, system, remote_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_conflict (
    id           INTEGER PRIMARY KEY,
    customer     TEXT NOT NULL,
    contact_id   TEXT NOT NULL,
    system       TEXT NOT NULL,
    field        TEXT NOT NULL,
    base         TEXT NOT NULL,
    app_value    TEXT NOT NULL,
    remote_value TEXT NOT NULL,
    winner       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    run_id       TEXT NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX sync_conflict_customer ON sync_conflict (customer, contact_id);
CREATE TRIGGER sync_conflict_is_kept BEFORE DELETE ON sync_conflict
BEGIN SELECT RAISE(ABORT, 'conflicts are never deleted'); END;

CREATE TABLE sync_system (
    customer            TEXT NOT NULL,
    system              TEXT NOT NULL,
    state               TEXT NOT NULL,
    reason              TEXT NOT NULL,
    last_run_at         INTEGER,
    pause_until         INTEGER,
    is_first_sync_done  INTEGER NOT NULL,
    account_fingerprint TEXT NOT NULL,
    in_sync             INTEGER NOT NULL,
    excluded            INTEGER NOT NULL,
    failing             INTEGER NOT NULL,
    pending             INTEGER NOT NULL,
    PRIMARY KEY (customer, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_run (
    number   INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    customer TEXT NOT NULL,
    state    TEXT NOT NULL,
    body     TEXT NOT NULL
) STRICT;
CREATE INDEX sync_run_customer ON sync_run (customer, number);
CREATE INDEX sync_run_open ON sync_run (state) WHERE state IN ('queued', 'running', 'held');

CREATE TABLE sync_held (
    run_id   TEXT NOT NULL,
    work     TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (run_id, work)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_grant (
    customer TEXT NOT NULL,
    work     TEXT NOT NULL,
    PRIMARY KEY (customer, work)
) STRICT, WITHOUT ROWID;
)sql";
}

std::string_view sync_schema_3_sql() {
    // sync_note: what is known about few contacts. kind 'parked' and 'oscillation' are about one
    // field, 'detached' about none; text is a query string.
    return R"sql(
ALTER TABLE sync_link ADD COLUMN version INTEGER;

CREATE TABLE sync_note (
    contact_id TEXT NOT NULL REFERENCES contacts(id) ON DELETE CASCADE,
    system     TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('parked', 'oscillation', 'detached')),
    field      TEXT NOT NULL,
    customer   TEXT NOT NULL,
    text       TEXT NOT NULL,
    PRIMARY KEY (contact_id, system, kind, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_note_customer ON sync_note (customer);

ALTER TABLE sync_hold ADD COLUMN record_values TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_hold ADD COLUMN suggested TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_hold ADD COLUMN suggestion TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_hold ADD COLUMN is_suggestion_refused INTEGER NOT NULL DEFAULT 0;

ALTER TABLE sync_conflict ADD COLUMN policy TEXT NOT NULL DEFAULT 'app';
ALTER TABLE sync_conflict ADD COLUMN state TEXT NOT NULL DEFAULT 'auto'
    CHECK (state IN ('open', 'auto', 'resolved'));
ALTER TABLE sync_conflict ADD COLUMN resolution TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_conflict ADD COLUMN resolved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_conflict ADD COLUMN resolved_at INTEGER;
CREATE INDEX sync_conflict_open ON sync_conflict (customer, id) WHERE state = 'open';
CREATE INDEX sync_conflict_newest ON sync_conflict (customer, id);

ALTER TABLE sync_system ADD COLUMN cycle INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN mapping_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE sync_system ADD COLUMN settle_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN late_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN settle_raised_at INTEGER;
ALTER TABLE sync_system ADD COLUMN incidents INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN budget_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN calls_today INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN is_first_sync_over INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_system ADD COLUMN is_rolled_back INTEGER NOT NULL DEFAULT 0;
UPDATE sync_system SET is_first_sync_over = is_first_sync_done;

-- One row. Grows with every run that is stored; a copy outside the database tells that an older
-- file was put in its place.
CREATE TABLE sync_mark (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO sync_mark VALUES (1, 0);
)sql";
}

std::string_view sync_schema_4_sql() {
    return R"sql(
CREATE INDEX sync_hold_suggested ON sync_hold (suggested)
    WHERE suggested <> '' AND is_suggestion_refused = 0;
)sql";
}

std::string_view sync_schema_lost_sql() {
    return R"sql(
CREATE TABLE sync_value_new (
    contact_id TEXT NOT NULL,
    system     TEXT NOT NULL,
    field      TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('superseded', 'sent', 'lost', 'noted')),
    position   INTEGER NOT NULL,
    customer   TEXT NOT NULL,
    raw        TEXT NOT NULL,
    app        TEXT NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (contact_id, system, field, kind, position),
    FOREIGN KEY (contact_id, system, field)
        REFERENCES sync_shadow(contact_id, system, field) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO sync_value_new SELECT * FROM sync_value;
DROP TABLE sync_value;
ALTER TABLE sync_value_new RENAME TO sync_value;
CREATE INDEX sync_value_customer ON sync_value (customer);
)sql";
}

}  // namespace crm::store
