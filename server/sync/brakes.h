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
[[nodiscard]] std::string first_sync_work(const SystemKey& system);
[[nodiscard]] std::string rollback_work(const SystemKey& system);
[[nodiscard]] std::string step_work(const Step& step);

/// What a brake keeps from happening.
enum class BrakeReach {
    System,   // nothing is taken from the system, nothing is written to it
    Absence,  // its listing counts as incomplete
};

/// One that tripped.
struct Brake {
    std::string work;  // what a person grants
    api::RunProblem problem;
    BrakeReach reach = BrakeReach::System;
};

/// What happened to the steps of a plan.
struct BrakeReport {
    std::set<std::string> held;
    std::set<std::string> used_grants;
    std::vector<api::RunProblem> problems;  // one per brake and system
    std::vector<Step> held_steps;           // taken out of the plan
};

/// Records of live contacts that are linked in a system.
[[nodiscard]] std::size_t count_linked(const CustomerNotes& notes, const SystemKey& system);

/// "Ada, Bob and 3 more".
[[nodiscard]] std::string list_names(const std::vector<std::string>& names);

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

struct CreateBrake {
    const std::set<std::string>& grants;
    std::map<SystemKey, int>& done;  // creations let through in this run
};

/// Takes creations out of the plan where there are more than max(50, 20 % of the records listed) at
/// once, and every first sync is over. Re-creations are counted above.
[[nodiscard]] BrakeReport brake_creations(Plan& plan,
                                          const CustomerNotes& notes,
                                          const std::vector<SystemSpec>& systems,
                                          const CreateBrake& brake);

/// After an older database was put in place of a newer one: nothing is created and nothing deleted
/// before a yes.
[[nodiscard]] BrakeReport brake_rollback(Plan& plan,
                                         const CustomerNotes& notes,
                                         const std::vector<SystemSpec>& systems,
                                         const std::set<std::string>& grants);

/// All that the first listings showed is settled: nothing is on probation, and so few contacts wait
/// to be created that the brake on creations would let them through.
[[nodiscard]] bool is_first_sync_settled(const CustomerNotes& notes,
                                         const std::vector<SystemSpec>& systems);

}  // namespace crm::sync
