// Sees every commit of a history, and judges the step from the notes before it to those after it:
// S9, S10 and S14 speak about single transactions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "tests/server/sync/sim/ledger.h"
#include "tests/server/sync/sim/sim_bench.h"
#include "tests/server/sync/sim/verdict.h"

namespace crm::test::sim {

class Witness {
   public:
    Witness(SimBench& bench, const Ledger& ledger, Report report)
        : bench_(bench), ledger_(ledger), report_(std::move(report)) {}

    /// After a commit that stands; `is_persons`: a person wrote, and not the engine.
    void see_commit(bool is_persons);

   private:
    struct Step {
        const sync::ContactNotes& before;
        const sync::ContactNotes& after;
    };
    void check_parting(const Step& step, const SystemKey& system, const sync::Link& link);
    void check_edits(const Step& step);
    void check_windows(const Step& step, const SystemKey& system);
    /// The value that is replaced was agreed on with a system whose new value is taken.
    [[nodiscard]] static bool is_fast_forward(const Step& step, const FieldSpec& spec);
    [[nodiscard]] bool is_recorded(const ContactId& contact,
                                   const std::string& field,
                                   const std::string& value);

    SimBench& bench_;
    const Ledger& ledger_;
    Report report_;
    std::optional<sync::CustomerNotes> last_;
    /// Until when a listing may be older than a write of ours that was answered.
    std::map<std::tuple<SystemKey, RemoteId, std::string>, TimePoint> windows_;
};

}  // namespace crm::test::sim
