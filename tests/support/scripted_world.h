// The real engine over a real database file and ScriptedCrms: a story told step by step. The
// process may die at any commit or call and starts again; everything outside it can be copied, so
// that the rest of a story is told again from the same middle. One thread, a clock moved by hand.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/store/sync_store.h"
#include "server/sync/sync_run.h"
#include "server/sync/sync_service.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_crm.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace crm::test {

/// What is chosen before a story begins.
struct WorldOptions {
    std::chrono::milliseconds settle{1000};
    std::chrono::milliseconds late{1000};
    bool has_get = false;
    bool has_marker = false;
    bool has_versions = false;
    int delete_limit = 1000;
};

class ScriptedWorld {
   public:
    /// All that stays when the process dies.
    struct Saved {
        std::string database;
        TimePoint now;
        ScriptedCrm::State hubspot;
        ScriptedCrm::State pipedrive;
    };

    explicit ScriptedWorld(const WorldOptions& options = {});
    /// The same moment again, after a restart.
    ScriptedWorld(const WorldOptions& options, const Saved& saved);
    ScriptedWorld(const ScriptedWorld&) = delete;
    ScriptedWorld& operator=(const ScriptedWorld&) = delete;

    /// Ends the process, in order.
    Saved save();
    /// As after a crash: everything that is not on disk is gone.
    void restart();

    api::Run run();
    /// Runs, each as far from the last that a listing can decide everything, until one is quiet:
    /// nothing written, nothing pending. Held work is approved. The number of runs.
    int settle();

    // People here, who find contacts by their e-mail.
    Contact create(const std::string& name, const std::string& email);
    Contact edit(const std::string& email, const std::string& field, const std::string& value);
    void remove(const std::string& email);
    void restore(const std::string& email);  // the last deleted one with it
    std::vector<Contact> live();
    Contact only();
    Contact find(const std::string& email);

    sync::CustomerNotes notes();
    std::vector<sync::ConflictRow> conflicts();
    [[nodiscard]] int writes() const { return hubspot.writes() + pipedrive.writes(); }

    /// Everything that a person could see anywhere, without ids and times.
    std::string picture();

    /// Hears the edges of commits; may throw Crash.
    std::function<void(store::CommitEdge)> on_commit;

    const CustomerId customer{"dev"};
    FakeClock clock;
    SeededRandom random;
    sync::SyncSettings settings;
    ScriptedCrm hubspot;
    ScriptedCrm pipedrive;
    std::unique_ptr<ContactService> contacts;
    std::unique_ptr<sync::SyncService> service;  // never started: it only observes contacts here

   private:
    void open();
    void close();

    TempFolder folder_;
    std::unique_ptr<store::Database> database_;
};

}  // namespace crm::test
