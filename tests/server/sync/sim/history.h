// One history of the simulation as plain data: what people do and when, how unkind the systems are.
// A history can be replayed, and made shorter: what is left out of it simply does not happen.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/sync/connector.h"
#include "tests/support/fake_crm.h"

namespace crm::test::sim {

/// What the systems can do, and so by which rules the engine lives.
enum class World {
    Identity,  // list, create, update, delete, and nothing else: e-mails are all there is
    Marker,    // a field holds our contact's id
    Full,      // marker, versions, reading by id
    Three,     // three systems: a full one, one with a marker, one that takes whole records only
};
inline constexpr std::array<World, 4> kWorlds{
    World::Full, World::Marker, World::Identity, World::Three};
[[nodiscard]] std::string_view world_name(World world);

enum class Act {
    CreateHere,
    RecreateHere,  // with the e-mail of somebody who was deleted
    ClaimHere,     // with the e-mail of a record over there
    EditHere,
    ClearHere,
    SwapHere,  // two contacts swap their e-mails
    DeleteHere,
    RestoreHere,
    MergeHere,    // two contacts become one; only in histories with add_merges()
    UnmergeHere,  // and two again
    CreateThere,
    ReuseThere,  // with the e-mail of somebody who was deleted
    TwinThere,   // with the e-mail of a live contact
    NamelessThere,
    EditThere,
    ClearThere,
    FormatThere,  // the same value, written another way
    SwapThere,
    DeleteThere,
    RestoreThere,
    MergeThere,
    CloneThere,
    TouchThere,
    LongPause,
    ClockForward,
    ClockBack,
    Count,
};
[[nodiscard]] std::string_view act_name(Act act);

struct Action {
    std::int64_t at_ms = 0;  // after the beginning
    Act act = Act::EditHere;
    std::array<std::uint32_t, 4> choice{};  // which contact, which field, …
};

/// One system of a history.
struct SystemPlan {
    sync::SystemSpec spec;
    FakeCrmTraits traits;
    FakeCrmFaults faults;
};

/// How a run begins, and what it is about.
enum class RunKind {
    Person,  // everything, looked at in full
    Timer,   // everything, but what is byte for byte as before is not looked at
    OneSystem,
    OneContact,
    Preview,  // everything, and nothing is done
    Paused,   // a person has paused one of the systems
    Count,
};
[[nodiscard]] std::string_view run_kind_name(RunKind kind);

/// Another account stands behind a connection for some runs.
struct AccountSwap {
    std::size_t system = 0;
    int from_run = 0;
    int until_run = 0;
};

struct History {
    World world = World::Identity;
    std::uint64_t seed = 0;
    std::chrono::milliseconds settle{0};
    std::chrono::milliseconds late{0};
    int runs = 0;
    int delete_limit = 0;
    int commit_crash_permille = 0;
    std::int64_t clock_step_ms = 0;  // how far our clock may jump; Δ has room for it
    int calls_max = 0;               // of each run to each system; 0: as many as it likes
    std::optional<AccountSwap> swap;
    std::string policy = "app";  // who wins when a field changed on both sides
    std::vector<SystemPlan> systems;
    std::vector<Action> actions;
    std::set<int> calm_runs;      // runs in which nothing goes wrong; only for the minimiser
    std::set<int> skipped_runs;   // likewise: runs that do not take place
    bool are_runs_plain = false;  // likewise: every run is a person's
};

[[nodiscard]] History make_history(World world, std::uint64_t seed);
/// The same history, in which people here also make contacts one, and take that back.
[[nodiscard]] History add_merges(History history);
[[nodiscard]] RunKind kind_of_run(const History& history, int run);

/// Deterministic chance from numbers alone, so that leaving one thing out changes nothing else.
[[nodiscard]] std::uint64_t mix(std::uint64_t a, std::uint64_t b);

}  // namespace crm::test::sim
