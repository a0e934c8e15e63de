// Switches off one rule of the engine after the other, and demands that somebody notices: first the
// simulation, within a few seeds of each world, then the unit tests of the sync engine. A rule that
// nobody misses is either not tested or not needed; both fail here.
//
// CRM_MUTANT_SEEDS: histories of each world for each rule. CRM_MUTANT_ONLY: the name of one rule.
// Prints a table, and a last line as doctest would.
#define DOCTEST_CONFIG_IMPLEMENT
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/server/sync/sim/live.h"
#include "tests/support/rule_switches.h"

namespace crm::test::sim {
namespace {

using sync::Rule;

constexpr int kSeedsDefault = 8;

/// Rules that others make superfluous as long as those hold, and why they are kept all the same.
const std::map<Rule, std::string>& subsumed() {
    static const std::map<Rule, std::string> kReasons = {};
    return kReasons;
}

/// The unit tests that a rule may decide; those about threads and those of the simulation are not
/// among them.
constexpr const char* kSources =
    "*brakes*,*preview_test*,*explain_test*,*field_merge_test*,*linking_test*,*observe_test*,"
    "*planner_test*,*found_test*,*review_test*,*sync_run_test*,*situations_*,"
    "*conflict_policy_test*,*parking_test*,*rollback_test*,*verify_test*";

/// The first unit test that fails as things are, or "".
std::string find_failing_test() {
    std::ostringstream out;
    doctest::Context context;
    context.setCout(&out);
    context.setOption("no-version", true);
    context.setOption("no-colors", true);
    context.setOption("abort-after", 1);
    context.addFilter("source-file", kSources);
    context.addFilter("test-case-exclude", "*each of the 98*");
    if (context.run() == 0) return {};
    const std::string text = out.str();
    const std::size_t at = text.rfind("TEST CASE:");
    if (at == std::string::npos) return "a unit test";
    const std::size_t end = text.find('\n', at);
    return "test: " + text.substr(at + 12, end - at - 12);
}

/// The first history that goes wrong as things are, or "".
std::string find_failing_seed(std::uint64_t seeds) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        for (const World world : kWorlds) {
            const Verdict verdict = live(make_history(world, seed));
            if (verdict.violations.empty()) continue;
            return "simulation: " + std::string(world_name(world)) + ", seed " +
                   std::to_string(seed) + ": " + verdict.violations.front().kind;
        }
    }
    return {};
}

int count_seeds() {
    const char* text = std::getenv("CRM_MUTANT_SEEDS");
    return text == nullptr ? kSeedsDefault : std::atoi(text);
}

/// What noticed that the rule is off, or "".
std::string find_killer(Rule rule) {
    sync::switch_rule(rule, false);
    std::string killer = find_failing_seed(static_cast<std::uint64_t>(count_seeds()));
    if (killer.empty()) killer = find_failing_test();
    sync::switch_rule(rule, true);
    return killer;
}

/// True when the outcome is as it should be.
bool try_rule(Rule rule) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string killer = find_killer(rule);
    const auto reason = subsumed().find(rule);
    const bool is_subsumed = reason != subsumed().end();
    std::string told = killer;
    if (!is_rule_asked(rule)) {
        told = "NOT IN THE CODE: nothing asks for it";
    } else if (killer.empty()) {
        told = is_subsumed ? "survives: " + reason->second : "SURVIVES";
    } else if (is_subsumed) {
        told += " (and was thought to survive)";
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    std::printf(
        "| %s | %s | %.1f s |\n", std::string(rule_name(rule)).c_str(), told.c_str(), time.count());
    (void)std::fflush(stdout);
    return is_rule_asked(rule) && killer.empty() == is_subsumed;
}

int try_all() {
    const char* only = std::getenv("CRM_MUTANT_ONLY");
    int passed = 0;
    int failed = 0;
    const std::string seed = find_failing_seed(static_cast<std::uint64_t>(count_seeds()));
    const std::string test = find_failing_test();
    if (!seed.empty() || !test.empty()) {
        std::printf("something fails with all rules on: %s %s\n", seed.c_str(), test.c_str());
        ++failed;
    }
    std::printf("\n| rule switched off | noticed by | time |\n|---|---|---|\n");
    for (int i = 0; i < static_cast<int>(Rule::Count); ++i) {
        const auto rule = static_cast<Rule>(i);
        if (only != nullptr && rule_name(rule) != only) continue;
        ++(try_rule(rule) ? passed : failed);
    }
    std::printf("\n[doctest] test cases: %d | %d passed | %d failed | 0 skipped\n",
                passed + failed,
                passed,
                failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace crm::test::sim

int main() {
    (void)std::signal(SIGPIPE, SIG_IGN);
    // Checks outside of a running test case (of the bench) go through a context of their own.
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    context.setAssertHandler([](const doctest::AssertData& data) {
        if (!data.m_failed) return;
        std::printf("%s:%d: %s\n", data.m_file, data.m_line, data.m_expr);
        throw std::runtime_error(data.m_expr);
    });
    return crm::test::sim::try_all();
}
