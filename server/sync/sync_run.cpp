#include "server/sync/sync_run.h"

#include <algorithm>
#include <future>

#include "server/limits.h"
#include "server/store/sync_store.h"
#include "server/sync/apply.h"
#include "server/sync/brakes.h"
#include "server/sync/brakes_listing.h"
#include "server/sync/executor.h"
#include "server/sync/linking.h"
#include "server/sync/observe.h"
#include "server/sync/outcome.h"
#include "server/sync/plan_view.h"
#include "server/sync/planner.h"
#include "server/sync/run_performer.h"
#include "server/sync/run_records.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr int kUnansweredMax =
    2;  // calls without an answer in a row, then the system is left alone
constexpr std::chrono::seconds kPauseDefault{30};  // when a system says "later" and not how much

std::string_view outcome_text(const StepReport& done) {
    if (done.is_skipped) return "skipped";
    if (done.is_written) return "done";
    switch (done.end) {
        case CallEnd::Applied:
            return "done";
        case CallEnd::Unknown:
            return "unknown";
        case CallEnd::Later:
        case CallEnd::Disconnected:
            return "later";
        case CallEnd::Exists:
            return done.is_linked ? "done" : "refused";
        case CallEnd::Refused:
        case CallEnd::Missing:
            return "refused";
    }
    return "unknown";
}

}  // namespace

void Performer::report() {
    api::Run copy;
    {
        const std::lock_guard lock(mutex_);
        copy = run_;
    }
    control_.report(copy);
}

Status Performer::for_each_system(const std::function<Status(SystemRun&)>& work) {
    if (doors_.concurrency == Concurrency::Sequential) {
        for (auto& system : systems_) CRM_TRY(work(*system));
        return {};
    }
    std::vector<std::future<Status>> running;
    for (auto& system : systems_) {
        running.push_back(
            std::async(std::launch::async, [&work, &system] { return work(*system); }));
    }
    Status first;
    for (std::future<Status>& one : running) {
        Status outcome = one.get();
        if (first.is_ok()) first = std::move(outcome);
    }
    return first;
}

/// From what is known of the system: its two times, and whether it is to be left alone.
void Performer::prepare(SystemRun& system) {
    const SystemRow& row = system.row;
    system.rules = rules_of(row, rules_);
    if (row.pause_until && *row.pause_until > now()) {
        note_failure(system,
                     CallEnd::Later,
                     {"rate_limited", "It asked to be left alone for a while.", {}},
                     *row.pause_until - now());
    }
}

Status Performer::recover() {
    CRM_TRY(check_rollback());
    std::vector<std::pair<ContactId, SystemKey>> interrupted;
    std::map<SystemKey, SystemRow> rows;
    {
        const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
        interrupted = CRM_TRY(store::load_interrupted(snapshot, customer_));
        grants_ = CRM_TRY(store::load_grants(snapshot, customer_));
        rows = CRM_TRY(store::load_systems(snapshot, customer_));
    }
    for (auto& system : systems_) {
        if (const auto row = rows.find(system->spec.key); row != rows.end())
            system->row = row->second;
        prepare(*system);
    }
    if (interrupted.empty() || run_.is_preview) return {};
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    for (const auto& [id, system] : interrupted) {
        ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer_, id));
        Standing& standing = notes.systems[system];
        const auto row = rows.find(system);
        const auto late = row == rows.end() ? rules_.late : std::max(rules_.late, row->second.late);
        const auto settle =
            row == rows.end() ? rules_.settle : std::max(rules_.settle, row->second.settle);
        note_interrupted(standing, now(), {settle, late});
        CRM_TRY(store::save_standing(transaction, notes.contact, system, standing));
    }
    return transaction.commit();
}

/// In the log before anything is done, so that a run which is killed leaves a trace; one of the
/// timer only once it found that something happened.
Status Performer::save_start() {
    if (is_in_log_) return {};
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    CRM_TRY(store::save_run(transaction, customer_, run_));
    is_in_log_ = true;
    return notes_.commit(transaction);
}

