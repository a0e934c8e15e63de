#include "client-wasm/state/select_review.h"

#include <algorithm>
#include <array>

namespace crm::client {
namespace {

// The words of the contract for why a record is held.
constexpr std::array<std::string_view, 7> kHoldReasons{
    "no_email", "invalid", "duplicate", "suppressed", "restored", "merged", "possible_duplicate"};

}  // namespace

std::string side_label(const AppState& state, const std::string& side) {
    if (side == api::kAppSide) return "here";
    if (!state.sync.status) return side;
    for (const api::SystemStatus& system : state.sync.status->systems) {
        if (system.key == side) return system.label;
    }
    return side;
}

std::string field_label(const std::string& field) {
    const FieldSpec* spec = find_field(field);
    return spec == nullptr ? field : std::string(spec->label);
}

const api::ConflictPage* shown_conflicts(const AppState& state) {
    const ReviewState& review = state.review;
    if (state.route.tab.empty()) return review.open ? &*review.open : nullptr;
    const bool is_past = state.route.tab == kPastTab && review.past;
    return is_past ? &*review.past : nullptr;
}

std::vector<const api::HeldRecord*> shown_holds(const AppState& state) {
    std::vector<const api::HeldRecord*> holds;
    if (!state.review.holds) return holds;
    for (const api::HeldRecord& hold : state.review.holds->holds) holds.push_back(&hold);
    std::stable_partition(
        holds.begin(), holds.end(), [](const api::HeldRecord* hold) { return is_awaited(*hold); });
    return holds;
}

std::string hold_id(const api::HeldRecord& hold) {
    return hold.system + "/" + hold.record_id;
}

bool is_awaited(const api::HeldRecord& hold) {
    return hold.suggestion && !hold.suggestion->contact_id.empty() && !hold.suggestion->is_refused;
}

std::vector<std::string> shown_ids(const AppState& state) {
    std::vector<std::string> ids;
    if (state.route.tab == kRecordsTab) {
        for (const api::HeldRecord* hold : shown_holds(state)) ids.push_back(hold_id(*hold));
    } else if (const api::ConflictPage* page = shown_conflicts(state)) {
        for (const api::Conflict& conflict : page->conflicts) ids.push_back(conflict.id);
    }
    return ids;
}

const api::Conflict* shown_conflict(const AppState& state) {
    const api::ConflictPage* page = shown_conflicts(state);
    if (page == nullptr || page->conflicts.empty()) return nullptr;
    for (const api::Conflict& conflict : page->conflicts) {
        if (conflict.id == state.review.current) return &conflict;
    }
    return &page->conflicts.front();
}

const api::HeldRecord* shown_hold(const AppState& state) {
    if (state.route.tab != kRecordsTab) return nullptr;
    const std::vector<const api::HeldRecord*> holds = shown_holds(state);
    for (const api::HeldRecord* hold : holds) {
        if (hold_id(*hold) == state.review.current) return hold;
    }
    return holds.empty() ? nullptr : holds.front();
}

const std::string& standing_value(const api::Conflict& conflict) {
    return conflict.state == "resolved" ? conflict.resolution : conflict.winner;
}

const api::Run* held_run(const AppState& state) {
    const std::optional<api::SyncStatus>& status = state.sync.status;
    const bool is_held = status && status->run && status->run->state == api::RunState::Held;
    return is_held ? &*status->run : nullptr;
}

std::int64_t open_conflict_count(const AppState& state) {
    return state.review.open ? state.review.open->total : 0;
}

std::int64_t awaited_hold_count(const AppState& state) {
    if (!state.review.holds) return 0;
    const std::vector<api::HeldRecord>& holds = state.review.holds->holds;
    return std::count_if(holds.begin(), holds.end(), is_awaited);
}

bool is_about_hold(const api::RunProblem& problem) {
    return std::find(kHoldReasons.begin(), kHoldReasons.end(), problem.code) != kHoldReasons.end();
}

std::vector<const api::RunProblem*> open_problems(const AppState& state) {
    std::vector<const api::RunProblem*> problems;
    const std::optional<api::SyncStatus>& status = state.sync.status;
    if (!status || !status->run) return problems;
    for (const api::RunProblem& problem : status->run->problems) {
        if (!is_about_hold(problem)) problems.push_back(&problem);
    }
    return problems;
}

std::int64_t problem_count(const AppState& state) {
    return static_cast<std::int64_t>(open_problems(state).size());
}

std::int64_t review_count(const AppState& state) {
    const std::int64_t problems = problem_count(state);
    // What holds a run is one of its problems.
    const std::int64_t held = held_run(state) != nullptr && problems == 0 ? 1 : 0;
    return open_conflict_count(state) + awaited_hold_count(state) + problems + held;
}

}  // namespace crm::client
