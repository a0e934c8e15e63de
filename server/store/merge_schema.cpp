#include "server/store/merge_schema.h"

namespace crm::store {

std::string_view merge_schema_sql() {
    // contact_merge: `id` is the name of its changes in history. contact_merge_link: the records
    // that the loser handed over to the winner. kept_separate: a pair, the smaller id first.
    return R"sql(
CREATE TABLE contact_merge (
    id        TEXT PRIMARY KEY,
    customer  TEXT NOT NULL,
    winner    TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    loser     TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;
CREATE INDEX contact_merge_winner ON contact_merge (winner);
CREATE INDEX contact_merge_loser ON contact_merge (loser);
CREATE INDEX contact_merge_customer ON contact_merge (customer);

CREATE TABLE contact_merge_link (
    merge        TEXT NOT NULL REFERENCES contact_merge (id) ON DELETE CASCADE,
    system       TEXT NOT NULL,
    remote_id    TEXT NOT NULL,
    was_detached INTEGER NOT NULL,
    PRIMARY KEY (merge, system)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_separate (
    first    TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    second   TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    customer TEXT NOT NULL,
    actor    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (first, second),
    CHECK (first < second)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_separate_second ON kept_separate (second);
CREATE INDEX kept_separate_customer ON kept_separate (customer);
)sql";
}

}  // namespace crm::store
