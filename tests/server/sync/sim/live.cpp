#include "tests/server/sync/sim/live.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/measured_windows.h"
#include "shared/api_json.h"
#include "tests/server/sync/sim/ledger.h"
#include "tests/server/sync/sim/oracles.h"
#include "tests/server/sync/sim/people.h"
#include "tests/server/sync/sim/witness.h"

namespace crm::test::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRunEvery{30'000};
constexpr int kRestRunsMax = 60;
constexpr int kQuietRuns = 4;
constexpr std::uint64_t kWitnessedOneOf = 4;  // histories; looking at every commit is dear
constexpr int kCrashesMax = 25;               // in one run; then it may finish
constexpr std::uint64_t kHashSeed = 0xCBF29CE484222325U;
constexpr std::uint64_t kHashPrime = 0x100000001B3U;

class Life {
   public:
    Life(const History& history, Telling telling)
        : history_(history),
          telling_(telling),
          bench_(history),
          people_(bench_, history, [this](const std::string& line) { tell(line); }),
          ledger_(bench_, report()),
          witness_(bench_, ledger_, report()),
          oracles_(bench_, people_, report()) {
        verdict_.hash = kHashSeed;
        for (std::size_t i = 0; i < bench_.crms.size(); ++i) {
            FakeCrm& crm = *bench_.crms[i];
            crm.tell = [this](const std::string& line) { tell(line); };
            crm.meanwhile = [this] { let_people_act(); };
            crm.dice = [this, i] { return throw_dice(i + 1); };
        }
        bench_.store.on_commit = [this](store::CommitEdge edge) {
            if (is_witnessed_ && edge == store::CommitEdge::After) witness_.see_commit(is_acting_);
            maybe_crash();
        };
    }

    Verdict live() {
        for (run_ = 0; run_ < history_.runs; ++run_) {
            pass_time(bench_.begin + run_ * kRunEvery);
            if (history_.skipped_runs.contains(run_)) continue;
            set_faults(history_.calm_runs.contains(run_));
            swap_account();
            run(kind_of_run(history_, run_));
        }
        for (auto& crm : bench_.crms) crm->is_other_account = false;
        pass_time(bench_.begin + history_.runs * kRunEvery);
        rest();
        oracles_.check_end(bench_.notes(), verdict_.figures);
        return std::move(verdict_);
    }

   private:
    Report report() {
        return [this](const std::string& kind, const std::string& text) {
            tell("VIOLATION " + kind + ": " + text);
            const bool is_told = std::any_of(
                verdict_.violations.begin(), verdict_.violations.end(), [&](const auto& known) {
                    return known.kind == kind && known.text == text;
                });
            if (!is_told) verdict_.violations.push_back({kind, text});
        };
    }
    void tell(const std::string& line) {
        const auto now = (bench_.clock.now() - bench_.begin).count();
        for (const char c : std::to_string(now) + line)
            verdict_.hash = (verdict_.hash ^ static_cast<unsigned char>(c)) * kHashPrime;
        if (telling_ == Telling::Story)
            verdict_.story.push_back(std::to_string(now) + " ms: " + line);
    }
    std::uint64_t throw_dice(std::size_t of) {
        const auto run = static_cast<std::uint64_t>(run_);
        return mix(mix(history_.seed, run * 16 + of), ++throws_[of]);
    }

    void let_people_act() {
        if (is_acting_) return;
        is_acting_ = true;
        while (next_ < history_.actions.size() &&
               bench_.begin + milliseconds(history_.actions[next_].at_ms) <= bench_.clock.now()) {
            bench_.quiet->touch();
            people_.act(history_.actions[next_++]);
            bench_.quiet->touch();
        }
        is_acting_ = false;
    }

    void pass_time(TimePoint until) {
        while (next_ < history_.actions.size()) {
            const TimePoint at = bench_.begin + milliseconds(history_.actions[next_].at_ms);
            if (at > until) break;
            if (at > bench_.clock.now()) bench_.clock.set(at);
            let_people_act();
        }
        if (until > bench_.clock.now()) bench_.clock.set(until);
    }

    void set_faults(bool is_calm) {
        is_calm_ = is_calm;
        for (std::size_t i = 0; i < bench_.crms.size(); ++i)
            bench_.crms[i]->faults = is_calm ? FakeCrmFaults{} : history_.systems[i].faults;
    }

    void set_paused(const std::string& system, bool is_paused) {
        bench_.quiet->touch();
        const auto status = is_paused ? bench_.service->pause(bench_.customer, system)
                                      : bench_.service->resume(bench_.customer, system);
        REQUIRE(status.is_ok());
        bench_.quiet->touch();
    }

    /// Dies before or after the commit that is about to happen.
    void maybe_crash() {
        if (!is_running_ || is_acting_ || is_calm_ || history_.commit_crash_permille == 0) return;
        if (throw_dice(0) % 1000 < static_cast<std::uint64_t>(history_.commit_crash_permille))
            throw Crash{};
    }

