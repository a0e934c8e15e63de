// The real engine with its real database, over the systems of one history. Time is the world's; the
// engine sees it through a clock of its own, which may be off.
#pragma once

#include <memory>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/store/sync_store.h"
#include "server/sync/quiet_memory.h"
#include "server/sync/sync_run.h"
#include "server/sync/sync_service.h"
#include "tests/server/sync/sim/history.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace crm::test::sim {

/// The world's time, as the machine that the engine runs on has it.
class OwnClock final : public Clock {
   public:
    explicit OwnClock(const FakeClock& world) : world_(world) {}
    [[nodiscard]] TimePoint now() const override { return world_.now() + off; }

    std::chrono::milliseconds off{0};

   private:
    const FakeClock& world_;
};

class SimBench {
   public:
    explicit SimBench(const History& history)
        : own_clock(clock), random(mix(history.seed, 77)), begin(clock.now()) {
        for (const SystemPlan& plan : history.systems) {
            settings.systems.push_back(plan.spec);
            crms.push_back(
                std::make_unique<FakeCrm>(plan.spec.key.text, clock, random, plan.traits));
            crms.back()->faults = plan.faults;
            crms.back()->fingerprint = plan.spec.key.text + " account";
        }
        settings.interval = std::chrono::milliseconds(0);
        settings.settle = history.settle;
        settings.late = history.late;
        settings.is_first_sync_automatic = true;
        settings.delete_limit = history.delete_limit;
        settings.policies.by_field["*"] = history.policy;
        start();
    }

    /// As after a crash: everything that is not on disk is gone.
    void restart() {
        quiet = std::make_unique<sync::QuietMemory>();
        service.reset();
        contacts.reset();
        store.close();
        store.open();
        start();
    }

    sync::CustomerNotes notes() {
        auto snapshot = store.database().begin_read();
        REQUIRE(snapshot.is_ok());
        auto loaded = store::load_customer_notes(snapshot.value(), customer);
        REQUIRE(loaded.is_ok());
        return loaded.take();
    }
    std::vector<sync::ConflictRow> conflicts() {
        auto snapshot = store.database().begin_read();
        REQUIRE(snapshot.is_ok());
        auto loaded = store::load_conflicts(snapshot.value(), customer);
        REQUIRE(loaded.is_ok());
        return loaded.take();
    }
    [[nodiscard]] int writes() const {
        int sum = 0;
        for (const auto& crm : crms) sum += crm->writes();
        return sum;
    }

    const CustomerId customer{"dev"};
    TempStore store;
    FakeClock clock;
    OwnClock own_clock;
    SeededRandom random;  // of our ids
    const TimePoint begin;
    sync::SyncSettings settings;
    std::vector<std::unique_ptr<FakeCrm>> crms;
    std::unique_ptr<ContactService> contacts;
    std::unique_ptr<sync::QuietMemory> quiet = std::make_unique<sync::QuietMemory>();
    std::unique_ptr<sync::SyncService> service;  // never started: it only observes contacts here

   private:
    void start() {
        contacts = std::make_unique<ContactService>(store.database(), own_clock, random);
        service = std::make_unique<sync::SyncService>(
            sync::SyncService::Doors{store.database(), *contacts, own_clock, random},
            settings,
            [](const CustomerId&) { return std::vector<std::unique_ptr<sync::Connector>>(); },
            sync::SyncListeners{});
        contacts->connect(service.get(), {});
    }
};

}  // namespace crm::test::sim
