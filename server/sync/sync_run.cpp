#include "server/sync/sync_run.h"

#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/apply.h"
#include "server/sync/brakes.h"
#include "server/sync/executor.h"
#include "server/sync/linking.h"
#include "server/sync/observe.h"
#include "server/sync/outcome.h"
#include "server/sync/planner.h"
#include "server/sync/run_performer.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr int kUnansweredMax =
    2;  // calls without an answer in a row, then the system is left alone
constexpr std::chrono::seconds kPauseDefault{30};  // when a system says "later" and not how much

}  // namespace

void Performer::report() {
    api::Run copy;
    {
        const std::lock_guard lock(mutex_);
        copy = run_;
    }
    control_.report(copy);
}

template <class Work>
Status Performer::for_each_system(Work work) {
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

Status Performer::recover() {
    std::vector<std::pair<ContactId, SystemKey>> interrupted;
    std::map<SystemKey, SystemRow> rows;
    {
        const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
        interrupted = CRM_TRY(store::load_interrupted(snapshot, customer_));
        grants_ = CRM_TRY(store::load_grants(snapshot, customer_));
        rows = CRM_TRY(store::load_systems(snapshot, customer_));
    }
    for (auto& system : systems_) {
        const auto row = rows.find(system->spec.key);
        if (row == rows.end() || !row->second.pause_until || *row->second.pause_until <= now())
            continue;
        note_failure(*system,
                     CallEnd::Later,
                     {"rate_limited", "It asked to be left alone for a while.", {}},
                     *row->second.pause_until - now());
    }
    if (interrupted.empty()) return {};
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    for (const auto& [id, system] : interrupted) {
        ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer_, id));
        Standing& standing = notes.systems[system];
        note_interrupted(standing, now(), rules_);
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
        system->is_left_out = row != rows.end() && row->second.is_paused;
    }
    return {};
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

void Performer::list(SystemRun& system) {
    system.view = SystemView{};
    system.doubtful = 0;
    system.listing = Listing{};
    if (system.is_exhausted || system.is_left_out) return;
    system.window.started = now();
    system.listing = system.connector.list(known_digest(system.spec.key));
    system.window.ended = now();
    system.calls += system.listing.calls;
    if (system.listing.end != CallEnd::Applied) {
        note_failure(
            system, system.listing.end, system.listing.problem, system.listing.retry_after);
    }
}

void Performer::fill_view(SystemRun& system, const CustomerNotes& notes) {
    SystemView& view = system.view;
    view.is_reachable = true;
    view.is_complete = system.listing.is_complete;
    view.started = system.window.started;
    std::set<RemoteId> linked;
    for (const auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system.spec.key);
        if (found != contact.systems.end() && found->second.link)
            linked.insert(found->second.link->id);
    }
    for (const RemoteRecord& record : system.listing.records) {
        view.visible.insert(record.id);
        if (linked.contains(record.id)) continue;
        for (const std::string& key : email_keys_of(record)) view.unlinked_emails.insert(key);
    }
}

Status Performer::observe_system(SystemRun& system) {
    const bool has_listing = system.listing.is_complete || !system.listing.records.empty();
    if (!has_listing || (system.is_exhausted && system.failure_end == CallEnd::Disconnected))
        return {};
    const Observation observation{
        .system = system.spec, .listing = system.listing, .window = system.window, .rules = rules_};
    // First on a snapshot, without keeping writers waiting: most listings say nothing new.
    CustomerNotes* notes = CRM_TRY(notes_.current());
    if (CRM_TRY(hold_back(system, *notes))) return {};
    Observed observed = observe(*notes, observation);
    std::vector<ContactId> changed;
    if (!observed.is_empty()) {
        store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
        const RunNotes::Locked locked = CRM_TRY(notes_.locked(transaction));
        if (!locked.is_same) observed = observe(locked.notes, observation);
        const Applied applied =
            CRM_TRY(apply_observed(transaction,
                                   {doors_.contacts, now(), customer_, run_.id.text},
                                   system.spec,
                                   locked.notes,
                                   observed));
        CRM_TRY(notes_.commit(transaction));
        changed = applied.changed;
        run_.writes["app"] += applied.written;
    }
    doors_.contacts.publish(customer_, changed);
    system.doubtful = observed.doubtful;
    if (observed.decidable_at && (!decidable_at_ || *observed.decidable_at < *decidable_at_)) {
        decidable_at_ = observed.decidable_at;
    }
    fill_view(system, *notes);
    return {};
}

Status Performer::execute_system(SystemRun& system, const std::vector<const Step*>& steps) {
    Executor executor(
        {doors_.database, doors_.contacts, doors_.clock}, customer_, run_.id.text, rules_);
    int unanswered = 0;
    for (const Step* step : steps) {
        if (control_.is_stopping() || system.is_exhausted) return {};
        const StepReport done =
            CRM_TRY(executor.execute(*step, system.spec, system.view, system.connector));
        {
            const std::lock_guard lock(mutex_);
            ++run_.done;
            if (!done.is_skipped) {
                ++system.calls;
                own_commits_ += Executor::kCommitsPerStep;
                stepped_.insert(step->contact);
            }
            if (done.is_written) {
                ++run_.writes[system.spec.key.text];
                has_written_ = true;
            }
        }
        unanswered = done.end == CallEnd::Unknown ? unanswered + 1 : 0;
        if (done.end == CallEnd::Later || done.end == CallEnd::Disconnected ||
            unanswered >= kUnansweredMax) {
            note_failure(system, done.end, done.problem, done.retry_after);
        }
        report();
    }
    return {};
}

Status Performer::execute(const Plan& plan) {
    std::map<SystemKey, std::vector<const Step*>> steps;
    for (auto& system : systems_) steps[system->spec.key];  // the threads below only look up
    for (const Step& step : plan.steps) steps[step.system].push_back(&step);
    run_.total += static_cast<std::int64_t>(plan.steps.size());
    report();
    return for_each_system(
        [&](SystemRun& system) { return execute_system(system, steps.at(system.spec.key)); });
}

Status Performer::pass() {
    decidable_at_.reset();
    has_written_ = false;
    CRM_TRY(leave_out());
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
    SystemViews views;
    for (auto& system : systems_) views[system->spec.key] = system->view;
    Plan plan = plan_steps(notes, settings_.systems, views, rules_, now());
    const BrakeReport brakes =
        brake_deletions(plan,
                        notes,
                        settings_.systems,
                        {.limit = settings_.delete_limit, .grants = grants_, .done = braked_done_});
    held_.insert(brakes.held.begin(), brakes.held.end());
    used_grants_.insert(brakes.used_grants.begin(), brakes.used_grants.end());
    for (const api::RunProblem& problem : brakes.problems) {
        const bool is_told =
            std::any_of(brake_problems_.begin(), brake_problems_.end(), [&](const auto& told) {
                return told.code == problem.code && told.system == problem.system;
            });
        if (!is_told) brake_problems_.push_back(problem);
    }
    own_commits_ = 0;
    stepped_.clear();
    CRM_TRY(execute(plan));
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
