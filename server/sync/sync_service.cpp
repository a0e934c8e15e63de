#include "server/sync/sync_service.h"

#include <algorithm>

#include "server/limits.h"
#include "server/store/sync_store.h"
#include "server/sync/sync_service_state.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

Error not_held() {
    return {ErrorCode::Conflict, "This run is not waiting for an approval."};
}

Error stopping() {
    return {ErrorCode::Unavailable, "The server is stopping. Nothing was started; try again soon."};
}

}  // namespace

SyncService::SyncService(Doors doors,
                         SyncSettings settings,
                         ConnectorFactory connectors,
                         SyncListeners listeners)
    : state_(std::make_unique<State>(
          doors, std::move(settings), std::move(connectors), std::move(listeners))) {}

SyncService::~SyncService() {
    stop();
}

Status SyncService::start() {
    std::vector<CustomerId> known;
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        CRM_TRY(store::fail_open_runs(transaction, state_->doors.clock.now()));
        known = CRM_TRY(store::load_customers(transaction));
        CRM_TRY(transaction.commit());
    }
    for (const CustomerId& customer : known) use(customer);
    for (std::size_t i = 0; i < kSyncWorkers; ++i) {
        state_->workers.emplace_back([state = state_.get()] { state->work(); });
    }
    return {};
}

void SyncService::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->changed.notify_all();
    for (std::thread& worker : state_->workers) worker.join();
    state_->workers.clear();
    for (const auto& [id, customer] : state_->customers) {
        (void)state_->save_counts(id, Saving::All).is_ok();
    }
}

void SyncService::use(const CustomerId& customer) {
    {
        const std::lock_guard lock(state_->mutex);
        const auto [entry, is_new] = state_->customers.try_emplace(customer);
        if (!is_new || state_->settings.interval.count() == 0) return;
        entry->second.due = state_->doors.clock.now();
        entry->second.pace.activity.changed_at = entry->second.due;
    }
    state_->changed.notify_all();
}

Result<api::Run> SyncService::run(const CustomerId& customer, const api::RunRequest& request) {
    CRM_TRY(state_->check_system(request.system));
    if (!request.contact_id.empty()) {
        const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
        const Result<Contact> known =
            state_->doors.contacts.load(snapshot, customer, ContactId(request.contact_id));
        if (!known.is_ok()) return known.error();
    }
    api::Run run;
    state_->touch(customer);
    {
        const std::lock_guard lock(state_->mutex);
        if (state_->is_stopping) return stopping();
        Customer& entry = state_->customers[customer];
        if (entry.queue.waiting.empty()) entry.asked_at = state_->doors.clock.now();
        run = CRM_TRY(enqueue(entry.queue, request, state_->make_run("person")));
        entry.pace.activity.changed_at = state_->doors.clock.now();
    }
    state_->changed.notify_all();
    return run;
}

std::shared_ptr<QuietMemory> SyncService::quiet_memory(const CustomerId& customer) {
    const std::lock_guard lock(state_->mutex);
    return state_->customers[customer].quiet;
}

Result<api::Run> SyncService::wait(const CustomerId& customer,
                                   const RunId& run,
                                   milliseconds most) {
    {
        std::unique_lock lock(state_->mutex);
        const auto is_over = [&] {
            return state_->is_stopping || state_->customers[customer].queue.find(run) == nullptr;
        };
        if (!state_->changed.wait_for(lock, most, is_over)) {
            return *state_->customers[customer].queue.find(run);
        }
    }
    return find_run(customer, run);
}

Result<api::SyncStatus> SyncService::status(const CustomerId& customer) {
    return state_->make_status(customer);
}

Result<std::vector<api::Run>> SyncService::runs(const CustomerId& customer) {
    std::vector<api::Run> current;  // oldest first
    {
        const std::lock_guard lock(state_->mutex);
        const RunQueue& queue = state_->customers[customer].queue;
        if (queue.running) current.push_back(*queue.running);
        current.insert(current.end(), queue.waiting.begin(), queue.waiting.end());
    }
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    std::vector<api::Run> runs = CRM_TRY(store::load_runs(snapshot, customer, kRunsListed));
    for (const api::Run& one : current) {
        std::erase_if(runs, [&](const api::Run& run) { return run.id == one.id; });
        runs.insert(runs.begin(), one);
    }
    return runs;
}

Result<api::Run> SyncService::find_run(const CustomerId& customer, const RunId& run) {
    std::optional<api::Run> quiet;
    {
        const std::lock_guard lock(state_->mutex);
        const api::Run* current = state_->customers[customer].queue.find(run);
        if (current != nullptr) return *current;
        const std::optional<api::Run>& last = state_->customers[customer].pace.last_run;
        if (last && last->id == run) quiet = last;
    }
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    Result<api::Run> logged = store::load_run(snapshot, customer, run);
    // A run in which nothing happened is in no log.
    if (!logged.is_ok() && quiet) return *quiet;
    return logged;
}

