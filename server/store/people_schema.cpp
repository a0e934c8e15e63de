// Users, their sessions and tokens, and what happened to them. Append-only once released.
#include "server/store/people_schema.h"

namespace crm::store {

// NOLINTNEXTLINE(readability-function-size): one text, read from top to bottom
std::string_view people_schema_sql() {
    // Times are milliseconds since 1970 in UTC. `hash` is the SHA-256 of a secret of 256 random
    // bits: who reads the file can sign in with none of it. An e-mail belongs to one user of all
    // customers, because who signs in does not say the customer.
    return R"sql(
CREATE TABLE people_user (
    id            TEXT PRIMARY KEY,
    customer      TEXT NOT NULL,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin')),
    password_hash TEXT NOT NULL,
    is_disabled   INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    created_at    INTEGER NOT NULL,
    signed_in_at  INTEGER
) STRICT;
CREATE INDEX people_user_customer ON people_user (customer, email_key);

CREATE TABLE people_session (
    hash       TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES people_user (id) ON DELETE CASCADE,
    customer   TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX people_session_user ON people_session (user_id, created_at);

CREATE TABLE people_token (
    id         TEXT PRIMARY KEY,
    customer   TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES people_user (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
    hash       TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX people_token_customer ON people_token (customer, created_at);
CREATE INDEX people_token_user ON people_token (user_id);

-- Append-only; customer is '' where an attempt named nobody who is known. user_id is who did it.
CREATE TABLE people_audit (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    customer TEXT NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    subject  TEXT NOT NULL,
    address  TEXT NOT NULL,
    note     TEXT NOT NULL
) STRICT;
CREATE INDEX people_audit_customer ON people_audit (customer, id);
CREATE INDEX people_audit_kind ON people_audit (kind, id);
CREATE INDEX people_audit_address ON people_audit (user_id, address, at)
    WHERE kind = 'signed_in';

CREATE TRIGGER people_audit_is_final BEFORE UPDATE ON people_audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER people_audit_is_kept BEFORE DELETE ON people_audit
WHEN OLD.kind <> 'sign_in_failed'
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only; only failed sign-ins give way');
END;
)sql";
}

}  // namespace crm::store
