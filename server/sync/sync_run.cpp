#include "server/sync/sync_run.h"

#include <algorithm>
#include <future>
#include <mutex>

#include "server/store/sync_store.h"
#include "server/sync/apply.h"
#include "server/sync/brakes.h"
#include "server/sync/executor.h"
#include "server/sync/linking.h"
#include "server/sync/observe.h"
#include "server/sync/outcome.h"
#include "server/sync/planner.h"
#include "server/sync/survey.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr int kUnansweredMax =
    2;  // calls without an answer in a row, then the system is left alone
constexpr std::chrono::seconds kPauseDefault{30};  // when a system says "later" and not how much

/// One system in this run.
struct SystemRun {
    const SystemSpec& spec;
    Connector& connector;
    Listing listing = {};
    Window window = {};
    SystemView view = {};
    std::optional<CallProblem> failure = {};
    CallEnd failure_end = CallEnd::Applied;
    std::optional<TimePoint> pause_until = {};
    bool is_held = false;       // a brake or the first sync keeps it from being used
    bool is_exhausted = false;  // said "later" or did not answer: nothing more in this run
    std::int64_t calls = 0;
    std::int64_t doubtful = 0;
};

class Performer {
   public:
    Performer(const RunDoors& doors,
              const SyncSettings& settings,
              CustomerId customer,
              const RunControl& control,
              api::Run run)
        : doors_(doors),
          settings_(settings),
          customer_(std::move(customer)),
          control_(control),
          run_(std::move(run)),
          rules_{settings.settle, settings.late} {}

    api::Run perform(std::vector<std::unique_ptr<Connector>>& connectors);

   private:
    Status run_passes();
    Status recover();
    Status pass();
    void list(SystemRun& system);
    Status observe_system(SystemRun& system);
    Result<bool> hold_back(SystemRun& system, CustomerNotes& notes);
    void preview_first_sync(SystemRun& system, CustomerNotes notes);
    void fill_view(SystemRun& system, const CustomerNotes& notes);
    Status execute(const Plan& plan);
    Status execute_system(SystemRun& system, const std::vector<const Step*>& steps);
    void note_failure(SystemRun& system,
                      CallEnd end,
                      const CallProblem& problem,
                      std::optional<std::chrono::milliseconds> retry_after);
    [[nodiscard]] bool goes_round_again(const Survey& state, int passes_done);
    Result<Survey> look();
    Status finish(const Status& outcome);
    void add_failures();
    [[nodiscard]] SystemRow make_row(const SystemRun& system,
                                     const SystemCounts& counts,
                                     const SystemRow& before) const;
    void choose_state(const Status& outcome);
    void report();
    template <class Work>
    Status for_each_system(Work work);
    [[nodiscard]] TimePoint now() const { return doors_.clock.now(); }

    RunDoors doors_;
    const SyncSettings& settings_;
    CustomerId customer_;
    const RunControl& control_;
    std::mutex mutex_;  // guards run_ while systems work side by side
    api::Run run_;
    Rules rules_;
    std::vector<std::unique_ptr<SystemRun>> systems_;
    std::set<std::string> grants_;
    std::set<std::string> held_;
    std::set<std::string> used_grants_;
    std::vector<api::RunProblem> brake_problems_;
    std::map<SystemKey, int> braked_done_;
    std::optional<TimePoint> decidable_at_;
    bool has_written_ = false;  // in this pass
};

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
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    const auto interrupted = CRM_TRY(store::load_interrupted(transaction, customer_));
    for (const auto& [id, system] : interrupted) {
        ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer_, id));
        Standing& standing = notes.systems[system];
        note_interrupted(standing, now(), rules_);
        CRM_TRY(store::save_standing(transaction, notes.contact, system, standing));
    }
    grants_ = CRM_TRY(store::load_grants(transaction, customer_));
    const auto rows = CRM_TRY(store::load_systems(transaction, customer_));
    for (auto& system : systems_) {
        const auto row = rows.find(system->spec.key);
        if (row == rows.end() || !row->second.pause_until || *row->second.pause_until <= now())
            continue;
        note_failure(*system,
                     CallEnd::Later,
                     {"rate_limited", "It asked to be left alone for a while.", {}},
                     *row->second.pause_until - now());
    }
    return transaction.commit();
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
    if (system.is_exhausted) return;
    system.window.started = now();
    system.listing = system.connector.list();
    system.window.ended = now();
    system.calls += system.listing.calls;
    if (system.listing.end != CallEnd::Applied) {
        note_failure(
            system, system.listing.end, system.listing.problem, system.listing.retry_after);
    }
}

