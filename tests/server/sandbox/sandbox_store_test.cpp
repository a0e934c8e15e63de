#include "server/sandbox/sandbox_store.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

namespace crm::sandbox {
namespace {

// A folder that goes away with its test.
class Folder {
   public:
    Folder()
        : path_(std::filesystem::temp_directory_path() /
                ("sandbox_store_test_" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::filesystem::path file() const { return path_ / "sandbox.db"; }

   private:
    std::filesystem::path path_;
};

const CustomerId kAnn("ann");
const CustomerId kBob("bob");

std::unique_ptr<Store> open(const Folder& folder) {
    Result<std::unique_ptr<Store>> store = Store::open(folder.file());
    REQUIRE(store.is_ok());
    return store.take();
}

Session begin(Store& store, const CustomerId& customer) {
    Result<Session> session = store.begin(customer, Access::Write);
    REQUIRE(session.is_ok());
    return session.take();
}

Record sample(std::int64_t id) {
    return {.system = System::HubSpot,
            .id = id,
            .name = "Ann Lee",
            .first_name = "Ann",
            .last_name = "Lee",
            .emails = {{.value = "ann" + std::to_string(id) + "@x.example", .is_primary = true}},
            .phones = {{.value = "+1 212 555 0100", .label = "work", .is_primary = true}},
            .job_title = "CTO",
            .pronouns = "she/her",
            .company = "Blue Kiln",
            .created_at = TimePoint(std::chrono::milliseconds(1'700'000'000'123)),
            .updated_at = TimePoint(std::chrono::milliseconds(1'700'000'000'456))};
}

}  // namespace

TEST_CASE(
    "sandbox store: a file of the first version gains what came later and keeps its records") {
    const Folder folder;
    {
        const auto store = open(folder);
        Session session = begin(*store, kAnn);
        REQUIRE(session.insert(sample(1)).is_ok());
        REQUIRE(session.commit().is_ok());
    }
    {
        SQLite::Database old(folder.file().string(), SQLite::OPEN_READWRITE);
        old.exec("ALTER TABLE records DROP COLUMN marker");
        old.exec("ALTER TABLE records DROP COLUMN merged_into");
        old.exec("PRAGMA user_version = 1");
    }
    const auto store = open(folder);
    Session session = begin(*store, kAnn);
    CHECK(session.find(System::HubSpot, 1).value() == sample(1));
    Record marked = sample(2);
    marked.marker = "our-1";
    marked.deleted_at = marked.updated_at;
    marked.merged_into = 1;
    REQUIRE(session.insert(marked).is_ok());
    CHECK(session.find(System::HubSpot, 2).value() == marked);
}

TEST_CASE("sandbox store: what was committed is there after reopening, the rest is not") {
    const Folder folder;
    {
        const auto store = open(folder);
        Session kept = begin(*store, kAnn);
        REQUIRE(kept.insert(sample(1)).is_ok());
        REQUIRE(kept.commit().is_ok());
    }
    {
        const auto store = open(folder);
        Session dropped = begin(*store, kAnn);
        REQUIRE(dropped.insert(sample(2)).is_ok());
    }
    const auto store = open(folder);
    Session session = begin(*store, kAnn);
    CHECK(session.find(System::HubSpot, 1).value() == sample(1));
    CHECK_FALSE(session.find(System::HubSpot, 2).value().has_value());
}

TEST_CASE("sandbox store: a customer sees its own records only") {
    const Folder folder;
    const auto store = open(folder);
    {
        Session session = begin(*store, kAnn);
        REQUIRE(session.insert(sample(1)).is_ok());
        REQUIRE(session.mark_known({}).is_ok());
        REQUIRE(session.set_connection_state(System::HubSpot, ConnectionState::Archived).is_ok());
        REQUIRE(session.commit().is_ok());
    }
    Session session = begin(*store, kBob);
    CHECK_FALSE(session.is_known().value());
    CHECK_FALSE(session.find(System::HubSpot, 1).value().has_value());
    CHECK(session.list({}).value().empty());
    CHECK(session.count({}).value() == 0);
    CHECK_FALSE(session.find_owner("ann1@x.example").value().has_value());
    CHECK(session.connection_state(System::HubSpot).value() == ConnectionState::Connected);
    CHECK(session.insert(sample(1)).is_ok());
}

TEST_CASE("sandbox store: an address belongs to one live HubSpot contact") {
    const Folder folder;
    const auto store = open(folder);
    Session session = begin(*store, kAnn);
    Record record = sample(1);
    REQUIRE(session.insert(record).is_ok());
    CHECK(session.find_owner("ann1@x.example").value() == 1);
    Record twin = sample(2);
    twin.emails = record.emails;
    CHECK_FALSE(session.insert(twin).is_ok());
    record.deleted_at = record.created_at;
    REQUIRE(session.replace(record).is_ok());
    CHECK_FALSE(session.find_owner("ann1@x.example").value().has_value());
}

TEST_CASE("sandbox store: ids are given out once") {
    const Folder folder;
    {
        const auto store = open(folder);
        Session session = begin(*store, kAnn);
        CHECK(session.next_id(System::HubSpot, 100, 13).value() == 100);
        CHECK(session.next_id(System::HubSpot, 100, 13).value() == 113);
        CHECK(session.next_id(System::Pipedrive, 1, 1).value() == 1);
        REQUIRE(session.commit().is_ok());
    }
    const auto store = open(folder);
    Session session = begin(*store, kAnn);
    CHECK(session.next_id(System::HubSpot, 100, 13).value() == 126);
}

TEST_CASE("sandbox store: records are found by text and by address, whatever the case") {
    const Folder folder;
    const auto store = open(folder);
    Session session = begin(*store, kAnn);
    REQUIRE(session.insert(sample(1)).is_ok());
    REQUIRE(session.insert(sample(2)).is_ok());
    CHECK(session.list({.email = "ANN2@X.example"}).value().size() == 1);
    CHECK(session.list({.email = "nn2@x.example"}).value().empty());
    CHECK(session.list({.text = "aNN lee"}).value().size() == 2);
    CHECK(session.list({.text = "2125550100"}).value().size() == 2);
    CHECK(session.list({.text = "100%_nobody"}).value().empty());
    CHECK(session.list({.from_id = 2}).value().size() == 1);
    CHECK(session.list({.offset = 1, .limit = 5}).value().front().id == 2);
}

TEST_CASE("sandbox store: a file that is no database is left alone") {
    const Folder folder;
    const std::string text = "these are my notes, and not a database at all\n";
    std::ofstream(folder.file()) << text;
    const auto store = Store::open(folder.file());
    REQUIRE_FALSE(store.is_ok());
    CHECK(store.error().code == ErrorCode::Unavailable);
    std::string kept;
    std::getline(std::ifstream(folder.file()), kept);
    CHECK(kept + "\n" == text);
}

TEST_CASE("sandbox store: a missing folder is an error, not a crash") {
    CHECK_FALSE(Store::open("/nonexistent-folder/sandbox.db").is_ok());
}

}  // namespace crm::sandbox
