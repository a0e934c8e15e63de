#include "tests/server/sync/sim/table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

namespace crm::test::sim {
namespace {

constexpr std::array<const char*, 6> kShown = {
    "ghost_app", "ghost_crm", "duplicate", "lost_edit", "diverged", "steady_writes"};

std::string decimal(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

}  // namespace

void Table::add(World world, const Verdict& verdict) {
    Row& row = rows_[world];
    ++row.seeds;
    row.violated += verdict.violations.empty() ? 0 : 1;
    const Figures& figures = verdict.figures;
    row.sum.contacts += figures.contacts;
    for (const auto& [kind, count] : figures.calls) row.sum.calls[kind] += count;
    row.sum.overwrites += figures.overwrites;
    row.sum.undecidable += figures.undecidable;
    row.sum.conflicts += figures.conflicts;
    row.sum.false_conflicts += figures.false_conflicts;
    row.sum.crashes += figures.crashes;
    row.sum.cycles = std::max(row.sum.cycles, figures.cycles);
    row.cycles += figures.cycles;
    for (const Violation& violation : verdict.violations) ++row.violations[violation.kind];
}

std::string Table::text() const {
    std::string text =
        "\n| world | histories | violated | contacts | creates | updates | deletes | lists | gets "
        "| "
        "crashes | ghosts app/CRM | duplicates | lost edits | diverged | steady writes | other | "
        "unavoidable overwrites | undecidable orphans | conflicts (false) | runs to agree, "
        "mean/worst "
        "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const auto& [world, row] : rows_) {
        const auto calls = [&row = row](const char* kind) {
            const auto found = row.sum.calls.find(kind);
            return std::to_string(found == row.sum.calls.end() ? 0 : found->second);
        };
        std::array<std::int64_t, kShown.size() + 1> counts{};
        for (const auto& [kind, count] : row.violations) {
            const auto* const at = std::find(kShown.begin(), kShown.end(), kind);
            counts.at(static_cast<std::size_t>(at - kShown.begin())) += count;
        }
        const auto count = [&](std::size_t index) { return std::to_string(counts.at(index)); };
        text += "| " + std::string(world_name(world)) + " | " + std::to_string(row.seeds) + " | " +
                std::to_string(row.violated) + " | " + std::to_string(row.sum.contacts) + " | " +
                calls("create") + " | " + calls("update") + " | " + calls("delete") + " | " +
                calls("list") + " | " + calls("get") + " | " + std::to_string(row.sum.crashes) +
                " | " + count(0) + " / " + count(1) + " | " + count(2) + " | " + count(3) + " | " +
                count(4) + " | " + count(5) + " | " + count(6) + " | " +
                std::to_string(row.sum.overwrites) + " | " + std::to_string(row.sum.undecidable) +
                " | " + std::to_string(row.sum.conflicts) + " (" +
                std::to_string(row.sum.false_conflicts) + ") | " +
                decimal(static_cast<double>(row.cycles) /
                        static_cast<double>(std::max<std::int64_t>(row.seeds, 1))) +
                " / " + std::to_string(row.sum.cycles) + " |\n";
    }
    return text;
}

}  // namespace crm::test::sim
