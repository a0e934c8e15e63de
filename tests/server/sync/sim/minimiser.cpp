#include "tests/server/sync/sim/minimiser.h"

#include <algorithm>
#include <array>

#include "tests/server/sync/sim/live.h"

namespace crm::test::sim {
namespace {

class Minimiser {
   public:
    Minimiser(History history, std::string kind, int lives_max)
        : best_(std::move(history)), kind_(std::move(kind)), left_(lives_max) {}

    History minimise() {
        drop_faults();
        drop_actions();
        calm_runs();
        drop_actions();
        return std::move(best_);
    }

   private:
    bool fails(const History& history) {
        if (left_ <= 0) return false;
        --left_;
        const Verdict verdict = live(history);
        return std::any_of(verdict.violations.begin(),
                           verdict.violations.end(),
                           [&](const Violation& violation) { return violation.kind == kind_; });
    }
    bool try_instead(History shorter) {
        if (!fails(shorter)) return false;
        best_ = std::move(shorter);
        return true;
    }

    /// Whole kinds of misfortune that the failure does not need.
    void drop_faults() {
        static constexpr std::array kKinds = {&FakeCrmFaults::stale_percent,
                                              &FakeCrmFaults::lost_request,
                                              &FakeCrmFaults::lost_answer,
                                              &FakeCrmFaults::late,
                                              &FakeCrmFaults::failed_list,
                                              &FakeCrmFaults::truncated_list,
                                              &FakeCrmFaults::short_list,
                                              &FakeCrmFaults::skipped_record,
                                              &FakeCrmFaults::rate_limited,
                                              &FakeCrmFaults::disconnected,
                                              &FakeCrmFaults::crash};
        History calm = best_;
        calm.commit_crash_permille = 0;
        try_instead(calm);
        History plain = best_;
        plain.are_runs_plain = true;
        try_instead(plain);
        plain = best_;
        plain.calls_max = 0;
        try_instead(plain);
        plain = best_;
        plain.policy = "app";
        try_instead(plain);
        plain = best_;
        plain.swap.reset();
        try_instead(plain);
        for (const auto kind : kKinds) {
            History without = best_;
            for (SystemPlan& system : without.systems) system.faults.*kind = 0;
            try_instead(without);
        }
    }

    void drop_actions() {
        for (std::size_t size = std::max<std::size_t>(best_.actions.size() / 2, 1); size > 0;
             size /= 2) {
            for (std::size_t at = 0; at < best_.actions.size();) {
                History without = best_;
                const auto from = without.actions.begin() + static_cast<std::ptrdiff_t>(at);
                const auto count = std::min(size, without.actions.size() - at);
                without.actions.erase(from, from + static_cast<std::ptrdiff_t>(count));
                if (!try_instead(std::move(without))) at += size;
            }
        }
    }

    void calm_runs() {
        for (int run = best_.runs - 1; run >= 0; --run) {
            History without = best_;
            without.skipped_runs.insert(run);
            if (try_instead(std::move(without))) continue;
            without = best_;
            without.calm_runs.insert(run);
            try_instead(std::move(without));
        }
    }

    History best_;
    std::string kind_;
    int left_;
};

}  // namespace

History minimise(History history, const std::string& kind, int lives_max) {
    return Minimiser(std::move(history), kind, lives_max).minimise();
}

std::string tell_story(const History& history) {
    const Verdict verdict = live(history, Telling::Story);
    std::string text =
        "world: " + std::string(world_name(history.world)) + ", seed " +
        std::to_string(history.seed) + ", settle " + std::to_string(history.settle.count()) +
        " ms, late " + std::to_string(history.late.count()) + " ms, delete limit " +
        std::to_string(history.delete_limit) +
        (history.calls_max == 0 ? std::string() : ", calls " + std::to_string(history.calls_max)) +
        ", conflicts: " + history.policy + "\n";
    for (const Action& action : history.actions) {
        text += "  action at " + std::to_string(action.at_ms) +
                " ms: " + std::string(act_name(action.act)) + "\n";
    }
    for (const std::string& line : verdict.story) text += "  " + line + "\n";
    return text;
}

}  // namespace crm::test::sim
