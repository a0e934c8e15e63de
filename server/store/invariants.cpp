#include "server/store/invariants.h"

#include <string_view>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "server/store/file_check.h"
#include "server/store/migrations.h"
#include "server/store/process_lock.h"
#include "server/store/sql_guard.h"
#include "shared/contact.h"
#include "shared/contact_json.h"
#include "shared/contact_query.h"
#include "shared/text.h"

namespace crm::store {
namespace {

using Findings = std::vector<std::string>;

constexpr int kBusyTimeoutMs = 5000;

/// A rule, and the rows that break it: the first one is told.
struct Rule {
    std::string_view sentence;
    std::string_view sql;
};

constexpr Rule kRules[] = {
    {"a contact's version is not that of its last change",
     "SELECT id FROM contacts WHERE version IS NOT"
     " (SELECT max(version) FROM history WHERE contact = contacts.id)"},
    {"a contact has another number of changes than versions",
     "SELECT id FROM contacts WHERE version <>"
     " (SELECT count(*) FROM history WHERE contact = contacts.id AND version IS NOT NULL)"},
    {"a line of history belongs to another customer than its contact",
     "SELECT contact FROM history JOIN contacts ON contacts.id = contact"
     " WHERE history.customer <> contacts.customer"},
    {"a link belongs to another customer than its contact",
     "SELECT contact_id FROM sync_link JOIN contacts ON contacts.id = contact_id"
     " WHERE sync_link.customer <> contacts.customer"},
    {"a deleted contact's record is not dead",
     "SELECT contact_id FROM sync_link JOIN contacts ON contacts.id = contact_id"
     " WHERE deleted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sync_dead"
     " WHERE sync_dead.customer = sync_link.customer AND sync_dead.system = sync_link.system"
     " AND sync_dead.remote_id = sync_link.remote_id)"},
    {"a live contact is linked to a dead record",
     "SELECT sync_link.contact_id FROM sync_link JOIN contacts ON contacts.id ="
     " sync_link.contact_id JOIN sync_dead ON sync_dead.customer = sync_link.customer"
     " AND sync_dead.system = sync_link.system AND sync_dead.remote_id = sync_link.remote_id"
     " WHERE deleted_at IS NULL AND is_dying = 0"},
    {"an update or delete is on its way to no record",
     "SELECT contact_id FROM sync_intent WHERE kind <> 'create' AND remote_id = ''"},
    {"a contact is not in the index that it is found by",
     "SELECT id FROM contacts WHERE NOT EXISTS"
     " (SELECT 1 FROM contact_number WHERE contact = contacts.id)"},
    {"somebody is being removed although nobody removes", "SELECT contact FROM purging"},
};

SQLite::Database open_to_read(const std::filesystem::path& file) {
    // Beside a server its log may be empty now and not in a moment.
    const bool is_in_use = !ProcessLock::acquire(file.string() + ".lock").is_ok();
    if (is_in_use) return {file.string(), SQLite::OPEN_READONLY, kBusyTimeoutMs};
    return {read_only_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI};
}

/// Nobody has a backup open, and no lock belongs beside it.
SQLite::Database open_backup(const std::filesystem::path& file) {
    return {read_only_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI};
}

void check_pages(SQLite::Database& database, Findings& findings) {
    SQLite::Statement check(database, "PRAGMA integrity_check(10)");
    while (check.executeStep()) {
        std::string finding = check.getColumn(0).getString();
        // SQLite 3.40 sees NULLs that are not there (file_check.cpp).
        if (finding == "ok" || finding.starts_with("NULL value in ")) continue;
        findings.push_back("the file is damaged: " + std::move(finding));
    }
}

void check_foreign_keys(SQLite::Database& database, Findings& findings) {
    SQLite::Statement check(database, "PRAGMA foreign_key_check");
    while (check.executeStep() && findings.size() < 10) {
        findings.push_back("a row of " + check.getColumn(0).getString() + " refers to a row of " +
                           check.getColumn(2).getString() + " that is not there");
    }
}

void check_rules(SQLite::Database& database, Findings& findings) {
    for (const Rule& rule : kRules) {
        SQLite::Statement query(database, std::string(rule.sql));
        std::string first;
        std::int64_t count = 0;
        while (query.executeStep()) {
            if (count++ == 0) first = query.getColumn(0).getString();
        }
        if (count == 0) continue;
        findings.push_back(std::string(rule.sentence) + " (" + std::to_string(count) +
                           " times, first " + first + ")");
    }
}

/// What is derived from the fields of a row, in the order of derived_columns().
std::vector<std::string> derive(const Contact& contact) {
    std::vector<std::string> values{email_key(contact.fields.email).value_or(""),
                                    search_text(contact.fields)};
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind != FieldKind::MultiLine) values.push_back(sort_value(contact, spec.wire));
    }
    return values;
}