    /// Only once the engine knows which account is the right one.
    void swap_account() {
        if (!history_.swap) return;
        FakeCrm& crm = *bench_.crms[history_.swap->system];
        const auto rows = bench_.notes().systems;
        const auto row = rows.find(SystemKey(crm.name()));
        crm.is_other_account = run_ >= history_.swap->from_run && run_ < history_.swap->until_run &&
                               row != rows.end() &&
                               row->second.account_fingerprint == crm.fingerprint;
        if (crm.is_other_account) tell("another account answers for " + crm.name());
    }
    [[nodiscard]] bool is_any_account_other() const {
        return std::any_of(bench_.crms.begin(), bench_.crms.end(), [](const auto& crm) {
            return crm->is_other_account;
        });
    }

    /// The run that is asked for; what it is about is chosen by the history alone.
    api::Run make_queued(RunKind kind) {
        const std::uint64_t roll = mix(mix(history_.seed, 992), static_cast<std::uint64_t>(run_));
        api::Run queued;
        queued.id = RunId(make_uuid(bench_.random));
        queued.trigger = kind == RunKind::Timer ? "timer" : "person";
        queued.is_preview = kind == RunKind::Preview;
        if (kind == RunKind::OneSystem)
            queued.system = bench_.crms[roll % bench_.crms.size()]->name();
        if (kind == RunKind::OneContact) {
            const std::vector<Contact> all = people_.live();
            if (!all.empty()) queued.contact_id = all[roll % all.size()].id.text;
        }
        return queued;
    }

    std::map<SystemKey, sync::Gate> make_gates() {
        std::map<SystemKey, sync::Gate> gates;
        if (history_.calls_max == 0 || is_calm_) return gates;
        for (const sync::SystemSpec& system : bench_.settings.systems)
            gates[system.key].calls_left = history_.calls_max;
        return gates;
    }

    api::Run perform(const api::Run& queued) {
        std::vector<std::unique_ptr<sync::Connector>> connectors;
        for (std::size_t i = 0; i < bench_.crms.size(); ++i) {
            bench_.crms[i]->begin_showing();
            connectors.push_back(std::make_unique<WatchedConnector>(*bench_.crms[i], i, ledger_));
        }
        sync::RunControl control;
        control.is_stopping = [] { return false; };
        control.take_round_again = [] { return false; };
        control.pause_until = [this](TimePoint until) {
            pass_time(until - bench_.own_clock.off);
            return true;
        };
        control.report = [](const api::Run&) {};
        return sync::perform_run({.database = bench_.store.database(),
                                  .contacts = *bench_.contacts,
                                  .clock = bench_.own_clock,
                                  .concurrency = sync::Concurrency::Sequential,
                                  .quiet = bench_.quiet.get(),
                                  .gates = make_gates()},
                                 bench_.settings,
                                 bench_.customer,
                                 connectors,
                                 control,
                                 queued);
    }

    void recover() {
        tell("crash");
        ++verdict_.figures.crashes;
        is_running_ = false;
        bench_.restart();
        pass_time(bench_.clock.now() + seconds(2));
        ledger_.note_crash();
        const sync::CustomerNotes notes = bench_.notes();
        for (auto& crm : bench_.crms) {
            crm->forget_lately_shown();
            crm->forget_first_shown(records_known(notes, SystemKey(crm->name())));
        }
    }

    /// The records of a system that are linked or held.
    static std::set<std::string> records_known(const sync::CustomerNotes& notes,
                                               const SystemKey& system) {
        std::set<std::string> known;
        for (const auto& [id, contact] : notes.contacts) {
            const auto standing = contact.systems.find(system);
            if (standing != contact.systems.end() && standing->second.link)
                known.insert(standing->second.link->id.text);
        }
        for (const auto& [record, hold] : notes.holds) {
            if (record.first == system) known.insert(record.second.text);
        }
        return known;
    }

    api::Run run(RunKind kind) {
        if (kind != RunKind::Paused) return run_now(kind);
        const std::size_t index = static_cast<std::size_t>(run_) % bench_.crms.size();
        const std::string& system = bench_.crms[index]->name();
        set_paused(system, true);
        const api::Run done = run_now(kind);
        if (ledger_.writes_of(index) > 0) report()("paused", "a paused system was written");
        set_paused(system, false);
        return done;
    }

    api::Run run_now(RunKind kind) {
        std::fill(throws_.begin(), throws_.end(), 0);
        for (int crashes = 0;; ++crashes) {
            try {
                ledger_.begin_run();
                if (crashes >= kCrashesMax) set_faults(true);
                const api::Run queued = make_queued(kind);
                is_running_ = true;
                const api::Run done = perform(queued);
                is_running_ = false;
                tell("run " + std::to_string(run_) + " (" + std::string(run_kind_name(kind)) +
                     "): " + describe(done));
                // What a preview was shown it does not remember.
                if (kind == RunKind::Preview)
                    for (auto& crm : bench_.crms) crm->forget_preview();
                judge(done);
                return done;
            } catch (const Crash&) {
                recover();
            }
        }
    }