/// Asked again before each pass: a person may pause a system while the run is on.
Status Performer::leave_out() {
    const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
    const auto rows = CRM_TRY(store::load_systems(snapshot, customer_));
    for (auto& system : systems_) {
        const auto row = rows.find(system->spec.key);
        const bool is_paused = row != rows.end() && row->second.is_paused;
        system->is_left_out = is_paused || !gate_of(*system).is_open;
    }
    return {};
}

const Gate& Performer::gate_of(const SystemRun& system) const {
    static const Gate kOpen;
    const auto gate = doors_.gates.find(system.spec.key);
    return gate == doors_.gates.end() ? kOpen : gate->second;
}

/// True when the day's calls are spent, which ends the system's part in the run.
bool Performer::is_budget_spent(SystemRun& system) {
    const std::optional<std::int64_t>& left = gate_of(system).calls_left;
    if (!left || system.calls < *left) return false;
    note_failure(system,
                 CallEnd::Later,
                 {"budget", "The calls that this run may make today are spent.", {}},
                 std::nullopt);
    return true;
}

void Performer::note_failure(SystemRun& system,
                             CallEnd end,
                             const CallProblem& problem,
                             std::optional<std::chrono::milliseconds> retry_after) {
    system.failure = problem;
    system.failure_end = end;
    system.is_exhausted = true;
    if (end == CallEnd::Later) system.pause_until = now() + retry_after.value_or(kPauseDefault);
}

bool Performer::check_account(SystemRun& system) {
    if (!system.fingerprint.empty()) return true;
    system.fingerprint = system.connector.account_fingerprint();
    system.account_brake = find_account_brake(system.spec, system.row, system.fingerprint);
    if (system.account_brake && !grants_.contains(system.account_brake->work)) return false;
    system.is_account_new = system.account_brake.has_value();
    system.account_brake.reset();
    return true;
}

void Performer::list(SystemRun& system) {
    system.view = SystemView{};
    system.doubtful = 0;
    system.listing = Listing{};
    if (system.is_exhausted || system.is_left_out || system.is_held) return;
    if (!check_account(system)) return;
    if (system.is_short) {
        system.view.is_reachable = true;
        system.view.started = now();
        return;
    }
    system.window.started = now();
    system.listing = system.connector.list(known_digest(system.spec.key));
    system.window.ended = now();
    system.calls += system.listing.calls;
    if (system.listing.end != CallEnd::Applied) {
        note_failure(
            system, system.listing.end, system.listing.problem, system.listing.retry_after);
    }
}

Observation Performer::observation_of(const SystemRun& system) const {
    return {.system = system.spec,
            .listing = system.listing,
            .window = system.window,
            .rules = system.rules,
            .policies = settings_.policies,
            .phone_region = settings_.phone_region,
            .cycle = system.row.cycle + system.cycles + 1};
}

Status Performer::observe_system(SystemRun& system) {
    if (system.account_brake) ask(system, *std::exchange(system.account_brake, std::nullopt));
    if (system.is_short) return look_at_one(system);
    if (!has_usable_listing(system)) return {};
    // First on a snapshot, without keeping writers waiting: most listings say nothing new.
    CustomerNotes* notes = CRM_TRY(notes_.current());
    if (!passes_gate(system, *notes)) return {};
    std::set<ContactId> forgotten;
    if (system.is_rebased) forgotten = forget_agreements(*notes, system.spec.key);
    Observed observed = observe(*notes, observation_of(system));
    if (!passes_conflicts(system, *notes, observed)) {
        notes_.drop();  // they were changed in memory for nothing
        return {};
    }
    std::vector<ContactId> changed;
    if (!observed.is_empty() || system.is_rebased) {
        store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
        const RunNotes::Locked locked = CRM_TRY(notes_.locked(transaction));
        if (!locked.is_same) {
            if (system.is_rebased) forgotten = forget_agreements(locked.notes, system.spec.key);
            observed = observe(locked.notes, observation_of(system));
        }
        observed.standings.insert(forgotten.begin(), forgotten.end());
        add_records(records_of(observed, locked.notes, system.spec), "done");
        const Applied applied =
            CRM_TRY(apply_observed(transaction,
                                   {doors_.contacts, now(), customer_, run_.id.text},
                                   system.spec,
                                   locked.notes,
                                   observed));
        if (system.is_rebased) {
            system.row.mapping_hash = system.spec.mapping_hash;
            locked.notes.systems[system.spec.key] = system.row;
            CRM_TRY(store::save_system(transaction, customer_, system.spec.key, system.row));
        }
        CRM_TRY(notes_.commit(transaction));
        system.is_rebased = false;
        changed = applied.changed;
        run_.writes["app"] += applied.written;
    }
    doors_.contacts.publish(customer_, changed);
    system.doubtful = observed.doubtful;
    system.evidence.incidents += observed.incidents;
    system.evidence.late_by = std::max(system.evidence.late_by, observed.late_by);
    system.evidence.late_calls += observed.late_calls;
    if (observed.decidable_at && (!decidable_at_ || *observed.decidable_at < *decidable_at_)) {
        decidable_at_ = observed.decidable_at;
    }
    system.view = make_view(system.spec, system.listing, system.window, *notes);
    if (system.listing.is_complete) {
        ++system.cycles;
        system.listed = static_cast<std::int64_t>(system.listing.records.size());
    }
    return {};
}

