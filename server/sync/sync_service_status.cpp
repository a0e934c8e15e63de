// How sync stands, as shown to a person; and pausing, which is part of it.
#include <algorithm>

#include "server/store/sync_store.h"
#include "server/sync/sync_service_state.h"
#include "shared/contact_parse.h"

namespace crm::sync {
namespace {

api::SystemStatus describe_system(const SystemSpec& spec,
                                  const SystemRow& row,
                                  const Gate& gate,
                                  TimePoint now) {
    api::SystemStatus system;
    system.key = spec.key.text;
    system.label = spec.label;
    system.state = row.state;
    system.reason = row.reason;
    system.last_run_at = row.last_run_at;
    if (gate.code == "budget") {
        system.state = "rate_limited";
        system.reason = gate.reason + ".";
        system.next_try_at = gate.opens_at;
    } else if (!gate.is_open) {
        system.next_try_at = gate.opens_at;
    } else if (row.pause_until && *row.pause_until > now) {
        system.next_try_at = row.pause_until;
    }
    if (row.is_paused) {
        system.next_try_at.reset();
        system.state = "paused";
        system.reason = "Paused by a person. Nothing is read from " + spec.label +
                        " or written to it; what waits is kept and goes on after Resume.";
    }
    return system;
}

}  // namespace

Status SyncService::State::check_system(const std::string& system) const {
    if (system.empty()) return {};
    std::string known;
    for (const SystemSpec& spec : settings.systems) {
        if (spec.key.text == system) return {};
        if (!known.empty()) known += ", ";
        known += spec.key.text;
    }
    return Error{ErrorCode::BadRequest,
                 "No system is called “" + shorten_shown(system) + "”; " +
                     (known.empty() ? "none is connected" : "known: " + known)};
}

Result<api::SyncStatus> SyncService::State::set_paused(const CustomerId& id,
                                                       const std::string& system,
                                                       bool is_paused) {
    CRM_TRY(check_system(system));
    bool is_changed = false;
    touch(id);
    {
        store::Transaction transaction = CRM_TRY(doors.database.begin_write());
        auto rows = CRM_TRY(store::load_systems(transaction, id));
        for (const SystemSpec& spec : settings.systems) {
            if (!system.empty() && spec.key.text != system) continue;
            SystemRow& row = rows[spec.key];
            if (row.is_paused == is_paused) continue;
            row.is_paused = is_paused;
            is_changed = true;
            CRM_TRY(store::save_system(transaction, id, spec.key, row));
        }
        if (is_changed) CRM_TRY(transaction.commit());
    }
    touch(id);
    api::SyncStatus status = CRM_TRY(make_status(id));
    if (is_changed) publish_systems(id, status);
    return status;
}

Result<api::SyncStatus> SyncService::pause(const CustomerId& customer, const std::string& system) {
    return state_->set_paused(customer, system, true);
}

Result<api::SyncStatus> SyncService::resume(const CustomerId& customer, const std::string& system) {
    api::SyncStatus status = CRM_TRY(state_->set_paused(customer, system, false));
    wake(customer);
    return status;
}

Result<api::SyncStatus> SyncService::State::make_status(const CustomerId& id) {
    api::SyncStatus status;
    std::optional<Survey> known;
    Pace pace;
    {
        const std::lock_guard lock(mutex);
        const Customer& customer = customers[id];
        status.running = customer.queue.running.has_value();
        status.run = customer.queue.running;
        if (!status.run && !customer.queue.waiting.empty()) {
            status.run = customer.queue.waiting.front();
        }
        status.next_run_at = customer.due;
        known = customer.survey;
        pace = customer.pace;
    }
    const store::Snapshot snapshot = CRM_TRY(doors.database.begin_read());
    if (!status.run) {
        status.run = CRM_TRY(store::load_last_run(snapshot, id));
        // A run in which nothing happened is in no log.
        const bool is_later = pace.last_run && !pace.last_run->is_preview &&
                              (!status.run || status.run->ended_at < pace.last_run->ended_at);
        if (is_later) status.run = pace.last_run;
    }
    if (!known) {
        const CustomerNotes notes = CRM_TRY(store::load_customer_notes(snapshot, id));
        known =
            survey(notes, settings.systems, {settings.settle, settings.late}, doors.clock.now());
        const std::lock_guard lock(mutex);
        customers[id].survey = known;
    }
    if (status.run) status.run->records.clear();  // GET /api/sync/runs/{id} shows them
    static const SystemRow kUnknown;
    const SystemRows rows = CRM_TRY(store::load_systems(snapshot, id));
    const std::map<SystemKey, Gate> gates = gates_for_show(id, rows);
    for (const SystemSpec& spec : settings.systems) {
        const auto row = rows.find(spec.key);
        const SystemRow& known_row = row == rows.end() ? kUnknown : row->second;
        api::SystemStatus system =
            describe_system(spec, known_row, gates.at(spec.key), doors.clock.now());
        const auto seen = pace.seen_at.find(spec.key);
        if (seen != pace.seen_at.end() &&
            (!system.last_run_at || *system.last_run_at < seen->second))
            system.last_run_at = seen->second;
        const SystemCounts& counts = known->systems[spec.key];
        system.in_sync = counts.in_sync;
        system.excluded = counts.excluded;
        system.failing = counts.failing;
        system.pending = counts.pending;
        status.systems.push_back(std::move(system));
    }
    return status;
}

}  // namespace crm::sync