void Performer::preview_first_sync(SystemRun& system, CustomerNotes notes) {
    const std::size_t linked_before = count_linked(notes, system.spec.key);
    const Observed would = observe(notes,
                                   {.system = system.spec,
                                    .listing = system.listing,
                                    .window = system.window,
                                    .rules = rules_});
    const std::size_t arriving = would.arrived.size();
    const std::size_t matched = count_linked(notes, system.spec.key) - linked_before - arriving;
    std::size_t missing = 0;
    for (const auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system.spec.key);
        const bool is_linked = found != contact.systems.end() && found->second.link;
        if (!contact.contact.deleted && !is_linked && email_key(contact.contact.fields.email))
            ++missing;
    }
    const std::string& name = system.spec.label;
    api::RunProblem problem;
    problem.system = system.spec.key.text;
    problem.code = "first_sync";
    problem.message = "The first sync with " + name + " would match " + std::to_string(matched) +
                      " of its " + std::to_string(system.listing.records.size()) +
                      " records with contacts here, add " + std::to_string(arriving) +
                      " new contacts here and create " + std::to_string(missing) +
                      " records there. None of it was done.";
    problem.action = "Approve the run to go ahead.";
    brake_problems_.push_back(std::move(problem));
}

Result<bool> Performer::hold_back(SystemRun& system, CustomerNotes& notes) {
    const SystemKey& key = system.spec.key;
    const auto row = notes.systems.find(key);
    const bool is_first = row == notes.systems.end() || !row->second.is_first_sync_done;
    const bool is_first_allowed =
        settings_.is_first_sync_automatic || grants_.contains(first_sync_work(key));
    if (is_first && !is_first_allowed) {
        if (!system.is_held && system.listing.is_complete) {
            preview_first_sync(system, notes);
            held_.insert(first_sync_work(key));
            system.is_held = true;
        }
        return true;
    }
    if (is_empty_listing_implausible(notes, system.spec, system.listing, grants_)) {
        if (!system.is_held) {
            brake_problems_.push_back(empty_listing_problem(system.spec, count_linked(notes, key)));
            held_.insert(empty_listing_work(key));
            system.is_held = true;
        }
        return true;
    }
    if (system.listing.is_complete) {
        if (is_first) used_grants_.insert(first_sync_work(key));
        if (!system.listing.records.empty()) used_grants_.insert(empty_listing_work(key));
    }
    return false;
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
        const std::optional<std::string> key = email_key(text_of(record, "email"));
        if (key && !linked.contains(record.id)) view.unlinked_emails.insert(*key);
    }
}

Status Performer::observe_system(SystemRun& system) {
    const bool has_listing = system.listing.is_complete || !system.listing.records.empty();
    if (!has_listing || (system.is_exhausted && system.failure_end == CallEnd::Disconnected))
        return {};
    const Observation observation{
        .system = system.spec, .listing = system.listing, .window = system.window, .rules = rules_};
    // First on a snapshot, without keeping writers waiting: most listings say nothing new.
    CustomerNotes notes;
    {
        const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
        notes = CRM_TRY(store::load_customer_notes(snapshot, customer_));
    }
    if (CRM_TRY(hold_back(system, notes))) return {};
    Observed observed = observe(notes, observation);
    std::vector<ContactId> changed;
    if (!observed.is_empty()) {
        store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
        notes = CRM_TRY(store::load_customer_notes(transaction, customer_));
        observed = observe(notes, observation);
        const Applied applied =
            CRM_TRY(apply_observed(transaction,
                                   {doors_.contacts, now(), customer_, run_.id.text},
                                   system.spec,
                                   notes,
                                   observed));
        CRM_TRY(transaction.commit());
        changed = applied.changed;
        run_.writes["app"] += applied.written;
    }
    doors_.contacts.publish(customer_, changed);
    system.doubtful = observed.doubtful;
    if (observed.decidable_at && (!decidable_at_ || *observed.decidable_at < *decidable_at_)) {
        decidable_at_ = observed.decidable_at;
    }
    fill_view(system, notes);
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
            if (!done.is_skipped) ++system.calls;
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
    for (const Step& step : plan.steps) steps[step.system].push_back(&step);
    run_.total += static_cast<std::int64_t>(plan.steps.size());
    report();
    return for_each_system(
        [&](SystemRun& system) { return execute_system(system, steps[system.spec.key]); });
}

Status Performer::pass() {
    decidable_at_.reset();
    has_written_ = false;
    CRM_TRY(for_each_system([&](SystemRun& system) {
        list(system);
        return Status();
    }));
    for (auto& system : systems_) CRM_TRY(observe_system(*system));
    CustomerNotes notes;
    {
        const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
        notes = CRM_TRY(store::load_customer_notes(snapshot, customer_));
    }
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
    return execute(plan);
}

Result<Survey> Performer::look() {
    const store::Snapshot snapshot = CRM_TRY(doors_.database.begin_read());
    const CustomerNotes notes = CRM_TRY(store::load_customer_notes(snapshot, customer_));
    Survey state = survey(notes, settings_.systems, rules_, now());
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
            return !system->is_exhausted && !system->is_held;
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
    for (int passes_done = 1;; ++passes_done) {
        CRM_TRY(pass());
        const Survey state = CRM_TRY(look());
        run_.pending = state.pending;
        if (!goes_round_again(state, passes_done)) return {};
        const std::lock_guard lock(mutex_);
        run_.reason.clear();
    }
}

