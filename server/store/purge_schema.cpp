#include "server/store/purge_schema.h"

namespace crm::store {

std::string_view purge_schema_sql() {
    // purging: who is being removed by the present transaction; empty outside of one. The triggers
    // that keep everything let go of these.
    return R"sql(
CREATE TABLE purging (
    contact TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

DROP TRIGGER contacts_are_kept;
CREATE TRIGGER contacts_are_kept BEFORE DELETE ON contacts
WHEN OLD.arriving = 0 AND NOT EXISTS (SELECT 1 FROM purging WHERE contact = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'a confirmed contact is kept as a tombstone');
END;
DROP TRIGGER history_is_kept;
CREATE TRIGGER history_is_kept BEFORE DELETE ON history
WHEN NOT EXISTS (SELECT 1 FROM contacts WHERE id = OLD.contact AND arriving = 1)
    AND NOT EXISTS (SELECT 1 FROM purging WHERE contact = OLD.contact)
BEGIN
    SELECT RAISE(ABORT, 'the history of a confirmed contact is kept');
END;
DROP TRIGGER history_change_is_kept;
CREATE TRIGGER history_change_is_kept BEFORE DELETE ON history_change
WHEN NOT EXISTS (SELECT 1 FROM history JOIN contacts ON contacts.id = history.contact
                 WHERE history.id = OLD.history AND contacts.arriving = 1)
    AND NOT EXISTS (SELECT 1 FROM history JOIN purging ON purging.contact = history.contact
                    WHERE history.id = OLD.history)
BEGIN
    SELECT RAISE(ABORT, 'the history of a confirmed contact is kept');
END;
DROP TRIGGER sync_conflict_is_kept;
CREATE TRIGGER sync_conflict_is_kept BEFORE DELETE ON sync_conflict
WHEN NOT EXISTS (SELECT 1 FROM purging WHERE contact = OLD.contact_id)
BEGIN SELECT RAISE(ABORT, 'conflicts are never deleted'); END;

CREATE INDEX contacts_by_deletion ON contacts (customer, deleted_at)
    WHERE deleted_at IS NOT NULL;
)sql";
}

}  // namespace crm::store
