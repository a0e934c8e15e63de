// Refusing to act on what cannot be true, or on too much at once. Pure. A tripped brake takes its
// class of steps out of the plan; the run is held, and a person approves or discards exactly what
// was taken out.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/plan.h"
#include "shared/api.h"

namespace crm::sync {

/// Names of held work, as stored and granted.
[[nodiscard]] std::string empty_listing_work(const SystemKey& system);
[[nodiscard]] std::string first_sync_work(const SystemKey& system);
[[nodiscard]] std::string step_work(const Step& step);

struct BrakeReport {
    std::set<std::string> held;
    std::set<std::string> used_grants;
    std::vector<api::RunProblem> problems;  // one per brake and system
};

/// Records of live contacts that are linked in a system.
[[nodiscard]] std::size_t count_linked(const CustomerNotes& notes, const SystemKey& system);

/// An empty, complete listing where two or more records are linked.
[[nodiscard]] bool is_empty_listing_implausible(const CustomerNotes& notes,
                                                const SystemSpec& system,
                                                const Listing& listing,
                                                const std::set<std::string>& grants);
[[nodiscard]] api::RunProblem empty_listing_problem(const SystemSpec& system, std::size_t linked);

struct DeleteBrake {
    int limit = 0;  // per run and system
    const std::set<std::string>& grants;
    std::map<SystemKey, int>& done;  // deletions and re-creations let through in this run
};

/// Takes deletions and re-creations out of the plan where there are more than the limit that nobody
/// approved.
[[nodiscard]] BrakeReport brake_deletions(Plan& plan,
                                          const CustomerNotes& notes,
                                          const std::vector<SystemSpec>& systems,
                                          const DeleteBrake& brake);

}  // namespace crm::sync
