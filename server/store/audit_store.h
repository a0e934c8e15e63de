// SQL for the audit log: who signed in, tried to, and changed who may. The file itself refuses to
// rewrite it; only failed sign-ins give way, beyond kAuditFailuresKept of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/store/database.h"
#include "shared/api_people.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace crm::store {

struct AuditLine {
    CustomerId customer;  // not set: an attempt for nobody who is known
    UserId user;          // who did it; not set: nobody signed in
    api::AuditEvent event;
};

/// The id of the event is given here.
Status append_audit(Transaction& transaction, const AuditLine& line);
/// Newest first, only those older than the event `before` (0: from the newest on).
Result<std::vector<api::AuditEvent>> load_audit(const Connection& connection,
                                                const CustomerId& customer,
                                                std::int64_t before,
                                                int limit);
/// Whether this user signed in from there at that time or later.
Result<bool> has_signed_in_from(const Connection& connection,
                                const UserId& user,
                                const std::string& address,
                                TimePoint since);

}  // namespace crm::store
