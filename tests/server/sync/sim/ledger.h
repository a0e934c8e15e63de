// Stands between the engine and its systems and checks every call at the moment it is made: is it
// on disk already, was it allowed? The names S5 … are those of the engine's invariants.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/server/sync/sim/sim_bench.h"
#include "tests/server/sync/sim/verdict.h"

namespace crm::test::sim {

class Ledger {
   public:
    Ledger(SimBench& bench, Report report) : bench_(bench), report_(std::move(report)) {}

    void begin_run(bool has_grants);
    /// After a restart: calls that were open then have no answer.
    void note_crash();
    /// After a run: a contact that is linked has no open create.
    void note_links(const sync::CustomerNotes& notes);

    void listed(std::size_t system, TimePoint started, const sync::Listing& listing);
    void before_create(std::size_t system,
                       const sync::RemoteValues& values,
                       const ContactId& contact);
    void after_create(std::size_t system,
                      const ContactId& contact,
                      const sync::CallOutcome& outcome);
    void before_update(std::size_t system, const RemoteId& id, const sync::RemoteValues& values);
    void before_delete(std::size_t system, const RemoteId& id);
    [[nodiscard]] TimePoint now() const { return bench_.own_clock.now(); }

   private:
    struct Listed {
        TimePoint started{};
        bool is_complete = false;
    };
    struct System {
        std::vector<Listed> listings;
        bool is_listed_now = false;              // in this run, and completely the last time
        std::map<ContactId, TimePoint> unknown;  // creates without answer, and when we gave up
        int deletes = 0;                         // in this run
    };
    System& system(std::size_t index) { return systems_[index]; }
    [[nodiscard]] const sync::SystemSpec& spec(std::size_t index) const {
        return bench_.settings.systems[index];
    }
    void check_email_barrier(std::size_t index,
                             const sync::CustomerNotes& notes,
                             const ContactId& contact,
                             const std::string& key);

    SimBench& bench_;
    Report report_;
    std::map<std::size_t, System> systems_;
    bool has_grants_ = false;
    TimePoint run_started_{};
};

/// The connector of one system, with the ledger in between.
class WatchedConnector final : public FakeConnector {
   public:
    WatchedConnector(FakeCrm& crm, std::size_t system, Ledger& ledger)
        : FakeConnector(crm), system_(system), ledger_(ledger) {}
    [[nodiscard]] sync::Listing list(const std::string& known_digest) override {
        const TimePoint started = ledger_.now();
        sync::Listing listing = FakeConnector::list(known_digest);
        ledger_.listed(system_, started, listing);
        return listing;
    }
    [[nodiscard]] sync::CallOutcome create(const sync::RemoteValues& values,
                                           const std::string& marker) override {
        ledger_.before_create(system_, values, ContactId(marker));
        sync::CallOutcome outcome = FakeConnector::create(values, marker);
        ledger_.after_create(system_, ContactId(marker), outcome);
        return outcome;
    }
    [[nodiscard]] sync::CallOutcome update(const RemoteId& id,
                                           const sync::RemoteValues& values) override {
        ledger_.before_update(system_, id, values);
        return FakeConnector::update(id, values);
    }
    [[nodiscard]] sync::CallOutcome remove(const RemoteId& id) override {
        ledger_.before_delete(system_, id);
        return FakeConnector::remove(id);
    }

   private:
    std::size_t system_;
    Ledger& ledger_;
};

}  // namespace crm::test::sim
