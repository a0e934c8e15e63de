// Files that must not be opened: each is refused in one line, and is byte for byte the same after.
#include "server/store/file_check.h"

#include <fstream>
#include <iterator>

#include <SQLiteCpp/Database.h>

#include "server/store/migrations.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& file, const std::string& bytes) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream << bytes;
    REQUIRE(stream.good());
}

/// Opening fails with one sentence that holds `words`, and nothing in the folder changes but the
/// lock file.
void check_refused(const fs::path& file, const std::string& words) {
    CAPTURE(words);
    const std::string before = read_file(file);
    const auto opened = Database::open(file);
    REQUIRE_FALSE(opened.is_ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().code == ErrorCode::Unavailable);
    CHECK(opened.error().message.find(words) != std::string::npos);
    CHECK(opened.error().message.find('\n') == std::string::npos);
    CHECK(read_file(file) == before);
    for (const auto& entry : fs::directory_iterator(file.parent_path())) {
        const std::string name = entry.path().filename().string();
        const bool is_expected = name == "contacts.db" || name == "contacts.db.lock";
        CHECK_MESSAGE(is_expected, name);
    }
}

/// A database with some contacts in it, closed.
std::string good_bytes(test::TempStore& files) {
    for (int number = 0; number < 40; ++number) {
        test::insert(files.database(),
                     test::make_contact("id" + std::to_string(number), std::string(900, 'x')));
    }
    files.close();
    return read_file(files.file());
}

}  // namespace

TEST_CASE("file check: a text file") {
    test::TempFolder folder;
    const fs::path file = folder.path() / "contacts.db";
    write_file(file, "name,email\nAnn,ann@x.com\n");
    check_refused(file, "is not a database of this program");
    write_file(file, "x");
    check_refused(file, "is not a database of this program");
}

TEST_CASE("file check: a folder in its place") {
    test::TempFolder folder;
    const fs::path file = folder.path() / "contacts.db";
    REQUIRE(fs::create_directory(file));
    const auto opened = Database::open(file);
    REQUIRE_FALSE(opened.is_ok());
    CHECK(opened.error().message.find("is not a database") != std::string::npos);
}

TEST_CASE("file check: a truncated database") {
    test::TempStore files;
    const std::string bytes = good_bytes(files);
    REQUIRE(bytes.size() > 20'000);
    for (const std::size_t kept : {std::size_t{50},
                                   std::size_t{2000},
                                   std::size_t{4096},
                                   bytes.size() / 2,
                                   bytes.size() - 4096,
                                   bytes.size() - 1}) {
        CAPTURE(kept);
        write_file(files.file(), bytes.substr(0, kept));
        check_refused(files.file(), "is damaged");
    }
    write_file(files.file(), bytes);
    files.open();  // the whole one is fine
}

TEST_CASE("file check: a corrupt header") {
    test::TempStore files;
    const std::string bytes = good_bytes(files);
    std::string broken = bytes;
    for (std::size_t index = 16; index < 100; ++index) broken[index] = '\x5A';
    write_file(files.file(), broken);
    check_refused(files.file(), "so it was left as it is");

    broken = bytes;
    broken[3] = 'X';
    write_file(files.file(), broken);
    check_refused(files.file(), "is not a database of this program");
}

TEST_CASE("file check: pages overwritten with noise") {
    test::TempStore files;
    std::string bytes = good_bytes(files);
    for (std::size_t index = 4096; index < 12'288; ++index) bytes[index] = '\x7F';
    write_file(files.file(), bytes);
    check_refused(files.file(), "is damaged");
}

TEST_CASE("file check: the NULLs that SQLite 3.40 only imagines are no damage") {
    test::TempStore files;
    files.close();
    {
        SQLite::Database database(files.file().string(), SQLite::OPEN_READWRITE);
        database.exec(
            "CREATE TABLE late_key (first TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (key))"
            " STRICT, WITHOUT ROWID; INSERT INTO late_key VALUES ('a', 'pipedrive empty')");
    }
    files.open();
}

TEST_CASE("file check: a newer version of the schema") {
    test::TempStore files;
    files.close();
    {
        SQLite::Database database(files.file().string(), SQLite::OPEN_READWRITE);
        database.exec("PRAGMA user_version = " + std::to_string(kSchemaVersion + 1));
    }
    check_refused(files.file(), "newer version");
}

TEST_CASE("file check: another program's database") {
    test::TempFolder folder;
    const fs::path file = folder.path() / "contacts.db";
    {
        SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        database.exec("CREATE TABLE cats (name TEXT)");
    }
    check_refused(file, "is not a database of this program");
}

TEST_CASE("file check: a file that may only be read") {
    test::TempStore files;
    files.close();
    fs::permissions(files.file(), fs::perms::owner_read);
    check_refused(files.file(), "can only be read");
    fs::permissions(files.file(), fs::perms::owner_read | fs::perms::owner_write);
    files.open();
}

TEST_CASE("file check: the log of a database that is gone is not laid over a new one") {
    test::TempFolder folder;
    const fs::path file = folder.path() / "contacts.db";
    const fs::path log = file.string() + "-wal";
    write_file(log, "last pages");
    for (const bool is_there : {false, true}) {
        CAPTURE(is_there);
        if (is_there) write_file(file, "");
        const auto opened = Database::open(file);
        REQUIRE_FALSE(opened.is_ok());
        CHECK(opened.error().message.find("put both files back together") != std::string::npos);
        CHECK(read_file(log) == "last pages");
        CHECK(fs::exists(file) == is_there);
    }
    REQUIRE(fs::remove(log));
    CHECK(Database::open(file).is_ok());
}

TEST_CASE("file check: an empty file counts as missing, and its name may hold anything") {
    test::TempFolder folder;
    const fs::path file = folder.path() / "a b?c#d%41é.db";
    write_file(file, "");
    {
        auto opened = Database::open(file);
        REQUIRE(opened.is_ok());
        test::insert(*opened.value(), test::make_contact("1", "Ann"));
    }
    const auto state = check_database_file(file);
    REQUIRE(state.is_ok());
    CHECK(state.value() == FileState::Ours);
    auto again = Database::open(file);
    REQUIRE(again.is_ok());
    auto snapshot = again.value()->begin_read();
    const auto found = find_contact(snapshot.value(), test::kAcme, ContactId("1"));
    REQUIRE(found.is_ok());
    CHECK(found.value().has_value());
}

}  // namespace crm::store
