// What follows from the state for Review: which list is shown, which of its entries, how many wait.
// Pure; computed when asked, never stored.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-wasm/state/app_state.h"

namespace crm::client {

/// The system's label, or its key while that is not known; "here" for our own side.
[[nodiscard]] std::string side_label(const AppState& state, const std::string& side);
/// "Phone", or the wire name of a field that this client does not know.
[[nodiscard]] std::string field_label(const std::string& field);

/// The conflicts of the open tab; nullptr: not read yet, or no tab of conflicts.
[[nodiscard]] const api::ConflictPage* shown_conflicts(const AppState& state);
/// Those that wait for an answer first.
[[nodiscard]] std::vector<const api::HeldRecord*> shown_holds(const AppState& state);

/// Unique among held records.
[[nodiscard]] std::string hold_id(const api::HeldRecord& hold);
/// Somebody may be meant by the record, and nobody has said yes or no.
[[nodiscard]] bool is_awaited(const api::HeldRecord& hold);

/// The ids of the shown list, in order.
[[nodiscard]] std::vector<std::string> shown_ids(const AppState& state);
/// The entry that is looked at; nullptr: there is none.
[[nodiscard]] const api::Conflict* shown_conflict(const AppState& state);
[[nodiscard]] const api::HeldRecord* shown_hold(const AppState& state);

/// The value that stands by now: what a person chose, else what won.
[[nodiscard]] const std::string& standing_value(const api::Conflict& conflict);

/// The run that waits for a yes or no, if the last one does.
[[nodiscard]] const api::Run* held_run(const AppState& state);
[[nodiscard]] std::int64_t open_conflict_count(const AppState& state);
[[nodiscard]] std::int64_t awaited_hold_count(const AppState& state);
/// The problem is that of a held record, which the list of records tells more about.
[[nodiscard]] bool is_about_hold(const api::RunProblem& problem);
/// Of the last run, those that are not about held records.
[[nodiscard]] std::vector<const api::RunProblem*> open_problems(const AppState& state);
[[nodiscard]] std::int64_t problem_count(const AppState& state);
/// All that waits for a person.
[[nodiscard]] std::int64_t review_count(const AppState& state);

}  // namespace crm::client
