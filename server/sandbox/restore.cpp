// The refusals are the pages' own: no program ever sees them.
#include "server/sandbox/restore.h"

#include <chrono>
#include <string>
#include <utility>

namespace crm::sandbox {
namespace {

CrmRefusal refusal(int status, std::string message) {
    return {.status = status, .body = Json::object(), .message = std::move(message)};
}

}  // namespace

Result<CrmAnswer> find_with_bin(Session& session, System system, std::string_view id) {
    const std::optional<std::int64_t> number = parse_id(id);
    if (!number) return CrmAnswer(refusal(404, "There is no such record"));
    std::optional<Record> record = CRM_TRY(session.find(system, *number));
    if (!record || record->merged_into) return CrmAnswer(refusal(404, "There is no such record"));
    return CrmAnswer(std::move(*record));
}

Result<CrmAnswer> restore_record(Session& session,
                                 System system,
                                 std::string_view id,
                                 TimePoint now) {
    CrmAnswer found = CRM_TRY(find_with_bin(session, system, id));
    auto* record = std::get_if<Record>(&found);
    if (record == nullptr) return found;
    if (!record->deleted_at) return CrmAnswer(refusal(422, "The record is not deleted"));
    for (const Reach& reach : record->emails) {
        if (system != System::HubSpot) break;
        const auto owner = CRM_TRY(session.find_owner(reach.value));
        if (!owner) continue;
        return CrmAnswer(refusal(422,
                                 "Another contact has the address " + reach.value +
                                     " by now: record " + std::to_string(*owner)));
    }
    record->deleted_at.reset();
    record->updated_at = std::chrono::floor<std::chrono::seconds>(now);
    CRM_TRY(session.replace(*record));
    return found;
}

}  // namespace crm::sandbox
