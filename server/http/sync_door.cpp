// The door to the real engine.
#include "server/http/sync_door.h"

#include "server/sync/sync_service.h"

namespace crm::http {

SyncDoor make_sync_door(sync::SyncService& service) {
    SyncDoor door;
    door.use = [&](const CustomerId& customer) { service.use(customer); };
    door.run = [&](const CustomerId& customer, const api::RunRequest& request) {
        return service.run(customer, request);
    };
    door.wait = [&](const CustomerId& customer, const RunId& run, std::chrono::milliseconds most) {
        return service.wait(customer, run, most);
    };
    door.status = [&](const CustomerId& customer) { return service.status(customer); };
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
    door.pause = [&](const CustomerId& customer, const std::string& system) {
        return service.pause(customer, system);
    };
    door.resume = [&](const CustomerId& customer, const std::string& system) {
        return service.resume(customer, system);
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
    door.create_anew = [&](const CustomerId& customer,
                           const ContactId& contact,
                           const SystemKey& system,
                           const std::string& user) {
        return service.create_anew(customer, contact, system, user);
    };
    door.hint = [&](const CustomerId& customer) { service.hint(customer); };
    door.why = [&](const CustomerId& customer, const ContactId& contact) {
        return service.why(customer, contact);
    };
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
    return door;
}

}  // namespace crm::http
