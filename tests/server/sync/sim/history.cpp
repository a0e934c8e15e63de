// Makes histories from seeds.
#include "tests/server/sync/sim/history.h"

#include <algorithm>

#include "tests/support/seeded_random.h"

namespace crm::test::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kMeanBetweenActionsMs = 9'000;
constexpr std::int64_t kRunEveryMs = 30'000;

struct Weight {
    Act act;
    int weight;
};
constexpr std::array<Weight, 24> kWeights{{
    {Act::CreateHere, 90}, {Act::RecreateHere, 25}, {Act::ClaimHere, 10},
    {Act::EditHere, 260},  {Act::ClearHere, 15},    {Act::SwapHere, 6},
    {Act::DeleteHere, 70}, {Act::RestoreHere, 20},  {Act::CreateThere, 90},
    {Act::ReuseThere, 25}, {Act::TwinThere, 12},    {Act::NamelessThere, 6},
    {Act::EditThere, 270}, {Act::ClearThere, 15},   {Act::FormatThere, 15},
    {Act::SwapThere, 6},   {Act::DeleteThere, 40},  {Act::RestoreThere, 12},
    {Act::MergeThere, 10}, {Act::CloneThere, 6},    {Act::TouchThere, 15},
    {Act::LongPause, 3},   {Act::ClockForward, 4},  {Act::ClockBack, 4},
}};

class Maker {
   public:
    Maker(World world, std::uint64_t seed)
        : dice_(mix(seed, static_cast<std::uint64_t>(world) + 1)) {
        history_.world = world;
        history_.seed = seed;
    }

    History make() {
        history_.settle = seconds(pick({0, 3, 15, 45, 90}));
        history_.late = seconds(pick({1, 8, 25}));
        history_.runs = static_cast<int>(pick({12, 18, 25}));
        history_.delete_limit = static_cast<int>(pick({1000, 1000, 3}));
        history_.commit_crash_permille = static_cast<int>(pick({0, 0, 2, 6}));
        // A clock that jumps ahead uses up a part of what Δ allows.
        if (history_.settle >= seconds(15) && history_.late >= seconds(8) && pick({0, 1}) == 1)
            history_.clock_step_ms = 1'500;
        add_systems();
        add_actions();
        add_hindrances();
        return std::move(history_);
    }

   private:
    std::int64_t pick(const std::vector<std::int64_t>& choices) {
        return choices[random_below(dice_, choices.size())];
    }
    FakeCrmFaults make_faults();
    SystemPlan make_system(const std::string& key, FakeCrmTraits traits);
    void add_systems();
    void add_actions();
    void add_hindrances();

    SeededRandom dice_;
    History history_;
};

FakeCrmFaults Maker::make_faults() {
    FakeCrmFaults faults;
    faults.staleness = history_.settle - milliseconds(3 * history_.clock_step_ms);
    faults.stale_percent = static_cast<int>(pick({0, 20, 50, 80}));
    faults.lateness = history_.late - milliseconds(500 + 3 * history_.clock_step_ms);
    faults.lost_request = static_cast<int>(pick({0, 3, 10}));
    faults.lost_answer = static_cast<int>(pick({0, 5, 15}));
    faults.late = static_cast<int>(pick({0, 3, 10}));
    faults.failed_list = static_cast<int>(pick({0, 4}));
    faults.truncated_list = static_cast<int>(pick({0, 4, 10}));
    faults.short_list = static_cast<int>(pick({0, 4}));
    faults.skipped_record = static_cast<int>(pick({0, 3, 10}));
    faults.rate_limited = static_cast<int>(pick({0, 2, 5}));
    faults.disconnected = static_cast<int>(pick({0, 0, 2}));
    faults.crash = static_cast<int>(pick({0, 1, 3}));
    return faults;
}

SystemPlan Maker::make_system(const std::string& key, FakeCrmTraits traits) {
    SystemPlan plan;
    plan.spec.key = SystemKey(key);
    plan.spec.label = key;
    plan.spec.fields = {"name", "email", "phone", "jobTitle", "pronouns"};
    plan.spec.is_email_unique = traits.is_email_unique;
    plan.spec.is_name_required = pick({0, 1}) == 1;
    plan.spec.has_marker = traits.has_marker;
    plan.spec.is_version_trusted = traits.has_versions;
    traits.merges_to_new_id = pick({0, 1}) == 1;
    traits.has_total = pick({0, 1}) == 1;
    plan.traits = traits;
    plan.faults = make_faults();
    return plan;
}

