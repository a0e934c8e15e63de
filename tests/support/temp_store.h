// A folder that goes away with the test, and a real, migrated database file in it. In memory-backed
// storage where the machine has it: the tests make thousands of commits, each synced.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <system_error>

#include <doctest/doctest.h>

#include "server/store/database.h"

namespace crm::test {

class TempFolder {
   public:
    TempFolder() {
        const std::filesystem::path memory = "/dev/shm";
        std::error_code problem;
        const bool has_memory = std::filesystem::is_directory(memory, problem);
        const auto parent = has_memory ? memory : std::filesystem::temp_directory_path();
        std::string name = (parent / "contacts-test-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

   private:
    std::filesystem::path path_;
};

class TempStore {
   public:
    TempStore() { open(); }
    TempStore(const TempStore&) = delete;
    TempStore& operator=(const TempStore&) = delete;

    std::function<void(store::CommitEdge)> on_commit;  // see DatabaseOptions; may be empty

    [[nodiscard]] store::Database& database() { return *database_; }
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "contacts.db"; }

    void close() { database_.reset(); }
    void open() {
        // The door stays the same one through every restart; what it does may change at any time.
        auto opened = store::Database::open(file(), {[this](store::CommitEdge edge) {
                                                if (on_commit) on_commit(edge);
                                            }});
        REQUIRE_MESSAGE(opened.is_ok(), (opened.is_ok() ? "" : opened.error().message));
        database_ = opened.take();
    }

   private:
    TempFolder folder_;
    std::unique_ptr<store::Database> database_;
};

}  // namespace crm::test