std::string derived_columns() {
    std::string sql = "email_key, search";
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind != FieldKind::MultiLine) sql += ", sort_" + std::string(spec.column);
    }
    return sql;
}

std::string field_columns() {
    std::string sql;
    for (const FieldSpec& spec : kContactFields) sql += ", " + std::string(spec.column);
    for (const ListFieldSpec& spec : kContactListFields) sql += ", " + std::string(spec.column);
    return sql + ", tags, ";
}

/// False: a list in it cannot be read.
bool read_fields(SQLite::Statement& row, Contact& contact) {
    int column = 1;
    for (const FieldSpec& spec : kContactFields) {
        contact.fields.*spec.member = row.getColumn(column++).getString();
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        auto values = read_values(row.getColumn(column++).getString());
        if (!values) return false;
        contact.fields.*spec.member = std::move(*values);
    }
    auto tags = read_tags(row.getColumn(column).getString());
    if (!tags) return false;
    contact.fields.tags = std::move(*tags);
    return true;
}

bool is_derived_well(SQLite::Statement& row) {
    Contact contact;
    if (!read_fields(row, contact)) return false;
    int column = 2 + static_cast<int>(kContactFields.size() + kContactListFields.size());
    for (const std::string& value : derive(contact)) {
        if (row.getColumn(column++).getString() != value) return false;
    }
    return true;
}

void check_contacts(SQLite::Database& database, Findings& findings) {
    SQLite::Statement row(database,
                          "SELECT id" + field_columns() + derived_columns() + " FROM contacts");
    std::int64_t count = 0;
    std::string first;
    while (row.executeStep()) {
        if (is_derived_well(row)) continue;
        if (count++ == 0) first = row.getColumn(0).getString();
    }
    if (count == 0) return;
    findings.push_back("what contacts are found and sorted by does not fit their fields (" +
                       std::to_string(count) + " times, first " + first + ")");
}

/// Both indexes, against one made anew of the same texts.
struct IndexCheck {
    std::string name;
    std::string tokenizer;
};

void check_index(SQLite::Database& database, const IndexCheck& index, Findings& findings) {
    const std::string anew = "anew_" + index.name;
    database.exec("CREATE VIRTUAL TABLE temp." + anew +
                  " USING fts5 (search, content = '',"
                  " detail = none, columnsize = 0, tokenize = '" +
                  index.tokenizer + "')");
    database.exec("INSERT INTO temp." + anew +
                  " (rowid, search) SELECT number, search FROM contact_text");
    database.exec("CREATE VIRTUAL TABLE temp.terms_anew USING fts5vocab ('temp', '" + anew +
                  "', 'row')");
    database.exec("CREATE VIRTUAL TABLE temp.terms_kept USING fts5vocab ('main', '" + index.name +
                  "', 'row')");
    const int wrong =
        database
            .execAndGet(
                "SELECT (SELECT count(*) FROM (SELECT term, doc FROM terms_anew EXCEPT"
                " SELECT term, doc FROM terms_kept)) + (SELECT count(*) FROM (SELECT term,"
                " doc FROM terms_kept EXCEPT SELECT term, doc FROM terms_anew))")
            .getInt();
    for (const std::string& table : {std::string("terms_kept"), std::string("terms_anew"), anew}) {
        database.exec("DROP TABLE temp." + table);
    }
    if (wrong == 0) return;
    findings.push_back("the index " + index.name + " does not fit the contacts (" +
                       std::to_string(wrong) + " entries)");
}

void check_search(SQLite::Database& database, Findings& findings) {
    check_index(database, {"contact_pieces", "trigram case_sensitive 1"}, findings);
    check_index(database, {"contact_words", "unicode61 remove_diacritics 0"}, findings);
}

}  // namespace

Result<Findings> check_references(const std::filesystem::path& file) {
    return sql_guard([&]() -> Result<Findings> {
        SQLite::Database database = open_backup(file);
        Findings findings;
        check_foreign_keys(database, findings);
        return findings;
    });
}

Result<Findings> check_all(const std::filesystem::path& file) {
    return sql_guard([&]() -> Result<Findings> {
        SQLite::Database database = open_to_read(file);
        database.exec("BEGIN");  // one moment, whatever a server writes meanwhile
        Findings findings;
        check_pages(database, findings);
        check_foreign_keys(database, findings);
        if (database.execAndGet("PRAGMA user_version").getInt() != kSchemaVersion) return findings;
        check_rules(database, findings);
        check_contacts(database, findings);
        check_search(database, findings);
        return findings;
    });
}

}  // namespace crm::store
