// Each rule sees the fault that is planted for it, and a sound database has none.
#include "server/store/invariants.h"

#include <SQLiteCpp/Database.h>

#include "tests/server/store/samples.h"
#include "tests/support/temp_store.h"

namespace crm::store {
namespace {

void add(Database& database, const std::string& id, const std::string& email) {
    const Contact contact = test::make_contact(id, "Name " + id, email);
    test::write(database, [&](Transaction& transaction) {
        REQUIRE(insert_contact(transaction, contact).is_ok());
        HistoryLine line;
        line.kind = "created";
        line.version = 1;
        REQUIRE(append_history(transaction, test::kAcme, contact.id, line).is_ok());
    });
}

std::vector<std::string> findings_in(const test::TempStore& store) {
    const auto findings = check_all(store.file());
    REQUIRE_MESSAGE(findings.is_ok(), findings.error().message);
    return findings.value();
}

constexpr const char* kLink =
    "INSERT INTO sync_link VALUES ('1', 'hubspot', 'acme', 'h1', '', 0, 0, 0, 0, NULL, NULL, 0, 0,"
    " 0, NULL)";

struct Plant {
    std::string sql;
    std::string told;
};

}  // namespace

TEST_CASE("check: a sound database has nothing to tell, with or without a server") {
    test::TempStore store;
    add(store.database(), "1", "a@x.example");
    CHECK(findings_in(store).empty());
    store.close();
    CHECK(findings_in(store).empty());
}

TEST_CASE("check: every rule sees its fault") {
    const std::vector<Plant> plants{
        {"UPDATE contacts SET version = 2", "version is not that of its last change"},
        {"INSERT INTO history VALUES (9, 'acme', '1', 1, 'x', '', '', '', '', 5);"
         "UPDATE contacts SET version = 5 WHERE id = '1'",
         "another number of changes than versions"},
        {"UPDATE contacts SET customer = 'globex'", "history belongs to another customer"},
        {std::string(kLink) + "; UPDATE sync_link SET customer = 'globex'",
         "link belongs to another customer"},
        {std::string(kLink) + "; UPDATE contacts SET deleted_at = 5", "record is not dead"},
        {std::string(kLink) + "; INSERT INTO sync_dead VALUES ('acme', 'hubspot', 'h1', '1', 0)",
         "linked to a dead record"},
        {"INSERT INTO sync_intent VALUES ('1', 'hubspot', 'acme', 'update', '', '', '', '', 0, 0,"
         " 0, 0)",
         "on its way to no record"},
        {"INSERT INTO purging VALUES ('1')", "is being removed"},
        {"DELETE FROM contact_number", "not in the index that it is found by"},
        {"INSERT INTO contact_words (contact_words) VALUES ('delete-all')",
         "index contact_words does not fit"},
        {"INSERT INTO contact_pieces (rowid, search) VALUES (1, 'abcd')",
         "index contact_pieces does not fit"},
        {"UPDATE contacts SET email_key = 'other@x.example'", "does not fit their fields"},
        {"UPDATE contacts SET search = ''", "does not fit their fields"},
        {"UPDATE contacts SET tags = 'no list'", "does not fit their fields"},
        {"PRAGMA foreign_keys = OFF; INSERT INTO sync_alias VALUES ('acme', 'k', 'nobody')",
         "refers to a row of contacts"},
    };
    for (const Plant& plant : plants) {
        CAPTURE(plant.told);
        test::TempStore store;
        add(store.database(), "1", "a@x.example");
        store.close();
        {
            SQLite::Database file(store.file().string(), SQLite::OPEN_READWRITE);
            file.exec(plant.sql);
        }
        const std::vector<std::string> findings = findings_in(store);
        REQUIRE(findings.size() >= 1);
        bool is_told = false;
        for (const std::string& finding : findings) {
            is_told = is_told || finding.find(plant.told) != std::string::npos;
        }
        CHECK_MESSAGE(is_told, findings.front());
    }
}

}  // namespace crm::store
