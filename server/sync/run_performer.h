// One run in the making: the class behind perform_run(), for sync_run*.cpp only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/sync/brakes.h"
#include "server/sync/executor.h"
#include "server/sync/measured_windows.h"
#include "server/sync/observe.h"
#include "server/sync/plan.h"
#include "server/sync/run_notes.h"
#include "server/sync/survey.h"
#include "server/sync/sync_run.h"

namespace crm::sync {

/// One system in this run.
struct SystemRun {
    const SystemSpec& spec;
    Connector& connector;
    Rules rules = {};              // as configured, or as measured when that is more
    SystemRow row = {};            // as the run found it
    std::string fingerprint = {};  // of its account; "" while it is not read
    std::optional<Brake> account_brake = {};
    Listing listing = {};
    Window window = {};
    SystemView view = {};
    std::optional<CallProblem> failure = {};
    CallEnd failure_end = CallEnd::Applied;
    std::optional<TimePoint> pause_until = {};
    bool is_account_new = false;  // a person said yes to another account
    bool is_short = false;        // of one contact: its record is read instead of the listing
    bool is_left_out = false;     // paused, or out of bounds: neither listed nor written
    bool is_held = false;         // a brake or the first sync keeps it from being used
    bool is_asking = false;       // a brake holds a part of its work
    bool is_rebased = false;      // all its values were taken as if seen for the first time
    bool is_exhausted = false;    // said "later" or did not answer: nothing more in this run
    std::int64_t calls = 0;
    std::int64_t doubtful = 0;
    std::int64_t cycles = 0;                  // complete listings that were used
    std::optional<std::int64_t> listed = {};  // records in the last of them
    WindowEvidence evidence = {};             // that Δ or Λ is too short
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
    void prepare(SystemRun& system);
    [[nodiscard]] bool check_account(SystemRun& system);
    // sync_run_scope.cpp
    Status check_rollback();
    Status choose_short_systems();
    Status look_at_one(SystemRun& system);
    Status save_start();
    Status leave_out();
    [[nodiscard]] const Gate& gate_of(const SystemRun& system) const;
    bool is_budget_spent(SystemRun& system);
    Status pass();
    void list(SystemRun& system);
    Status observe_system(SystemRun& system);
    Status execute(const Plan& plan, const CustomerNotes& notes);
    Status execute_system(SystemRun& system,
                          const std::vector<const Step*>& steps,
                          const CustomerNotes& notes);
    void note_step_report(SystemRun& system,
                          const Step& planned,
                          const StepReport& done,
                          const CustomerNotes& notes);
    [[nodiscard]] Plan plan(const CustomerNotes& notes);
    [[nodiscard]] Observation observation_of(const SystemRun& system) const;
    // sync_run_gate.cpp
    [[nodiscard]] bool has_usable_listing(const SystemRun& system) const;
    [[nodiscard]] bool passes_gate(SystemRun& system, const CustomerNotes& notes);
    [[nodiscard]] bool passes_first_sync(SystemRun& system, const CustomerNotes& notes);
    [[nodiscard]] bool passes_listing(SystemRun& system, const CustomerNotes& notes);
    /// `notes` are those that observing the listing left.
    [[nodiscard]] bool passes_conflicts(SystemRun& system,
                                        const CustomerNotes& notes,
                                        const Observed& observed);
    void end_listing_grants(const SystemRun& system, const std::set<std::string>& needed);
    void ask(SystemRun& system, Brake brake);
    void add_brake_problem(api::RunProblem problem);
    void brake(Plan& plan, const CustomerNotes& notes);
    void take_report(const BrakeReport& report, const CustomerNotes& notes);
    // sync_run_records.cpp
    void add_record(api::RunRecord record, std::string_view outcome);
    void add_records(std::vector<api::RunRecord> records, std::string_view outcome);
    void add_step_record(const CustomerNotes& notes, const Step& step, std::string_view outcome);
    [[nodiscard]] std::size_t records_max() const;
    /// What a listing that is held back would lead to.
    void add_held_records(SystemRun& system, CustomerNotes notes);
    /// Observes without writing anything down.
    Observed observe_copy(SystemRun& system, CustomerNotes& notes, std::string_view outcome);
    Status preview();
    void preview_system(SystemRun& system, CustomerNotes& notes);
    [[nodiscard]] std::int64_t calls_of(const Step& step) const;
    void sort_records();
    void note_failure(SystemRun& system,
                      CallEnd end,
                      const CallProblem& problem,
                      std::optional<std::chrono::milliseconds> retry_after);
    [[nodiscard]] bool goes_round_again(const Survey& state, int passes_done);
    Result<Survey> look();
    Status finish(const Status& outcome);
    Status finish_preview(const Status& outcome);
    Status commit_end(store::Transaction& transaction);
    void add_failures();
    [[nodiscard]] SystemRow make_row(const SystemRun& system,
                                     const SystemCounts& counts,
                                     const SystemRow& before) const;
    void choose_state(const Status& outcome);
    void report();
    Status for_each_system(const std::function<Status(SystemRun&)>& work);
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
    std::vector<SystemSpec> specs_;  // of `systems_`
    std::set<std::string> grants_;
    std::set<std::string> held_;
    std::set<std::string> used_grants_;
    std::vector<api::RunProblem> brake_problems_;
    std::set<std::string> told_steps_;  // held ones that are among the records
    std::map<SystemKey, int> deletes_done_;
    std::map<SystemKey, int> creates_done_;
    std::optional<TimePoint> decidable_at_;
    bool has_written_ = false;       // in this pass
    bool has_parked_ = false;        // likewise: calls that go without the refused values
    std::uint64_t generation_ = 0;   // of the quiet memory, when the run began
    std::optional<QuietEnd> known_;  // what may be recognised; dropped after the first listing
    bool is_in_log_ = false;
    bool is_quiet_ = false;  // nothing happened: the run ends without a trace
};

}  // namespace crm::sync
