// api.h <-> JSON. Writers never fail (broken UTF-8 is replaced); readers take a Result and ignore
// members they do not know. Both binaries use both directions: the server writes what the client
// reads, and tests prove that the two agree.
#pragma once

#include <string>
#include <string_view>

#include "shared/api.h"
#include "shared/result.h"

namespace crm::api {

[[nodiscard]] std::string write_health(const Health& health);
[[nodiscard]] std::string write_self(const Self& self);
[[nodiscard]] Result<Self> read_self(std::string_view json);

[[nodiscard]] std::string write_contact_answer(const Contact& contact);  // {"contact":…}
[[nodiscard]] Result<Contact> read_contact_answer(std::string_view json);
[[nodiscard]] std::string write_contact_page(const ContactPage& page);
[[nodiscard]] Result<ContactPage> read_contact_page(std::string_view json);

[[nodiscard]] std::string write_history(
    const std::vector<HistoryEntry>& entries);  // {"history":[…]}
[[nodiscard]] Result<std::vector<HistoryEntry>> read_history(std::string_view json);

[[nodiscard]] std::string write_run(const Run& run);         // the bare object
[[nodiscard]] std::string write_run_answer(const Run& run);  // {"run":…}
[[nodiscard]] Result<Run> read_run(std::string_view json);
[[nodiscard]] Result<Run> read_run_answer(std::string_view json);
[[nodiscard]] std::string write_runs(
    const std::vector<Run>& runs);  // {"runs":[…]}, without records
[[nodiscard]] Result<std::vector<Run>> read_runs(std::string_view json);
[[nodiscard]] std::string write_sync_status(const SyncStatus& status);
[[nodiscard]] Result<SyncStatus> read_sync_status(std::string_view json);
[[nodiscard]] std::string write_system_event(const SystemStatus& system);  // {"system":…}
[[nodiscard]] Result<SystemStatus> read_system_event(std::string_view json);

[[nodiscard]] std::string write_token(std::string_view token);  // {"token":…}

/// The `details_json` of an Error VersionMismatch, and back.
[[nodiscard]] std::string write_version_conflict(const VersionConflict& conflict);

/// {"error":{"code","message","fields","requestId",…details}}.
[[nodiscard]] std::string write_error(const Error& error, std::string_view request_id);

/// What the client makes of a refused request: the code from `status`, the message from the body,
/// or a sentence of its own when the body is not ours. `conflict` is filled for 412.
struct ErrorAnswer {
    Error error;
    std::string request_id;
    std::optional<VersionConflict> conflict;
};
[[nodiscard]] ErrorAnswer read_error(int status, std::string_view body);

[[nodiscard]] int http_status(ErrorCode code);
[[nodiscard]] ErrorCode error_code_of_status(
    int status);  // of any answer that is no success; 0: no answer
[[nodiscard]] std::string_view error_code_text(ErrorCode code);  // "invalid_argument"

}  // namespace crm::api
