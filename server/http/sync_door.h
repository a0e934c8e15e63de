// What the handlers need of the sync engine, so that they are tested without one. make_sync_door()
// gives the real one. Every member is set.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "shared/api.h"
#include "shared/api_review.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace crm::sync {
class SyncService;
}

namespace crm::http {

struct SyncDoor {
    using RunAction = std::function<Result<api::Run>(const CustomerId&, const RunId&)>;

    std::function<void(const CustomerId&)> use;
    std::function<void(const CustomerId&)> hint;  // something may have changed in a system
    /// A system by its key; "" is all of them.
    using SystemAction =
        std::function<Result<api::SyncStatus>(const CustomerId&, const std::string&)>;

    std::function<Result<api::Run>(const CustomerId&, const api::RunRequest&)> run;
    std::function<Result<api::Run>(const CustomerId&, const RunId&, std::chrono::milliseconds)>
        wait;
    std::function<Result<api::SyncStatus>(const CustomerId&)> status;
    std::function<Result<std::vector<api::Run>>(const CustomerId&)> runs;
    RunAction find_run;
    RunAction approve;
    RunAction discard;
    RunAction cancel;
    SystemAction pause;
    SystemAction resume;
    std::function<Result<api::ConflictPage>(const CustomerId&, const api::ConflictQuery&)>
        conflicts;
    /// Id of the conflict, decision, name of the person.
    std::function<Result<api::Conflict>(
        const CustomerId&, const std::string&, const api::Resolution&, const std::string&)>
        resolve;
    std::function<Result<std::vector<api::SystemSync>>(const CustomerId&, const ContactId&)> why;
    /// Contact, system, name of the person.
    std::function<Result<std::vector<api::SystemSync>>(
        const CustomerId&, const ContactId&, const SystemKey&, const std::string&)>
        create_anew;

    /// A record of a system, by its id there.
    struct Record {
        SystemKey system;
        RemoteId id;
    };
    using HoldAction = std::function<Result<api::HeldRecord>(const CustomerId&, const Record&)>;
    std::function<Result<api::HoldPage>(const CustomerId&, const api::HoldQuery&)> holds;
    /// Record, contact, name of the person.
    std::function<Result<Contact>(
        const CustomerId&, const Record&, const ContactId&, const std::string&)>
        link_hold;
    HoldAction refuse_suggestion;
    HoldAction import_hold;
};

/// `service` outlives the door.
[[nodiscard]] SyncDoor make_sync_door(sync::SyncService& service);

}  // namespace crm::http
