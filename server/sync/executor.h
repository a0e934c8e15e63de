// Runs one step: what it is about to do is on disk before the call, and how the call ended after
// it. Between the two nothing is held, so a crash at any point leaves notes from which the next run
// goes on.
//
// Executors of different systems run side by side; each is used by one thread.
#pragma once

#include <optional>
#include <string>

#include "server/clock.h"
#include "server/contacts/contact_service.h"
#include "server/store/database.h"
#include "server/sync/connector.h"
#include "server/sync/plan.h"
#include "server/sync/rules.h"

namespace crm::sync {

struct StepReport {
    bool is_skipped = false;  // the contact changed since the plan was made: there is nothing to
                              // do, or the next plan tells
    bool is_written = false;
    bool is_linked = false;    // a create found its record there already
    std::optional<Step> step;  // what was sent
    int calls = 0;
    std::uint64_t commits = 0;
    CallEnd end = CallEnd::Applied;
    CallProblem problem;
    std::optional<std::chrono::milliseconds> retry_after;
};

class Executor {
   public:
    struct Doors {
        store::Database& database;
        ContactService& contacts;
        const Clock& clock;
    };
    Executor(Doors doors, CustomerId customer, std::string run_id, Rules rules);

    /// An error is ours (disk, database): the run ends; what was committed stands.
    Result<StepReport> execute(const Step& planned,
                               const SystemSpec& system,
                               const SystemView& view,
                               Connector& connector);

   private:
    Result<std::optional<Step>> begin(const Step& planned,
                                      const SystemSpec& system,
                                      const SystemView& view);
    Result<StepReport> end(const Step& step, const SystemSpec& system, const CallOutcome& outcome);

    Doors doors_;
    CustomerId customer_;
    std::string run_id_;
    Rules rules_;
};

}  // namespace crm::sync
