#include "server/sync/brakes.h"

#include <algorithm>

#include "server/sync/rule.h"

namespace crm::sync {
namespace {

constexpr std::size_t kNamesShown = 5;

bool is_braked(const Step& step) {
    return step.kind == IntentKind::Delete ||
           (step.kind == IntentKind::Create && step.is_recreation);
}

std::string list_names(const CustomerNotes& notes, const std::vector<const Step*>& steps) {
    std::string names;
    for (std::size_t i = 0; i < steps.size() && i < kNamesShown; ++i) {
        if (i > 0) names += ", ";
        names += display_name(notes.contacts.at(steps[i]->contact).contact.fields);
    }
    if (steps.size() > kNamesShown)
        names += " and " + std::to_string(steps.size() - kNamesShown) + " more";
    return names;
}

api::RunProblem deletions_problem(const CustomerNotes& notes,
                                  const SystemSpec& system,
                                  const std::vector<const Step*>& steps,
                                  int limit) {
    const auto deletes = std::count_if(steps.begin(), steps.end(), [](const Step* step) {
        return step->kind == IntentKind::Delete;
    });
    const auto recreations = static_cast<std::int64_t>(steps.size()) - deletes;
    std::string what;
    if (deletes > 0) what = "delete " + std::to_string(deletes) + " records";
    if (recreations > 0) {
        if (!what.empty()) what += " and ";
        what += "create " + std::to_string(recreations) + " records anew that vanished";
    }
    api::RunProblem problem;
    problem.system = system.key.text;
    problem.code = "brake_deletions";
    problem.message = "This run would " + what + " in " + system.label +
                      ", more than the limit of " + std::to_string(limit) + ": " +
                      list_names(notes, steps) + ". None of it was done.";
    problem.action = "Approve the run if this is what you want, or discard it.";
    return problem;
}

}  // namespace

std::string empty_listing_work(const SystemKey& system) {
    return system.text + " empty";
}

std::string first_sync_work(const SystemKey& system) {
    return system.text + " first";
}

std::string step_work(const Step& step) {
    const std::string kind = step.kind == IntentKind::Delete ? " delete " : " recreate ";
    return step.system.text + kind + step.contact.text;
}

std::size_t count_linked(const CustomerNotes& notes, const SystemKey& system) {
    std::size_t count = 0;
    for (const auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system);
        if (!contact.contact.deleted && found != contact.systems.end() && found->second.link)
            ++count;
    }
    return count;
}

bool is_empty_listing_implausible(const CustomerNotes& notes,
                                  const SystemSpec& system,
                                  const Listing& listing,
                                  const std::set<std::string>& grants) {
    return is_on(Rule::EmptyListingBrake) && listing.is_complete && listing.records.empty() &&
           count_linked(notes, system.key) >= 2 && !grants.contains(empty_listing_work(system.key));
}

api::RunProblem empty_listing_problem(const SystemSpec& system, std::size_t linked) {
    api::RunProblem problem;
    problem.system = system.key.text;
    problem.code = "brake_empty";
    problem.message =
        system.label + " lists no records at all, but " + std::to_string(linked) +
        " contacts are linked to it. Nothing was changed there or here because of it.";
    problem.action =
        "Check the connection and its rights. If the records are really gone, approve the run: "
        "they "
        "are created anew.";
    return problem;
}

BrakeReport brake_deletions(Plan& plan,
                            const CustomerNotes& notes,
                            const std::vector<SystemSpec>& systems,
                            const DeleteBrake& brake) {
    BrakeReport report;
    if (!is_on(Rule::DeletionBrake)) return report;
    for (const SystemSpec& system : systems) {
        std::vector<const Step*> ungranted;
        for (const Step& step : plan.steps) {
            if (!(step.system == system.key) || !is_braked(step)) continue;
            if (brake.grants.contains(step_work(step))) {
                report.used_grants.insert(step_work(step));
            } else {
                ungranted.push_back(&step);
            }
        }
        int& done = brake.done[system.key];
        if (static_cast<int>(ungranted.size()) + done <= brake.limit) {
            done += static_cast<int>(ungranted.size());
            continue;
        }
        report.problems.push_back(deletions_problem(notes, system, ungranted, brake.limit));
        for (const Step* step : ungranted) report.held.insert(step_work(*step));
    }
    std::erase_if(plan.steps, [&](const Step& step) {
        return is_braked(step) && report.held.contains(step_work(step));
    });
    return report;
}

}  // namespace crm::sync
