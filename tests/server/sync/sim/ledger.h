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

    void begin_run();
    /// After a restart: calls that were open then have no answer.
    void note_crash();
    /// A contact that is linked has no open create; the run made the calls that it tells of.
    void end_run(const api::Run& run, const sync::CustomerNotes& notes);
    /// A person said yes to what a run held back.
    void note_approval(const sync::CustomerNotes& notes);

    /// True when the listings prove that a record is gone: K complete ones without it, Δ apart, the
    /// first begun after `visible_until`; or one of them, and the system said so when asked for it.
    [[nodiscard]] bool is_proven_gone(const SystemKey& system,
                                      const RemoteId& record,
                                      TimePoint visible_until) const;

    void listed(std::size_t system, TimePoint started, const sync::Listing& listing);
    /// True when the system itself answered for the record under another id.
    [[nodiscard]] bool has_moved(const SystemKey& system, const RemoteId& record) const {
        return moved_.contains({system, record});
    }
    void before_create(std::size_t system,
                       const sync::RemoteValues& values,
                       const ContactId& contact);
    void after_create(std::size_t system,
                      const ContactId& contact,
                      const sync::CallOutcome& outcome);
    void before_update(std::size_t system, const RemoteId& id, const sync::RemoteValues& values);
    void before_delete(std::size_t system, const RemoteId& id);
    void read(std::size_t system, const RemoteId& id, const sync::Reading& reading);
    void note_call(std::size_t index) { ++system(index).calls; }
    void note_write(std::size_t index) {
        note_call(index);
        ++system(index).writes;
    }
    /// Of this run, answered or not.
    [[nodiscard]] int writes_of(std::size_t index) { return system(index).writes; }
    [[nodiscard]] TimePoint now() const { return bench_.own_clock.now(); }

   private:
    struct Listed {
        TimePoint started{};
        bool is_complete = false;
        std::set<RemoteId> ids;
        bool is_doubtful = false;  // the engine died afterwards: perhaps it took nothing from it
    };
    struct System {
        std::vector<Listed> listings;
        std::set<RemoteId> last_ids;             // of the last complete one
        bool is_listed_now = false;              // in this run, and completely the last time
        std::map<ContactId, TimePoint> unknown;  // creates without answer, and when we gave up
        int deletes = 0;                         // in this run, that nobody approved
        std::set<RemoteId> approved;             // to be deleted
        std::map<RemoteId, TimePoint> missing;   // the system said so then
        int writes = 0;                          // in this run
        std::int64_t calls = 0;                  // in this run
    };
    void forget_listings(std::size_t index);
    System& system(std::size_t index) { return systems_[index]; }
    [[nodiscard]] const sync::SystemSpec& spec(std::size_t index) const {
        return bench_.settings.systems[index];
    }
    [[nodiscard]] bool was_linked_since(std::size_t index,
                                        const ContactId& contact,
                                        TimePoint since);
    void check_email_barrier(std::size_t index,
                             const sync::CustomerNotes& notes,
                             const ContactId& contact,
                             const std::string& key);

    SimBench& bench_;
    Report report_;
    std::map<std::size_t, System> systems_;
    std::set<sync::RemoteKey> moved_;
    TimePoint run_started_{};
};

/// The connector of one system, with the ledger in between.
class WatchedConnector final : public FakeConnector {
   public:
    WatchedConnector(FakeCrm& crm, std::size_t system, Ledger& ledger)
        : FakeConnector(crm), system_(system), ledger_(ledger) {}
    [[nodiscard]] sync::Listing list(const std::string& known_digest) override {
        const TimePoint started = ledger_.now();
        ledger_.note_call(system_);
        sync::Listing listing = FakeConnector::list(known_digest);
        ledger_.listed(system_, started, listing);
        return listing;
    }
    [[nodiscard]] sync::CallOutcome create(const sync::RemoteValues& values,
                                           const std::string& marker) override {
        ledger_.note_write(system_);
        ledger_.before_create(system_, values, ContactId(marker));
        sync::CallOutcome outcome = FakeConnector::create(values, marker);
        ledger_.after_create(system_, ContactId(marker), outcome);
        return outcome;
    }
    [[nodiscard]] sync::CallOutcome update(const RemoteId& id,
                                           const sync::RemoteValues& values) override {
        ledger_.note_write(system_);
        ledger_.before_update(system_, id, values);
        return FakeConnector::update(id, values);
    }
    [[nodiscard]] sync::CallOutcome remove(const RemoteId& id) override {
        ledger_.note_write(system_);
        ledger_.before_delete(system_, id);
        return FakeConnector::remove(id);
    }
    [[nodiscard]] sync::Reading get(const RemoteId& id) override {
        ledger_.note_call(system_);
        sync::Reading reading = FakeConnector::get(id);
        ledger_.read(system_, id, reading);
        return reading;
    }

   private:
    std::size_t system_;
    Ledger& ledger_;
};

}  // namespace crm::test::sim
