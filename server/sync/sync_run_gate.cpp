// The brakes in a run: what they hold back, whether a person granted it, and when a grant ends.
#include <algorithm>

#include "server/sync/brakes_listing.h"
#include "server/sync/rule.h"
#include "server/sync/run_performer.h"
#include "server/sync/run_records.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

Brake first_sync_brake(const SystemRun& system,
                       const CustomerNotes& before,
                       const CustomerNotes& after,
                       std::size_t arriving) {
    const SystemKey& key = system.spec.key;
    const std::size_t matched = count_linked(after, key) - count_linked(before, key) - arriving;
    std::size_t missing = 0;
    for (const auto& [id, contact] : after.contacts) {
        const auto found = contact.systems.find(key);
        const bool is_linked = found != contact.systems.end() && found->second.link;
        if (!contact.contact.deleted && !is_linked && email_key(contact.contact.fields.email))
            ++missing;
    }
    const std::string& name = system.spec.label;
    Brake brake{first_sync_work(key), {}};
    brake.problem.system = key.text;
    brake.problem.code = "first_sync";
    brake.problem.message =
        "The first sync with " + name + " would match " + std::to_string(matched) + " of its " +
        std::to_string(system.listing.records.size()) + " records with contacts here, add " +
        std::to_string(arriving) + " new contacts here and create " + std::to_string(missing) +
        " records there. None of it was done.";
    brake.problem.action = "Approve the run to go ahead.";
    return brake;
}

}  // namespace

bool Performer::has_usable_listing(const SystemRun& system) const {
    // Also what came before the token was refused: it may show an edit that a call of ours, still
    // under way, is about to write over.
    const bool has_listing = system.listing.is_complete || !system.listing.records.empty();
    return has_listing && !system.is_held;
}

void Performer::add_brake_problem(api::RunProblem problem) {
    const bool is_told =
        std::any_of(brake_problems_.begin(), brake_problems_.end(), [&](const auto& told) {
            return told.code == problem.code && told.system == problem.system;
        });
    if (!is_told) brake_problems_.push_back(std::move(problem));
}

void Performer::ask(SystemRun& system, Brake brake) {
    switch (brake.reach) {
        case BrakeReach::System:
            system.is_held = true;
            break;
        case BrakeReach::Absence:
            system.listing.is_complete = false;
            break;
    }
    system.is_asking = true;
    held_.insert(std::move(brake.work));
    add_brake_problem(std::move(brake.problem));
}

bool Performer::passes_first_sync(SystemRun& system, const CustomerNotes& notes) {
    const SystemKey& key = system.spec.key;
    const bool is_allowed = !is_on(Rule::FirstSyncPreview) || settings_.is_first_sync_automatic ||
                            system.row.is_first_sync_done || grants_.contains(first_sync_work(key));
    if (is_allowed) {
        if (!system.row.is_first_sync_done && system.listing.is_complete)
            used_grants_.insert(first_sync_work(key));
        return true;
    }
    if (!system.listing.is_complete) return false;
    CustomerNotes after = notes;
    const Observed would = observe(after, observation_of(system));
    ask(system, first_sync_brake(system, notes, after, would.arrived.size()));
    add_held_records(system, notes);
    return false;
}

void Performer::end_listing_grants(const SystemRun& system, const std::set<std::string>& needed) {
    if (!system.listing.is_complete) return;
    for (const std::string& work : grants_) {
        if (is_listing_work(system.spec.key, work) && !needed.contains(work))
            used_grants_.insert(work);
    }
}

bool Performer::passes_gate(SystemRun& system, const CustomerNotes& notes) {
    if (!passes_first_sync(system, notes)) return false;
    if (std::optional<Brake> mapping = find_mapping_brake(system.spec, system.row)) {
        if (!grants_.contains(mapping->work)) {
            system.is_rebased = true;  // as it would be
            add_held_records(system, notes);
            system.is_rebased = false;
            ask(system, std::move(*mapping));
            return false;
        }
        used_grants_.insert(mapping->work);
        system.is_rebased = true;
        return true;
    }
    if (is_listing_short(system.listing)) {
        add_brake_problem(short_listing_problem(system.spec, system.listing));
        system.listing.is_complete = false;
    }
    return passes_listing(system, notes);
}

bool Performer::passes_listing(SystemRun& system, const CustomerNotes& notes) {
    std::set<std::string> needed;
    std::vector<Brake> ungranted;
    for (Brake& brake : find_listing_brakes({notes, system.spec, system.listing, system.window})) {
        needed.insert(brake.work);
        if (!grants_.contains(brake.work)) ungranted.push_back(std::move(brake));
    }
    const bool holds_all = std::any_of(ungranted.begin(), ungranted.end(), [](const Brake& brake) {
        return brake.reach == BrakeReach::System;
    });
    if (holds_all) {
        add_held_records(system, notes);
    } else if (!ungranted.empty() && !held_.contains(ungranted.front().work)) {
        add_records(records_of_missing(notes, system.spec, system.listing), "held");
    }
    for (Brake& brake : ungranted) ask(system, std::move(brake));
    if (holds_all) return false;
    end_listing_grants(system, needed);
    return true;
}

bool Performer::passes_conflicts(SystemRun& system,
                                 const CustomerNotes& notes,
                                 const Observed& observed) {
    // The first sync was asked about as a whole, and so was another mapping.
    if (!system.row.is_first_sync_done || system.is_rebased) return true;
    std::optional<Brake> conflicts =
        find_conflict_brake(observed, {notes, system.spec, system.listing, system.window});
    if (!conflicts) return true;
    if (grants_.contains(conflicts->work)) {
        used_grants_.insert(conflicts->work);
        return true;
    }
    add_records(records_of(observed, notes, system.spec), "held");
    ask(system, std::move(*conflicts));
    return false;
}

void Performer::take_report(const BrakeReport& report, const CustomerNotes& notes) {
    held_.insert(report.held.begin(), report.held.end());
    used_grants_.insert(report.used_grants.begin(), report.used_grants.end());
    for (const api::RunProblem& problem : report.problems) add_brake_problem(problem);
    for (const Step& step : report.held_steps) {
        if (told_steps_.insert(step_work(step)).second) add_step_record(notes, step, "held");
    }
}

void Performer::brake(Plan& plan, const CustomerNotes& notes) {
    take_report(brake_rollback(plan, notes, specs_, grants_), notes);
    take_report(brake_deletions(
                    plan,
                    notes,
                    specs_,
                    {.limit = settings_.delete_limit, .grants = grants_, .done = deletes_done_}),
                notes);
    take_report(
        brake_creations(plan, notes, settings_.systems, {.grants = grants_, .done = creates_done_}),
        notes);
}

}  // namespace crm::sync
