// Restoring: the backup is checked first, the old database stays beside it, and nothing happens
// while somebody has it open.
#include "server/store/restore.h"

#include <fstream>

#include <SQLiteCpp/Database.h>

#include "server/store/backup.h"
#include "tests/server/store/samples.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_store.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

std::size_t count_contacts(const fs::path& file) {
    const auto opened = Database::open(file);
    REQUIRE_MESSAGE(opened.is_ok(), opened.error().message);
    const auto snapshot = opened.value()->begin_read();
    REQUIRE(snapshot.is_ok());
    return load_contacts(snapshot.value(), test::kAcme).value().size();
}

struct Scene {
    test::TempStore store;
    test::TempFolder folder;
    test::FakeClock clock;
    fs::path backup = folder.path() / "backup.db";

    /// One contact in the backup, two in the database.
    Scene() {
        test::insert(store.database(), test::make_contact("1", "Ada"));
        REQUIRE(back_up(store.file(), backup).is_ok());
        test::insert(store.database(), test::make_contact("2", "Bob"));
    }
    [[nodiscard]] std::string refusal() const {
        const auto outcome = restore(backup, store.file(), clock);
        REQUIRE_FALSE(outcome.is_ok());
        return outcome.error().message;
    }
};

}  // namespace

TEST_CASE("restore: the backup takes the place, the old database stays beside it") {
    Scene scene;
    scene.store.close();
    std::ofstream(scene.store.file().string() + ".mark") << "7";
    const auto kept = restore(scene.backup, scene.store.file(), scene.clock);
    REQUIRE_MESSAGE(kept.is_ok(), kept.error().message);
    CHECK(kept.value().string().starts_with(scene.store.file().string() + ".before-"));
    CHECK(count_contacts(scene.store.file()) == 1);
    CHECK(count_contacts(kept.value()) == 2);
    CHECK(fs::exists(scene.store.file().string() + ".mark"));
    CHECK(fs::exists(scene.backup));
    // The same moment again: nothing is written over.
    const auto again = restore(scene.backup, scene.store.file(), scene.clock);
    REQUIRE(again.is_ok());
    CHECK(again.value() != kept.value());
    CHECK(count_contacts(kept.value()) == 2);
}

TEST_CASE("restore: what a crash left in the log is in the kept database") {
    Scene scene;
    // A copy of file and log is what a dead process leaves.
    const fs::path crashed = scene.folder.path() / "contacts.db";
    fs::copy_file(scene.store.file(), crashed);
    fs::copy_file(scene.store.file().string() + "-wal", crashed.string() + "-wal");
    const auto kept = restore(scene.backup, crashed, scene.clock);
    REQUIRE_MESSAGE(kept.is_ok(), kept.error().message);
    CHECK(count_contacts(crashed) == 1);
    CHECK(count_contacts(kept.value()) == 2);
}

TEST_CASE("restore: into an empty folder") {
    Scene scene;
    const fs::path target = scene.folder.path() / "contacts.db";
    const auto kept = restore(scene.backup, target, scene.clock);
    REQUIRE(kept.is_ok());
    CHECK(kept.value().empty());
    CHECK(count_contacts(target) == 1);
}

TEST_CASE("restore: refused while a server has the database open") {
    Scene scene;
    CHECK(scene.refusal().find("has this database open") != std::string::npos);
    scene.store.close();
    CHECK(count_contacts(scene.store.file()) == 2);
}

TEST_CASE("restore: a backup that is none, damaged or newer changes nothing") {
    Scene scene;
    scene.store.close();
    const fs::path good = scene.backup;
    scene.backup = scene.folder.path() / "missing.db";
    CHECK(scene.refusal().find("there is no file") != std::string::npos);
    scene.backup = scene.folder.path() / "diary";
    std::ofstream(scene.backup) << "this is no database";
    CHECK(scene.refusal().find("not a database of this program") != std::string::npos);
    scene.backup = good;
    {
        SQLite::Database file(good.string(), SQLite::OPEN_READWRITE);
        file.exec(
            "PRAGMA foreign_keys = OFF; INSERT INTO history VALUES (99, 'acme', 'nobody', 1,"
            " 'created', '', '', '', '', 1)");
    }
    CHECK(scene.refusal().find("refers to a row of contacts") != std::string::npos);
    {
        SQLite::Database file(good.string(), SQLite::OPEN_READWRITE);
        file.exec("DROP TRIGGER history_is_kept; DELETE FROM history; PRAGMA user_version = 999");
    }
    CHECK(scene.refusal().find("newer version") != std::string::npos);
    scene.backup = scene.store.file();
    CHECK(scene.refusal().find("is the database itself") != std::string::npos);
    CHECK(count_contacts(scene.store.file()) == 2);
    std::size_t kept = 0;
    for (const auto& entry : fs::directory_iterator(scene.store.file().parent_path())) {
        if (entry.path().string().find(".before-") != std::string::npos) ++kept;
    }
    CHECK(kept == 0);
}

}  // namespace crm::store
