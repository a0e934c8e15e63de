// Every story of crash_scenarios.cpp is told once without a death, and once for each moment at
// which the process can die: both edges of every commit and of every call. After a restart all must
// end as without the death, and no call that must not be repeated may have been: a create that took
// effect is never made again; an update or a delete may be, once.
//
// CRM_CRASH_SCENARIO names the one story to tell, by a part of its name.
#include <algorithm>
#include <cstdlib>
#include <map>

#include <doctest/doctest.h>

#include "tests/server/sync/crash_scenarios.h"

namespace crm::test {
namespace {

struct Death {};

/// Counts the edges that pass, and dies at one.
class Reaper {
   public:
    explicit Reaper(int deadly) : deadly_(deadly) {}

    void watch(ScriptedWorld& world) {
        world.on_commit = [this](store::CommitEdge edge) {
            pass(edge == store::CommitEdge::Before);
        };
        for (ScriptedCrm* crm : {&world.hubspot, &world.pipedrive}) {
            crm->on_edge = [this](CallEdge edge) { pass(edge == CallEdge::Before); };
        }
    }
    [[nodiscard]] int passed() const { return passed_; }
    /// Whether the last death came before what it interrupted.
    [[nodiscard]] bool was_before() const { return was_before_; }
    [[nodiscard]] bool has_come() const { return deadly_ >= 0 && passed_ > deadly_; }

   private:
    void pass(bool is_before) {
        if (passed_++ != deadly_) return;
        was_before_ = is_before;
        throw Death{};
    }

    int deadly_;
    int passed_ = 0;
    bool was_before_ = false;
};

/// How a story ended.
struct Ending {
    std::string picture;
    std::map<std::string, int> creates;  // that took effect, by the record alone
    std::map<std::string, int> others;   // updates and deletes that took effect
};

void add_ledger(Ending& ending,
                const std::string& system,
                const ScriptedCrm& crm,
                std::size_t from) {
    for (std::size_t i = from; i < crm.state.ledger.size(); ++i) {
        const LedgerLine& line = crm.state.ledger[i];
        if (!line.took_effect) continue;
        std::string text = system + (line.kind == CallKind::Create   ? " create "
                                     : line.kind == CallKind::Update ? " update "
                                                                     : " delete ");
        text += line.subject;
        if (line.kind == CallKind::Create) {
            ++ending.creates[text];
            continue;
        }
        for (const auto& [field, value] : line.values) text += " " + field + "=" + value;
        ++ending.others[text];
    }
}

void perform(ScriptedWorld& world, const Act& act, const Reaper& reaper) {
    for (;;) {
        try {
            if (act.where == Act::Where::Run) {
                (void)world.run();
            } else {
                act.perform(world);
            }
            return;
        } catch (const Death&) {
            world.restart();
            // A person looks whether it happened before they do it again.
            if (act.where == Act::Where::Here && !reaper.was_before()) return;
        }
    }
}

ScriptedWorld::Saved tell_beginning(const CrashScenario& scenario, const WorldOptions& options) {
    ScriptedWorld world(options);
    for (const Act& act : scenario.before) {
        act.perform(world);
        world.settle();
    }
    return world.save();
}

Ending tell_rest(const CrashScenario& scenario,
                 const WorldOptions& options,
                 const ScriptedWorld::Saved& saved,
                 Reaper& reaper) {
    ScriptedWorld world(options, saved);
    reaper.watch(world);
    for (const Act& act : scenario.then) perform(world, act, reaper);
    for (;;) {
        try {
            world.settle();
            break;
        } catch (const Death&) {
            world.restart();
        }
    }
    Ending ending;
    ending.picture = world.picture();
    add_ledger(ending, "hubspot", world.hubspot, saved.hubspot.ledger.size());
    add_ledger(ending, "pipedrive", world.pipedrive, saved.pipedrive.ledger.size());
    return ending;
}

/// What the one ledger has more often than the other allows.
std::string find_excess(const std::map<std::string, int>& made,
                        const std::map<std::string, int>& allowed,
                        int repeats) {
    std::string excess;
    for (const auto& [line, times] : made) {
        const auto found = allowed.find(line);
        const int most = found == allowed.end() ? 0 : found->second + repeats;
        if (times > most) excess += line + " x" + std::to_string(times) + "\n";
    }
    return excess;
}

struct Tally {
    int scenarios = 0;
    int edges = 0;
};

void tell(const CrashScenario& scenario, WorldOptions options, Tally& tally) {
    options.delete_limit = scenario.delete_limit;
    options.settle = scenario.settle;
    CAPTURE(scenario.name);
    const ScriptedWorld::Saved saved = tell_beginning(scenario, options);
    Reaper nobody(-1);
    const Ending expected = tell_rest(scenario, options, saved, nobody);
    ++tally.scenarios;
    for (int step = 0; step < nobody.passed(); ++step) {
        CAPTURE(step);
        Reaper reaper(step);
        const Ending ending = tell_rest(scenario, options, saved, reaper);
        REQUIRE(reaper.has_come());
        CHECK(ending.picture == expected.picture);
        CHECK(find_excess(ending.creates, expected.creates, 0) == "");
        CHECK(find_excess(ending.others, expected.others, 1) == "");
        ++tally.edges;
    }
}

void tell_all(const WorldOptions& options) {
    const char* only = std::getenv("CRM_CRASH_SCENARIO");
    Tally tally;
    for (const CrashScenario& scenario : crash_scenarios()) {
        if (only != nullptr && scenario.name.find(only) == std::string::npos) continue;
        tell(scenario, options, tally);
    }
    MESSAGE("scenarios " << tally.scenarios << ", edges and deaths " << tally.edges);
    CHECK((only != nullptr || tally.scenarios >= 50));
}

}  // namespace

TEST_CASE("crash: whenever the process dies, the story ends as if it had not") {
    tell_all({});
}

TEST_CASE("crash: nor does it where systems offer markers, versions and reading by id") {
    tell_all({.has_get = true, .has_marker = true, .has_versions = true});
}

}  // namespace crm::test