void Maker::add_systems() {
    FakeCrmTraits first{.is_email_unique = true, .lowers_email = true};
    FakeCrmTraits second{.strips_phone = true, .squeezes_spaces = true};
    const World world = history_.world;
    first.has_marker = world != World::Identity;
    second.has_marker = world != World::Identity;
    first.has_versions = world == World::Full || world == World::Three;
    second.has_versions = world == World::Full;
    history_.systems.push_back(make_system("hubspot", first));
    history_.systems.back().spec.has_get = first.has_versions;
    history_.systems.push_back(make_system("pipedrive", second));
    history_.systems.back().spec.has_get = second.has_versions;
    if (world != World::Three) return;
    FakeCrmTraits third{.lowers_email = true, .squeezes_spaces = true, .is_replacing = true};
    third.is_email_unique = pick({0, 1}) == 1;
    history_.systems.push_back(make_system("copper", third));
}

void Maker::add_actions() {
    int sum = 0;
    for (const Weight& weight : kWeights) sum += weight.weight;
    const std::int64_t end = history_.runs * kRunEveryMs;
    std::int64_t at = 0;
    for (;;) {
        const std::uint64_t step = 2 * static_cast<std::uint64_t>(kMeanBetweenActionsMs);
        at += static_cast<std::int64_t>(random_below(dice_, step));
        if (at >= end) return;
        Action action;
        action.at_ms = at;
        auto left = static_cast<int>(random_below(dice_, static_cast<std::uint64_t>(sum)));
        for (const Weight& weight : kWeights) {
            left -= weight.weight;
            action.act = weight.act;
            if (left < 0) break;
        }
        for (std::uint32_t& choice : action.choice)
            choice = static_cast<std::uint32_t>(random_below(dice_, 1U << 30U));
        history_.actions.push_back(action);
    }
}

void Maker::add_hindrances() {
    history_.calls_max = static_cast<int>(pick({0, 0, 0, 4, 12}));
    static constexpr std::array<const char*, 5> kPolicies = {
        "app", "app", "newest", "hubspot", "ask"};
    history_.policy = kPolicies.at(random_below(dice_, kPolicies.size()));
    if (pick({0, 0, 0, 0, 1}) == 0) return;
    AccountSwap swap;
    swap.system = random_below(dice_, history_.systems.size());
    swap.from_run =
        static_cast<int>(random_below(dice_, static_cast<std::uint64_t>(history_.runs)));
    swap.until_run = swap.from_run + static_cast<int>(pick({1, 3, 6}));
    history_.swap = swap;
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    SeededRandom random(a * 0x9E3779B97F4A7C15U + b);
    return random.next();
}

History add_merges(History history) {
    constexpr std::uint64_t kMergesMost = 10;
    SeededRandom dice(mix(mix(history.seed, static_cast<std::uint64_t>(history.world)), 4711));
    const auto end = static_cast<std::uint64_t>(history.runs * kRunEveryMs);
    for (std::uint64_t count = 2 + random_below(dice, kMergesMost); count > 0; --count) {
        Action action;
        action.at_ms = static_cast<std::int64_t>(random_below(dice, end));
        action.act = random_below(dice, 5) < 3 ? Act::MergeHere : Act::UnmergeHere;
        for (std::uint32_t& choice : action.choice)
            choice = static_cast<std::uint32_t>(random_below(dice, 1U << 30U));
        history.actions.push_back(action);
    }
    std::stable_sort(
        history.actions.begin(),
        history.actions.end(),
        [](const Action& left, const Action& right) { return left.at_ms < right.at_ms; });
    return history;
}

std::string_view world_name(World world) {
    switch (world) {
        case World::Identity:
            return "e-mail identity only";
        case World::Marker:
            return "marker";
        case World::Full:
            return "marker, versions, get";
        case World::Three:
            return "three systems";
    }
    return "";
}

std::string_view act_name(Act act) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Act::Count)> kNames{
        "create here",          "re-create here",
        "claim an e-mail here", "edit here",
        "clear here",           "swap e-mails here",
        "delete here",          "restore here",
        "merge here",           "unmerge here",
        "create there",         "re-use an e-mail there",
        "make a twin there",    "create without e-mail there",
        "edit there",           "clear there",
        "format there",         "swap e-mails there",
        "delete there",         "restore there",
        "merge there",          "clone there",
        "touch there",          "long pause",
        "clock forward",        "clock back",
    };
    return kNames.at(static_cast<std::size_t>(act));
}

std::string_view run_kind_name(RunKind kind) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(RunKind::Count)> kNames{
        "person", "timer", "one system", "one contact", "preview", "one system paused"};
    return kNames.at(static_cast<std::size_t>(kind));
}

RunKind kind_of_run(const History& history, int run) {
    if (history.are_runs_plain) return RunKind::Person;
    const auto number = static_cast<std::uint64_t>(run);
    const std::uint64_t roll = mix(mix(history.seed, 991), number) % 20;
    if (roll < 8) return RunKind::Timer;
    if (roll < 14 || run >= history.runs) return RunKind::Person;
    if (roll < 16) return RunKind::OneSystem;
    if (roll < 17) return RunKind::OneContact;
    return roll < 19 ? RunKind::Preview : RunKind::Paused;
}

History make_history(World world, std::uint64_t seed) {
    return Maker(world, seed).make();
}

}  // namespace crm::test::sim
