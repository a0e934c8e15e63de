// The brakes on steps: too many deletions, too many creations, a database older than what it did.
#include "server/sync/brakes.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr std::size_t kNamesShown = 5;

bool is_vanishing(const Step& step) {
    return step.kind == IntentKind::Delete ||
           (step.kind == IntentKind::Create && step.is_recreation);
}

std::string names_of(const CustomerNotes& notes, const std::vector<const Step*>& steps) {
    std::vector<std::string> names;
    names.reserve(steps.size());
    for (const Step* step : steps)
        names.push_back(display_name(notes.contacts.at(step->contact).contact.fields));
    return list_names(names);
}

std::string counted(std::int64_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string what_steps_do(const std::vector<const Step*>& steps) {
    std::int64_t deletes = 0;
    std::int64_t recreations = 0;
    std::int64_t creations = 0;
    for (const Step* step : steps) {
        if (step->kind == IntentKind::Delete) {
            ++deletes;
        } else if (step->is_recreation) {
            ++recreations;
        } else {
            ++creations;
        }
    }
    std::vector<std::string> parts;
    if (deletes > 0) parts.push_back("delete " + counted(deletes, "record"));
    if (recreations > 0)
        parts.push_back("create " + counted(recreations, "record") + " anew that vanished");
    if (creations > 0) parts.push_back("create " + counted(creations, "record"));
    std::string what;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) what += " and ";
        what += parts[i];
    }
    return what;
}

api::RunProblem limit_problem(const CustomerNotes& notes,
                              const SystemSpec& system,
                              const std::vector<const Step*>& steps,
                              int limit) {
    api::RunProblem problem;
    problem.system = system.key.text;
    problem.message = "This run would " + what_steps_do(steps) + " in " + system.label +
                      ", more than the limit of " + std::to_string(limit) + ": " +
                      names_of(notes, steps) + ". None of it was done.";
    problem.action = "Approve the run if this is what you want, or discard it.";
    return problem;
}

/// Steps of one system that nobody approved; those that somebody did are noted as used.
template <class IsOfClass>
std::vector<const Step*> find_ungranted(const Plan& plan,
                                        const SystemKey& system,
                                        IsOfClass is_of_class,
                                        const std::set<std::string>& grants,
                                        BrakeReport& report) {
    std::vector<const Step*> ungranted;
    for (const Step& step : plan.steps) {
        if (!(step.system == system) || !is_of_class(step)) continue;
        if (grants.contains(step_work(step))) {
            report.used_grants.insert(step_work(step));
        } else {
            ungranted.push_back(&step);
        }
    }
    return ungranted;
}

void take_out_held(Plan& plan, BrakeReport& report) {
    std::vector<Step> kept;
    for (Step& step : plan.steps) {
        const bool is_held = report.held.contains(step_work(step));
        (is_held ? report.held_steps : kept).push_back(std::move(step));
    }
    plan.steps = std::move(kept);
}

int creation_limit(const CustomerNotes& notes, const SystemKey& system) {
    const auto row = notes.systems.find(system);
    const std::int64_t listed = row == notes.systems.end() ? 0 : row->second.listed;
    return static_cast<int>(std::max<std::int64_t>(kBrakeCreationsMin, listed / 5));
}

bool is_first_sync_over(const CustomerNotes& notes, const std::vector<SystemSpec>& systems) {
    return std::all_of(systems.begin(), systems.end(), [&](const SystemSpec& system) {
        const auto row = notes.systems.find(system.key);
        return row != notes.systems.end() && row->second.is_first_sync_over;
    });
}

bool waits_for_creation(const ContactNotes& contact, const SystemKey& system) {
    if (contact.contact.deleted || !email_key(contact.contact.fields.email)) return false;
    const auto found = contact.systems.find(system);
    if (found == contact.systems.end()) return true;
    const Standing& standing = found->second;
    return !standing.link && !standing.is_detached && !standing.is_suggested && !standing.refusal;
}

}  // namespace

std::string first_sync_work(const SystemKey& system) {
    return system.text + " first";
}

std::string rollback_work(const SystemKey& system) {
    return system.text + " rollback";
}

std::string step_work(const Step& step) {
    std::string kind = " update ";
    if (step.kind == IntentKind::Delete) kind = " delete ";
    if (step.kind == IntentKind::Create) kind = step.is_recreation ? " recreate " : " create ";
    return step.system.text + kind + step.contact.text;
}