void Performer::note_step_report(SystemRun& system,
                                 const Step& planned,
                                 const StepReport& done,
                                 const CustomerNotes& notes) {
    {
        const std::lock_guard lock(mutex_);
        ++run_.done;
        system.calls += done.calls;
        own_commits_ += done.commits;
        if (done.commits > 0) stepped_.insert(planned.contact);
        if (done.is_written) {
            ++run_.writes[system.spec.key.text];
            has_written_ = true;
        }
        has_parked_ = has_parked_ || done.is_parked;
        run_.writes["app"] += done.written_here;
        add_records(done.here, "done");
        api::RunRecord record = record_of_step(
            notes.contacts.at(planned.contact), done.step ? *done.step : planned, system.spec);
        if (!done.problem.message.empty()) record.reason = as_sentence(done.problem.message);
        add_record(std::move(record), outcome_text(done));
    }
    report();
}

Status Performer::execute_system(SystemRun& system,
                                 const std::vector<const Step*>& steps,
                                 const CustomerNotes& notes) {
    Executor executor({doors_.database, doors_.contacts, doors_.clock, settings_.policies},
                      customer_,
                      run_.id.text,
                      system.rules);
    int unanswered = 0;
    for (const Step* step : steps) {
        if (control_.is_stopping() || system.is_exhausted || is_budget_spent(system)) return {};
        const StepReport done =
            CRM_TRY(executor.execute(*step, system.spec, system.view, system.connector));
        unanswered = done.end == CallEnd::Unknown ? unanswered + 1 : 0;
        if (done.end == CallEnd::Later || done.end == CallEnd::Disconnected ||
            unanswered >= kUnansweredMax) {
            note_failure(system, done.end, done.problem, done.retry_after);
        }
        note_step_report(system, *step, done, notes);
    }
    return {};
}

Status Performer::execute(const Plan& plan, const CustomerNotes& notes) {
    std::map<SystemKey, std::vector<const Step*>> steps;
    for (auto& system : systems_) steps[system->spec.key];  // the threads below only look up
    for (const Step& step : plan.steps) steps[step.system].push_back(&step);
    run_.total += static_cast<std::int64_t>(plan.steps.size());
    report();
    return for_each_system([&](SystemRun& system) {
        return execute_system(system, steps.at(system.spec.key), notes);
    });
}

Plan Performer::plan(const CustomerNotes& notes) {
    SystemViews views;
    for (auto& system : systems_) views[system->spec.key] = system->view;
    Plan plan = plan_steps(notes, specs_, views, rules_, now());
    if (!run_.contact_id.empty()) {
        std::erase_if(plan.steps,
                      [&](const Step& step) { return step.contact.text != run_.contact_id; });
    }
    return plan;
}

