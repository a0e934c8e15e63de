// One run in the making: the class behind perform_run(), for sync_run*.cpp only.
#pragma once

#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/sync/plan.h"
#include "server/sync/run_notes.h"
#include "server/sync/survey.h"
#include "server/sync/sync_run.h"

namespace crm::sync {

/// One system in this run.
struct SystemRun {
    const SystemSpec& spec;
    Connector& connector;
    Listing listing = {};
    Window window = {};
    SystemView view = {};
    std::optional<CallProblem> failure = {};
    CallEnd failure_end = CallEnd::Applied;
    std::optional<TimePoint> pause_until = {};
    bool is_held = false;       // a brake or the first sync keeps it from being used
    bool is_left_out = false;   // paused: neither listed nor written
    bool is_exhausted = false;  // said "later" or did not answer: nothing more in this run
    std::int64_t calls = 0;
    std::int64_t doubtful = 0;
};

class Performer {
   public:
    Performer(const RunDoors& doors,
              const SyncSettings& settings,
              CustomerId customer,
              const RunControl& control,
              api::Run run)
        : doors_(doors),
          settings_(settings),
          customer_(std::move(customer)),
          control_(control),
          run_(std::move(run)),
          rules_{settings.settle, settings.late},
          notes_(doors.database, customer_) {}

    api::Run perform(std::vector<std::unique_ptr<Connector>>& connectors);

   private:
    Status run_passes();
    Status recover();
    Status save_start();
    Status leave_out();
    Status pass();
    void list(SystemRun& system);
    Status observe_system(SystemRun& system);
    Result<bool> hold_back(SystemRun& system, CustomerNotes& notes);
    void preview_first_sync(SystemRun& system, CustomerNotes notes);
    void fill_view(SystemRun& system, const CustomerNotes& notes);
    Status execute(const Plan& plan);
    Status execute_system(SystemRun& system, const std::vector<const Step*>& steps);
    void note_failure(SystemRun& system,
                      CallEnd end,
                      const CallProblem& problem,
                      std::optional<std::chrono::milliseconds> retry_after);
    [[nodiscard]] bool goes_round_again(const Survey& state, int passes_done);
    Result<Survey> look();
    Status finish(const Status& outcome);
    void add_failures();
    [[nodiscard]] SystemRow make_row(const SystemRun& system,
                                     const SystemCounts& counts,
                                     const SystemRow& before) const;
    void choose_state(const Status& outcome);
    void report();
    template <class Work>
    Status for_each_system(Work work);
    // sync_run_quiet.cpp
    void recall();
    [[nodiscard]] std::string known_digest(const SystemKey& system) const;
    [[nodiscard]] bool is_all_unchanged() const;
    void list_again_in_full();
    void finish_quietly();
    void remember_quiet_end();
    [[nodiscard]] TimePoint now() const { return doors_.clock.now(); }

    RunDoors doors_;
    const SyncSettings& settings_;
    CustomerId customer_;
    const RunControl& control_;
    std::mutex mutex_;  // guards run_ while systems work side by side
    api::Run run_;
    Rules rules_;
    RunNotes notes_;
    std::set<ContactId> stepped_;    // written to in this pass
    std::uint64_t own_commits_ = 0;  // of the steps of this pass
    std::vector<std::unique_ptr<SystemRun>> systems_;
    std::set<std::string> grants_;
    std::set<std::string> held_;
    std::set<std::string> used_grants_;
    std::vector<api::RunProblem> brake_problems_;
    std::map<SystemKey, int> braked_done_;
    std::optional<TimePoint> decidable_at_;
    bool has_written_ = false;       // in this pass
    std::uint64_t generation_ = 0;   // of the quiet memory, when the run began
    std::optional<QuietEnd> known_;  // what may be recognised; dropped after the first listing
    bool is_in_log_ = false;
    bool is_quiet_ = false;  // nothing happened: the run ends without a trace
};

}  // namespace crm::sync