std::string list_names(const std::vector<std::string>& names) {
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) {
        if (i > 0) list += ", ";
        list += names[i];
    }
    if (names.size() > kNamesShown)
        list += " and " + std::to_string(names.size() - kNamesShown) + " more";
    return list;
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

BrakeReport brake_deletions(Plan& plan,
                            const CustomerNotes& notes,
                            const std::vector<SystemSpec>& systems,
                            const DeleteBrake& brake) {
    BrakeReport report;
    if (!is_on(Rule::DeletionBrake)) return report;
    for (const SystemSpec& system : systems) {
        const auto ungranted = find_ungranted(plan, system.key, is_vanishing, brake.grants, report);
        int& done = brake.done[system.key];
        if (static_cast<int>(ungranted.size()) + done <= brake.limit) {
            done += static_cast<int>(ungranted.size());
            continue;
        }
        report.problems.push_back(limit_problem(notes, system, ungranted, brake.limit));
        report.problems.back().code = "brake_deletions";
        for (const Step* step : ungranted) report.held.insert(step_work(*step));
    }
    take_out_held(plan, report);
    return report;
}

BrakeReport brake_creations(Plan& plan,
                            const CustomerNotes& notes,
                            const std::vector<SystemSpec>& systems,
                            const CreateBrake& brake) {
    BrakeReport report;
    if (!is_on(Rule::CreationBrake) || !is_first_sync_over(notes, systems)) return report;
    const auto is_creation = [](const Step& step) {
        return step.kind == IntentKind::Create && !step.is_recreation;
    };
    for (const SystemSpec& system : systems) {
        const auto ungranted = find_ungranted(plan, system.key, is_creation, brake.grants, report);
        const int limit = creation_limit(notes, system.key);
        int& done = brake.done[system.key];
        if (static_cast<int>(ungranted.size()) + done <= limit) {
            done += static_cast<int>(ungranted.size());
            continue;
        }
        report.problems.push_back(limit_problem(notes, system, ungranted, limit));
        report.problems.back().code = "brake_creations";
        for (const Step* step : ungranted) report.held.insert(step_work(*step));
    }
    take_out_held(plan, report);
    return report;
}

BrakeReport brake_rollback(Plan& plan,
                           const CustomerNotes& notes,
                           const std::vector<SystemSpec>& systems,
                           const std::set<std::string>& grants) {
    BrakeReport report;
    if (!is_on(Rule::RollbackBrake)) return report;
    for (const SystemSpec& system : systems) {
        const auto row = notes.systems.find(system.key);
        if (row == notes.systems.end() || !row->second.is_rolled_back) continue;
        const std::string work = rollback_work(system.key);
        if (grants.contains(work)) {
            report.used_grants.insert(work);
            continue;
        }
        report.held.insert(work);
        std::vector<const Step*> held;
        for (const Step& step : plan.steps) {
            if (step.system == system.key && step.kind != IntentKind::Update) held.push_back(&step);
        }
        api::RunProblem problem;
        problem.system = system.key.text;
        problem.code = "brake_rollback";
        problem.message =
            "The database is an older copy than the one that last ran: what was "
            "deleted or created since then is not known. ";
        problem.message +=
            held.empty()
                ? "Nothing is created or deleted in " + system.label + " before you say so."
                : "This run would " + what_steps_do(held) + " in " + system.label + ": " +
                      names_of(notes, held) + ". None of it was done.";
        problem.action =
            "Put the newer database back, or delete here what should stay deleted and "
            "then approve the run.";
        report.problems.push_back(std::move(problem));
    }
    std::vector<Step> kept;
    for (Step& step : plan.steps) {
        const bool is_held =
            step.kind != IntentKind::Update && report.held.contains(rollback_work(step.system));
        (is_held ? report.held_steps : kept).push_back(std::move(step));
    }
    plan.steps = std::move(kept);
    return report;
}

bool is_first_sync_settled(const CustomerNotes& notes, const std::vector<SystemSpec>& systems) {
    std::map<SystemKey, int> waiting;
    for (const auto& [id, contact] : notes.contacts) {
        if (contact.contact.arriving && !contact.contact.deleted) return false;
        for (const SystemSpec& system : systems) {
            if (waits_for_creation(contact, system.key)) ++waiting[system.key];
        }
    }
    return std::all_of(waiting.begin(), waiting.end(), [](const auto& entry) {
        return entry.second <= kBrakeCreationsMin;
    });
}

}  // namespace crm::sync