Status Performer::pass() {
    decidable_at_.reset();
    has_written_ = false;
    CRM_TRY(leave_out());
    CRM_TRY(choose_short_systems());
    CRM_TRY(for_each_system([&](SystemRun& system) {
        list(system);
        return Status();
    }));
    is_quiet_ = is_all_unchanged();
    if (is_quiet_) return {};
    list_again_in_full();
    CRM_TRY(save_start());
    for (auto& system : systems_) CRM_TRY(observe_system(*system));
    const CustomerNotes& notes = *CRM_TRY(notes_.current());
    Plan planned = plan(notes);
    brake(planned, notes);
    own_commits_ = 0;
    stepped_.clear();
    CRM_TRY(execute(planned, notes));
    return notes_.reload(stepped_, own_commits_);
}

Result<Survey> Performer::look() {
    const CustomerNotes& notes = *CRM_TRY(notes_.current());
    // What waits for a system that takes no part is no reason to go round again.
    std::vector<SystemSpec> taking_part;
    for (const auto& system : systems_) {
        if (!system->is_left_out) taking_part.push_back(system->spec);
    }
    Survey state = survey(notes, taking_part, rules_, now());
    for (auto& system : systems_) {
        state.pending += system->doubtful;
        state.systems[system->spec.key].pending += system->doubtful;
    }
    if (decidable_at_ && (!state.decidable_at || *decidable_at_ < *state.decidable_at)) {
        state.decidable_at = decidable_at_;
    }
    return state;
}

bool Performer::goes_round_again(const Survey& state, int passes_done) {
    if (control_.is_stopping()) return false;
    if (control_.take_round_again()) return true;
    const bool is_anyone_left =
        std::any_of(systems_.begin(), systems_.end(), [](const auto& system) {
            return !system->is_exhausted && !system->is_held && !system->is_left_out;
        });
    if (passes_done >= kPassesMax || !is_anyone_left) return false;
    if (has_parked_) return true;  // the rest of those records goes at once
    if (!run_.contact_id.empty()) return false;
    if (has_written_ && state.pending > 0 && !state.decidable_at) return true;
    if (!state.decidable_at || *state.decidable_at > now() + kRunWaitMax) return false;
    {
        const std::lock_guard lock(mutex_);
        run_.reason = "Waiting until the systems show what was just written";
    }
    report();
    return control_.pause_until(*state.decidable_at);
}

Status Performer::run_passes() {
    CRM_TRY(recover());
    if (run_.is_preview) return preview();
    recall();
    if (!known_) CRM_TRY(save_start());
    for (int passes_done = 1;; ++passes_done) {
        CRM_TRY(pass());
        if (is_quiet_) return {};
        const Survey state = CRM_TRY(look());
        run_.pending = state.pending;
        if (!goes_round_again(state, passes_done)) return {};
        const std::lock_guard lock(mutex_);
        run_.reason.clear();
    }
}

api::Run Performer::perform(std::vector<std::unique_ptr<Connector>>& connectors) {
    run_.state = api::RunState::Running;
    run_.started_at = now();
    run_.writes.try_emplace("app", 0);
    for (std::size_t i = 0; i < settings_.systems.size() && i < connectors.size(); ++i) {
        const SystemSpec& spec = settings_.systems[i];
        if (!run_.system.empty() && spec.key.text != run_.system) continue;
        specs_.push_back(spec);
        run_.writes.try_emplace(spec.key.text, 0);
        systems_.push_back(
            std::make_unique<SystemRun>(SystemRun{.spec = spec, .connector = *connectors[i]}));
    }
    report();
    const Status outcome = run_passes();
    if (outcome.is_ok() && is_quiet_) {
        finish_quietly();
        report();
        return run_;
    }
    if (Status stored = finish(outcome); !stored.is_ok()) {
        run_.state = api::RunState::Failed;
        run_.reason = stored.error().message;
        run_.ended_at = now();
    }
    remember_quiet_end();
    report();
    return run_;
}

api::Run perform_run(const RunDoors& doors,
                     const SyncSettings& settings,
                     const CustomerId& customer,
                     std::vector<std::unique_ptr<Connector>>& connectors,
                     const RunControl& control,
                     api::Run run) {
    return Performer(doors, settings, customer, control, std::move(run)).perform(connectors);
}

}  // namespace crm::sync
