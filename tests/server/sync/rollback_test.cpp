// An older copy of the database is put in place of the newest: what it has forgotten is not created
// or deleted over there before a person says so.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunState;

struct Scene {
    SyncBench bench;
    store::RollbackMark mark{bench.store.file()};

    Scene() { bench.mark = &mark; }

    [[nodiscard]] std::filesystem::path backup() const {
        return bench.store.file().string() + ".old";
    }
    void back_up() {
        std::filesystem::copy_file(
            bench.store.file(), backup(), std::filesystem::copy_options::overwrite_existing);
    }
    /// Closed, so that the file holds everything.
    void shut() {
        bench.service.reset();
        bench.contacts.reset();
        bench.store.close();
    }
    void put_back() {
        for (const char* tail : {"-wal", "-shm"})
            std::filesystem::remove(bench.store.file().string() + tail);
        std::filesystem::copy_file(
            backup(), bench.store.file(), std::filesystem::copy_options::overwrite_existing);
    }
};

TEST_CASE("rollback: a restored backup creates and deletes nothing before a yes") {
    Scene scene;
    SyncBench& bench = scene.bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.create("Bob", "bob@example.org");
    bench.run();
    scene.shut();
    scene.back_up();
    bench.store.open();
    bench.restart();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    bench.run();
    bench.run();
    REQUIRE(bench.hubspot.live_ids().size() == 1);
    scene.shut();
    scene.put_back();
    bench.store.open();
    store::RollbackMark fresh(bench.store.file());  // as of a new process
    bench.mark = &fresh;
    bench.restart();
    api::Run held;
    for (int i = 0; i < 6; ++i) {
        held = bench.run();
        CHECK(held.state == RunState::Held);
        CHECK(held.problems.front().code == "brake_rollback");
    }
    CHECK(bench.hubspot.live_ids().size() == 1);  // Ada is not created anew
    CHECK(held.problems.front().message.find("1 record anew that vanished") != std::string::npos);
    // A yes means all of it, once.
    REQUIRE(bench.service->approve(bench.customer, held.id).is_ok());
    CHECK(bench.run().state == RunState::Done);
    CHECK(bench.hubspot.live_ids().size() == 2);
    CHECK(bench.run().state == RunState::Done);
}

TEST_CASE("rollback: the newest database, a new folder and a broken mark raise no alarm") {
    Scene scene;
    SyncBench& bench = scene.bench;
    bench.create("Ada", "ada@example.org");
    CHECK(bench.run().state == RunState::Done);
    CHECK(scene.mark.read() == 1);
    store::RollbackMark again(bench.store.file());
    bench.mark = &again;
    bench.restart();
    CHECK(bench.run().state == RunState::Done);
    CHECK(again.read() == 2);
    std::ofstream(bench.store.file().string() + ".mark") << "nonsense\n";
    store::RollbackMark broken(bench.store.file());
    CHECK_FALSE(broken.read().has_value());
    bench.mark = &broken;
    CHECK(bench.run().state == RunState::Done);
    CHECK(broken.read() == 3);
}

}  // namespace
}  // namespace crm::test
