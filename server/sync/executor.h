// Runs one step: what it is about to do is on disk before the call, and how the call ended after
// it. Where a system lets a record be read by its id, it is read right before it is written, and
// only what is still different is sent. Between call and notes nothing is held, so a crash at any
// point leaves notes from which the next run goes on.
//
// Executors of different systems run side by side; each is used by one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/clock.h"
#include "server/contacts/contact_service.h"
#include "server/store/database.h"
#include "server/sync/connector.h"
#include "server/sync/plan.h"
#include "server/sync/rules.h"
#include "shared/api.h"

namespace crm::sync {

struct StepReport {
    std::vector<api::RunRecord> here;  // what reading the record changed here
    std::int64_t written_here = 0;
    bool is_skipped = false;  // the contact changed since the plan was made: there is nothing to
                              // do, or the next plan tells
    bool is_written = false;
    bool is_parked = false;    // worth another try without the values that were refused
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
        const ConflictPolicies& policies;  // for what a reading shows
    };
    Executor(Doors doors, CustomerId customer, std::string run_id, Rules rules);

    /// An error is ours (disk, database): the run ends; what was committed stands.
    Result<StepReport> execute(const Step& planned,
                               const SystemSpec& system,
                               const SystemView& view,
                               Connector& connector);

    /// Reads one linked record and takes over what it shows, as right before a write. Only where
    /// SystemSpec::has_get.
    Result<StepReport> look(const ContactId& contact,
                            const SystemSpec& system,
                            Connector& connector);

   private:
    /// What is asked for, and when.
    struct Look {
        const ContactId& contact;
        const RemoteId& record;
        const SystemSpec& system;
        TimePoint asked;
    };
    Result<StepReport> read(const Look& look, Connector& connector);
    Status take_reading(const Look& look, const RemoteRecord& record, StepReport& report);
    Status take_successor(const Look& look, const RemoteRecord& record, StepReport& report);
    Status note_missing(const Look& look, StepReport& report);
    /// Without a connector the record is known to be gone.
    Result<StepReport> call_now(const Step& planned,
                                const SystemSpec& system,
                                const SystemView& view,
                                Connector* connector);
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
