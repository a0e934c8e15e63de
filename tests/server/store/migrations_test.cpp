#include "server/store/migrations.h"

#include <filesystem>
#include <fstream>
#include <set>

#include <SQLiteCpp/Database.h>

#include "server/store/query.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

std::set<std::string> columns_of(const Connection& connection, std::string_view table) {
    Query query(connection, "SELECT name FROM pragma_table_info(?)");
    query.bind(table);
    std::set<std::string> names;
    while (query.step()) names.insert(query.text(0));
    return names;
}

/// What SQLite says about a statement that it refuses, or "".
std::string refusal_of(Transaction& transaction, const char* sql) {
    try {
        transaction.sqlite().exec(sql);
        return "";
    } catch (const std::runtime_error& thrown) {
        return thrown.what();
    }
}

}  // namespace

TEST_CASE("migrations: a new file is at the last step and marked as ours") {
    test::TempStore files;
    CHECK(files.database().schema_version() == kSchemaVersion);
    auto snapshot = files.database().begin_read();
    Query version(snapshot.value(), "PRAGMA user_version");
    REQUIRE(version.step());
    CHECK(version.integer(0) == kSchemaVersion);
    Query application(snapshot.value(), "PRAGMA application_id");
    REQUIRE(application.step());
    CHECK(application.integer(0) == kApplicationId);
}

TEST_CASE("migrations: every field of the table of fields has its column") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    const std::set<std::string> columns = columns_of(snapshot.value(), "contacts");
    for (const FieldSpec& spec : kContactFields) {
        CHECK(columns.count(std::string(spec.column)) == 1);
        const bool has_sort = columns.count("sort_" + std::string(spec.column)) == 1;
        CHECK(has_sort == (spec.kind != FieldKind::MultiLine));
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        CHECK(columns.count(std::string(spec.column)) == 1);
    }
}

TEST_CASE("migrations: every table is strict") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    Query query(snapshot.value(),
                "SELECT name, strict FROM pragma_table_list"
                " WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'");
    int tables = 0;
    while (query.step()) {
        CAPTURE(query.text(0));
        CHECK(query.integer(1) == 1);
        ++tables;
    }
    CHECK(tables >= 3);
}

TEST_CASE("migrations: a file of the first version is brought up to date and keeps its contacts") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann"));
    files.close();
    {
        // Back to how the first version left it: without the tables and the index of later steps.
        SQLite::Database database(files.file().string(), SQLite::OPEN_READWRITE);
        std::vector<std::string> drops;
        {
            SQLite::Statement later(database,
                                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name"
                                    " NOT IN ('contacts', 'history', 'history_change')"
                                    " AND name NOT LIKE 'sqlite%' AND name NOT IN (SELECT name FROM"
                                    " pragma_table_list WHERE type = 'shadow')"
                                    " ORDER BY name <> 'contact_terms'");
            while (later.executeStep()) drops.push_back(later.getColumn(0).getString());
        }
        database.exec("DROP VIEW contact_text");
        for (const std::string& table : drops) database.exec("DROP TABLE " + table);
        database.exec("DROP INDEX history_of_run; DROP INDEX contacts_by_deletion");
        database.exec("PRAGMA user_version = 1");
    }
    files.open();
    {
        auto snapshot = files.database().begin_read();
        Query version(snapshot.value(), "PRAGMA user_version");
        REQUIRE(version.step());
        CHECK(version.integer(0) == kSchemaVersion);
        CHECK(find_contact(snapshot.value(), test::kAcme, ContactId("1")).value().has_value());
        // Who was there before the index is found by it.
        ContactQuery query;
        query.text = "annn";
        const auto page = list_contacts(snapshot.value(), test::kAcme, query);
        REQUIRE(page.is_ok());
        CHECK(page.value().total == 1);
    }

    // What was there before stands beside it, as it was.
    const std::string name = "contacts-before-schema-" + std::to_string(kSchemaVersion) + ".db";
    const auto copy = files.file().parent_path() / "backups" / name;
    SQLite::Database before(copy.string(), SQLite::OPEN_READONLY);
    CHECK(before.execAndGet("PRAGMA user_version").getInt() == 1);
    CHECK(before.execAndGet("SELECT count(*) FROM contacts").getInt() == 1);
    files.close();
    files.open();
    CHECK_FALSE(std::filesystem::exists(copy.parent_path() / (copy.stem().string() + "-2.db")));
}

TEST_CASE("migrations: nothing is brought up to date without a copy") {
    test::TempStore files;
    files.close();
    {
        SQLite::Database database(files.file().string(), SQLite::OPEN_READWRITE);
        database.exec(
            "DROP TABLE IF EXISTS contact_merge_link; DROP TABLE IF EXISTS contact_merge;"
            "DROP TABLE IF EXISTS kept_separate; DROP VIEW contact_text; DROP TABLE contact_terms;"
            "DROP TABLE contact_words; DROP TABLE contact_pieces; DROP TABLE contact_number;"
            "PRAGMA user_version = 9");
    }
    std::ofstream(files.file().parent_path() / "backups") << "in the way";
    const auto opened = Database::open(files.file());
    REQUIRE_FALSE(opened.is_ok());
    CHECK(opened.error().message.find("not touched without a copy") != std::string::npos);
    const SQLite::Database database(files.file().string(), SQLite::OPEN_READONLY);
    CHECK_FALSE(database.tableExists("contact_number"));
    std::filesystem::remove(files.file().parent_path() / "backups");
    files.open();
}

TEST_CASE("migrations: the file itself refuses to rewrite or drop history") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann"));
    HistoryLine line;
    line.kind = "created";
    line.version = 1;
    line.changes = {{"name", "", "Ann"}};
    test::write(files.database(), [&](Transaction& transaction) {
        REQUIRE(append_history(transaction, test::kAcme, ContactId("1"), line).is_ok());
    });
    auto transaction = files.database().begin_write();
    for (const char* sql : {"UPDATE history SET kind = 'x'",
                            "DELETE FROM history",
                            "UPDATE history_change SET new_value = 'x'",
                            "DELETE FROM history_change",
                            "DELETE FROM contacts"}) {
        CAPTURE(sql);
        const std::string refusal = refusal_of(transaction.value(), sql);
        const bool is_ours = refusal.find("append-only") != std::string::npos ||
                             refusal.find("kept") != std::string::npos;
        CHECK_MESSAGE(is_ours, refusal);
    }
}

TEST_CASE("migrations: the file itself refuses two live contacts with one e-mail") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann", "ann@x.com"));
    Contact tombstone = test::make_contact("2", "Old Ann", "ANN@x.com");
    tombstone.deleted = true;
    test::insert(files.database(), tombstone);
    Contact elsewhere = test::make_contact("3", "Their Ann", "ann@x.com");
    elsewhere.customer_id = test::kGlobex;
    test::insert(files.database(), elsewhere);
    test::insert(files.database(), test::make_contact("4", "No e-mail"));
    test::insert(files.database(), test::make_contact("5", "No e-mail either"));
    auto transaction = files.database().begin_write();
    const Status outcome =
        insert_contact(transaction.value(), test::make_contact("6", "Twin", "Ann@X.com"));
    REQUIRE_FALSE(outcome.is_ok());
    CHECK(outcome.error().code == ErrorCode::Internal);
}

}  // namespace crm::store