    static std::string describe(const api::Run& run) {
        std::string line(api::run_state_text(run.state));
        for (const auto& [system, count] : run.writes)
            line += " " + system + ":" + std::to_string(count);
        line += " pending:" + std::to_string(run.pending) + " " + run.reason;
        for (const api::RunProblem& problem : run.problems)
            line += " | " + problem.system + " " + problem.code + " " + problem.contact_id;
        return line;
    }

    void judge(const api::Run& run) {
        const sync::CustomerNotes notes = bench_.notes();
        ledger_.end_run(run, notes);
        oracles_.check_always(notes);
        if (run.state == api::RunState::Failed && !is_calm_failure(run))
            report()("failed", run.reason);
        if (run.state != api::RunState::Held) return;
        // The account is not the one that this person knows: no.
        if (is_any_account_other()) return;
        // Few records make brakes likely; a person who knows what they did says yes.
        bench_.quiet->touch();
        if (bench_.service->approve(bench_.customer, run.id).is_ok()) ledger_.note_approval(notes);
        bench_.quiet->touch();
        tell("approved");
    }

    static bool is_calm_failure(const api::Run& run) {
        return run.reason == "No system could be reached.";
    }

    /// What a person was told about waits for that person, and others may wait for it in turn;
    /// whoever waits without a word is found by the oracles.
    static bool is_settled(const api::Run& run) {
        return run.pending == 0 ||
               std::any_of(run.problems.begin(), run.problems.end(), [](const auto& problem) {
                   return !problem.contact_id.empty();
               });
    }

    /// What 7(d) of the design promises from here on, however many contacts there are: the open
    /// calls and old readings of ⌈(Λ+Δ)/T⌉ runs, four that decide, import, write and confirm, and
    /// the absences that a vanished record needs.
    int count_cycles_max() {
        sync::Rules rules{history_.settle, history_.late};
        const sync::CustomerNotes notes = bench_.notes();
        for (const auto& [key, row] : notes.systems) {
            const sync::Rules measured = sync::rules_of(row, rules);
            rules = {std::max(rules.settle, measured.settle), std::max(rules.late, measured.late)};
        }
        const auto runs_of = [](milliseconds time) {
            return static_cast<int>((time + kRunEvery - milliseconds(1)) / kRunEvery);
        };
        return runs_of(rules.late + rules.settle) + 4 +
               (kAbsencesNeeded - 1) * (runs_of(rules.settle) + 1);
    }

    /// Nobody does anything any more, and the systems are perfect.
    void rest() {
        tell("people rest, the systems answer");
        set_faults(true);
        int quiet = 0;
        std::string last;
        const int cycles_max = count_cycles_max();
        int writes = bench_.writes();
        TimePoint from = bench_.clock.now();
        for (int i = 0; i < kRestRunsMax && quiet < kQuietRuns; ++i, ++run_) {
            for (auto& crm : bench_.crms) crm->settle_late_calls();
            const api::Run done = run(kind_of_run(history_, run_));
            last = describe(done);
            const bool is_quiet =
                is_settled(done) && bench_.writes() == writes && done.state != api::RunState::Held;
            quiet = is_quiet ? quiet + 1 : 0;
            if (!is_quiet) verdict_.figures.cycles = i + 1;
            writes = bench_.writes();
            from += kRunEvery;
            pass_time(std::max(from, bench_.clock.now() + seconds(1)));
        }
        if (quiet < kQuietRuns) report()("slow", "not quiet after so many runs: " + last);
        if (verdict_.figures.cycles > cycles_max)
            report()("slow",
                     std::to_string(verdict_.figures.cycles) +
                         " runs until all agreed, more than " + std::to_string(cycles_max));
        // What was refused is tried again after a while, and then there is quiet again.
        for (int i = 0; i < 3; ++i, ++run_) {
            pass_time(bench_.clock.now() + std::chrono::hours(3));
            run(kind_of_run(history_, run_));
        }
        const int before = bench_.writes();
        for (int i = 0; i < 2; ++i, ++run_) {
            pass_time(bench_.clock.now() + kRunEvery);
            run(kind_of_run(history_, run_));
        }
        if (bench_.writes() != before)
            report()("steady_writes", "a run wrote although nobody changed anything");
    }

    const History& history_;
    Telling telling_;
    Verdict verdict_;
    SimBench bench_;
    People people_;
    Ledger ledger_;
    Witness witness_;
    Oracles oracles_;
    std::array<std::uint64_t, 16> throws_{};
    std::size_t next_ = 0;  // action
    int run_ = 0;
    bool is_acting_ = false;
    bool is_running_ = false;
    bool is_calm_ = false;
    const bool is_witnessed_ = history_.seed % kWitnessedOneOf == 0;
};

}  // namespace

Verdict live(const History& history, Telling telling) {
    return Life(history, telling).live();
}

}  // namespace crm::test::sim
