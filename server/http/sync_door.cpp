// The door to the real engine.
#include "server/http/sync_door.h"

#include "server/sync/sync_service.h"

namespace crm::http {

namespace {

void open_runs(SyncDoor& door, sync::SyncService& service) {
    door.run = [&](const CustomerId& customer, const api::RunRequest& request) {
        return service.run(customer, request);
    };
    door.wait = [&](const CustomerId& customer, const RunId& run, std::chrono::milliseconds most) {
        return service.wait(customer, run, most);
    };
    door.runs = [&](const CustomerId& customer) { return service.runs(customer); };
    door.find_run = [&](const CustomerId& customer, const RunId& run) {
        return service.find_run(customer, run);
    };
    door.approve = [&](const CustomerId& customer, const RunId& run) {
        return service.approve(customer, run);
    };
    door.discard = [&](const CustomerId& customer, const RunId& run) {
        return service.discard(customer, run);
    };
    door.cancel = [&](const CustomerId& customer, const RunId& run) {
        return service.cancel(customer, run);
    };
}

void open_systems(SyncDoor& door, sync::SyncService& service) {
    door.use = [&](const CustomerId& customer) { service.use(customer); };
    door.status = [&](const CustomerId& customer) { return service.status(customer); };
    door.pause = [&](const CustomerId& customer, const std::string& system) {
        return service.pause(customer, system);
    };
    door.resume = [&](const CustomerId& customer, const std::string& system) {
        return service.resume(customer, system);
    };
    door.hint = [&](const CustomerId& customer) { service.hint(customer); };
}

void open_contacts(SyncDoor& door, sync::SyncService& service) {
    door.why = [&](const CustomerId& customer, const ContactId& contact) {
        return service.why(customer, contact);
    };
    door.create_anew = [&](const CustomerId& customer,
                           const ContactId& contact,
                           const SystemKey& system,
                           const std::string& user) {
        return service.create_anew(customer, contact, system, user);
    };
    door.conflicts = [&](const CustomerId& customer, const api::ConflictQuery& query) {
        return service.conflicts(customer, query);
    };
    door.resolve = [&](const CustomerId& customer,
                       const std::string& id,
                       const api::Resolution& wanted,
                       const std::string& user) {
        return service.resolve(customer, id, wanted, user);
    };
}

void open_holds(SyncDoor& door, sync::SyncService& service) {
    door.holds = [&](const CustomerId& customer, const api::HoldQuery& query) {
        return service.holds(customer, query);
    };
    door.link_hold = [&](const CustomerId& customer,
                         const SyncDoor::Record& record,
                         const ContactId& contact,
                         const std::string& user) {
        return service.link_hold(customer, {record.system, record.id}, contact, user);
    };
    door.refuse_suggestion = [&](const CustomerId& customer, const SyncDoor::Record& record) {
        return service.refuse_suggestion(customer, {record.system, record.id});
    };
    door.import_hold = [&](const CustomerId& customer, const SyncDoor::Record& record) {
        return service.import_hold(customer, {record.system, record.id});
    };
}

}  // namespace

SyncDoor make_sync_door(sync::SyncService& service) {
    SyncDoor door;
    open_runs(door, service);
    open_systems(door, service);
    open_contacts(door, service);
    open_holds(door, service);
    return door;
}

}  // namespace crm::http
