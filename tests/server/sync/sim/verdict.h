// What became of a history: what was broken, and how much was done.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace crm::test::sim {

struct Violation {
    // "ghost_app", "ghost_crm", "duplicate", "lost_edit", "diverged", "steady_writes", "slow",
    // "failed", or the name of an invariant
    std::string kind;
    std::string text;
};

struct Figures {
    std::int64_t contacts = 0;
    std::map<std::string, std::int64_t> calls;  // "create", "update", "delete", "list", "get"
    std::int64_t overwrites = 0;                // of values that the engine could not have known
    std::int64_t undecidable = 0;  // orphans that nothing can tell from a person's record
    std::int64_t conflicts = 0;
    std::int64_t false_conflicts = 0;  // one value was typed over the other
    std::int64_t crashes = 0;
    int cycles = 0;  // runs after the last action until all was quiet
};

struct Verdict {
    std::vector<Violation> violations;
    Figures figures;
    std::uint64_t hash = 0;  // of all that happened
    std::vector<std::string> story;
};

/// Kind and text.
using Report = std::function<void(const std::string&, const std::string&)>;

}  // namespace crm::test::sim