void Performer::add_failures() {
    for (auto& system : systems_) {
        run_.calls[system->spec.key.text] += system->calls;
        if (!system->failure) continue;
        api::RunProblem problem;
        problem.system = system->spec.key.text;
        problem.code = system->failure->code.empty() ? "unreachable" : system->failure->code;
        problem.message = system->spec.label + ": " + system->failure->message +
                          " Nothing was lost; what was not sent waits.";
        problem.next_try_at = system->pause_until;
        problem.action =
            system->failure_end == CallEnd::Disconnected
                ? "Reconnect " + system->spec.label + "; syncing goes on by itself after that."
                : "Nothing to do: the next run tries again.";
        run_.problems.push_back(std::move(problem));
    }
}

SystemRow Performer::make_row(const SystemRun& system,
                              const SystemCounts& counts,
                              const SystemRow& before) const {
    SystemRow row = before;
    row.state = "connected";
    row.reason.clear();
    if (system.failure) row.reason = system.failure->message;
    if (system.failure_end == CallEnd::Later) row.state = "rate_limited";
    if (system.failure_end == CallEnd::Disconnected) row.state = "reconnect";
    if (system.is_held) row.state = "held";
    row.last_run_at = run_.ended_at;
    row.pause_until = system.pause_until;
    const bool is_used = !system.is_held && system.listing.is_complete;
    row.is_first_sync_done = before.is_first_sync_done || is_used;
    row.in_sync = counts.in_sync;
    row.excluded = counts.excluded;
    row.failing = counts.failing;
    row.pending = counts.pending;
    return row;
}

void Performer::choose_state(const Status& outcome) {
    const bool has_systems = !systems_.empty();
    const bool are_all_failed =
        has_systems && std::all_of(systems_.begin(), systems_.end(), [](const auto& system) {
            return system->failure && !system->listing.is_complete;
        });
    run_.reason.clear();
    if (!outcome.is_ok()) {
        run_.state = api::RunState::Failed;
        run_.reason = outcome.error().message;
    } else if (control_.is_stopping()) {
        run_.state = api::RunState::Cancelled;
        run_.reason = "Stopped on request. What was not done is done by the next run.";
    } else if (!held_.empty()) {
        run_.state = api::RunState::Held;
        run_.reason = brake_problems_.empty() ? std::string() : brake_problems_.front().message;
    } else if (are_all_failed) {
        run_.state = api::RunState::Failed;
        run_.reason = "No system could be reached.";
    } else if (!run_.problems.empty()) {
        run_.state = api::RunState::DoneWithProblems;
    } else {
        run_.state = api::RunState::Done;
        if (!has_systems) run_.reason = "Nothing is connected.";
    }
}

Status Performer::finish(const Status& outcome) {
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    const CustomerNotes notes = CRM_TRY(store::load_customer_notes(transaction, customer_));
    const Survey state = survey(notes, settings_.systems, rules_, now());
    run_.ended_at = now();
    run_.problems = brake_problems_;
    add_failures();
    const std::size_t room = kRunProblemsMax - std::min(kRunProblemsMax, run_.problems.size());
    run_.problems.insert(run_.problems.end(),
                         state.problems.begin(),
                         state.problems.begin() +
                             static_cast<std::ptrdiff_t>(std::min(room, state.problems.size())));
    run_.pending = state.pending;
    for (auto& system : systems_) {
        run_.pending += system->doubtful;
        SystemCounts counts = state.systems.at(system->spec.key);
        counts.pending += system->doubtful;
        const auto before = notes.systems.find(system->spec.key);
        CRM_TRY(store::save_system(
            transaction,
            customer_,
            system->spec.key,
            make_row(
                *system, counts, before == notes.systems.end() ? SystemRow{} : before->second)));
    }
    choose_state(outcome);
    CRM_TRY(store::use_grants(transaction, customer_, used_grants_));
    CRM_TRY(store::save_run(transaction, customer_, run_));
    CRM_TRY(store::save_held(transaction, customer_, run_.id, held_));
    CRM_TRY(store::supersede_held_runs(transaction, customer_, run_.id, now()));
    return transaction.commit();
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
    if (Status stored = finish(outcome); !stored.is_ok()) {
        run_.state = api::RunState::Failed;
        run_.reason = stored.error().message;
        run_.ended_at = now();
    }
    report();
    return run_;
}

}  // namespace

api::Run perform_run(const RunDoors& doors,
                     const SyncSettings& settings,
                     const CustomerId& customer,
                     std::vector<std::unique_ptr<Connector>>& connectors,
                     const RunControl& control,
                     api::Run run) {
    return Performer(doors, settings, customer, control, std::move(run)).perform(connectors);
}

}  // namespace crm::sync
