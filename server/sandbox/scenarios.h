// Named beginnings of a workspace, to learn from and to test with. The same seed, customer and name
// always give the same people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/sandbox/people.h"

namespace crm::sandbox {

enum class Scenario {
    Clean,            // everybody is in both CRMs, and both say the same
    Overlapping,      // the usual one: many are in both, each side knows something of its own
    Duplicates,       // as before, and many are there two or three times
    TenThousand,      // as Overlapping, 10,000 people
    HundredThousand,  // as Overlapping, 100,000 people
    HostileNames,     // as Overlapping, with texts that break programs
};

/// "clean", "overlapping", "duplicates", "10k", "100k", "hostile names" (or with a hyphen): DO NOT
/// RENAME
[[nodiscard]] std::optional<Scenario> find_scenario(std::string_view name);
/// All names, for a message.
[[nodiscard]] std::string scenario_names();

[[nodiscard]] Population make_scenario(Scenario scenario,
                                       std::uint64_t seed,
                                       std::string_view customer);

}  // namespace crm::sandbox