Result<api::Run> SyncService::approve(const CustomerId& customer, const RunId& id) {
    api::Run held;
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        held = CRM_TRY(store::load_run(transaction, customer, id));
        if (held.state != api::RunState::Held) return not_held();
        held.state = api::RunState::Superseded;
        held.reason = "Approved. The next run does what this one held back.";
        CRM_TRY(store::grant_held(transaction, customer, id));
        CRM_TRY(store::drop_held(transaction, customer, id));
        CRM_TRY(store::save_run(transaction, customer, held));
        CRM_TRY(transaction.commit());
    }
    return run(customer, {.system = held.system, .contact_id = held.contact_id});
}

Result<api::Run> SyncService::discard(const CustomerId& customer, const RunId& id) {
    state_->touch(customer);
    store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
    api::Run held = CRM_TRY(store::load_run(transaction, customer, id));
    if (held.state != api::RunState::Held) return not_held();
    held.state = api::RunState::Cancelled;
    held.reason = "Discarded. Nothing that it held back was done.";
    CRM_TRY(store::drop_held(transaction, customer, id));
    CRM_TRY(store::save_run(transaction, customer, held));
    CRM_TRY(transaction.commit());
    return held;
}

Result<api::Run> SyncService::cancel(const CustomerId& customer, const RunId& id) {
    std::optional<api::Run> dropped;
    {
        const std::lock_guard lock(state_->mutex);
        Customer& entry = state_->customers[customer];
        std::deque<api::Run>& waiting = entry.queue.waiting;
        if (entry.queue.running && entry.queue.running->id == id) entry.is_cancelled = true;
        for (auto run = waiting.begin(); run != waiting.end(); ++run) {
            if (!(run->id == id)) continue;
            dropped = *run;
            waiting.erase(run);
            break;
        }
    }
    if (dropped) CRM_TRY(state_->log_dropped(customer, std::move(*dropped)));
    state_->changed.notify_all();
    return find_run(customer, id);
}

Status SyncService::contact_changed(store::Transaction& transaction,
                                    const Contact* before,
                                    const Contact& after) {
    const TimePoint now = state_->doors.clock.now();
    state_->touch(after.customer_id);
    if (const auto key = email_key(after.fields.email))
        CRM_TRY(store::add_alias(transaction, after, *key));
    const bool was_deleted = before != nullptr && before->deleted;
    if (!after.deleted) CRM_TRY(store::lift_suppression(transaction, after));
    if (after.deleted == was_deleted) return {};
    ContactNotes notes;
    notes.contact = after;
    CRM_TRY(store::complete_notes(transaction, notes));
    for (auto& [system, standing] : notes.systems) {
        if (!standing.link) continue;
        const RemoteKey record{system, standing.link->id};
        if (after.deleted) {
            CRM_TRY(store::add_dead(transaction, after.customer_id, record, after.id, now));
            continue;
        }
        // Restored. A delete that never left is taken back; one that did is finished first, and the
        // dead record stays dead.
        const bool is_sent = standing.link->delete_acked ||
                             (standing.intent && standing.intent->kind == IntentKind::Delete);
        if (standing.link->confirmed_gone) {
            standing = Standing{};
        } else if (is_sent) {
            standing.link->is_dying = true;
        } else {
            CRM_TRY(store::remove_dead(transaction, after.customer_id, record));
        }
        CRM_TRY(store::save_standing(transaction, after, system, standing));
    }
    return after.deleted ? store::suppress(transaction, after, now) : Status();
}

Status SyncService::fill_links(const store::Connection& connection,
                               const CustomerId&,
                               std::vector<Contact*>& contacts) {
    for (Contact* contact : contacts) {
        ContactNotes notes;
        notes.contact = *contact;
        CRM_TRY(store::complete_notes(connection, notes));
        const std::set<SystemKey> disputed =
            CRM_TRY(store::load_disputed(connection, contact->customer_id, contact->id));
        for (const SystemSpec& system : state_->settings.systems) {
            ContactLink link = describe_link(notes, system);
            if (!contact->deleted && disputed.contains(system.key)) {
                link.state = LinkState::Conflict;
                link.reason = dispute_sentence(system);
            }
            if (link.id.is_set()) contact->sources.push_back(system.key.text);
            contact->links[system.key] = std::move(link);
        }
        std::sort(contact->sources.begin(),
                  contact->sources.end(),
                  [](const std::string& left, const std::string& right) {
                      return std::pair(left != "local", left) < std::pair(right != "local", right);
                  });
        contact->sources.erase(std::unique(contact->sources.begin(), contact->sources.end()),
                               contact->sources.end());
    }
    return {};
}

void SyncService::wake(const CustomerId& customer) {
    {
        const std::lock_guard lock(state_->mutex);
        Customer& entry = state_->customers[customer];
        entry.survey.reset();
        entry.pace.activity.changed_at = state_->doors.clock.now();
        entry.quiet->touch();
        if (state_->settings.interval.count() == 0) return;
        entry.bring_forward(state_->doors.clock.now() + kChangeWakeDelay);
    }
    state_->changed.notify_all();
}

void SyncService::hint(const CustomerId& customer) {
    {
        const std::lock_guard lock(state_->mutex);
        Customer& entry = state_->customers[customer];
        if (state_->settings.interval.count() == 0) return;
        entry.bring_forward(state_->soonest_after_hint(entry));
    }
    state_->changed.notify_all();
}

}  // namespace crm::sync
