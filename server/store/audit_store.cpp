#include "server/store/audit_store.h"

#include <limits>

#include "server/limits.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

constexpr std::string_view kFailed = "sign_in_failed";

void drop_oldest_failures(Transaction& transaction) {
    Query query(transaction,
                "DELETE FROM people_audit WHERE kind = ? AND id <= (SELECT id FROM people_audit"
                " WHERE kind = ? ORDER BY id DESC LIMIT 1 OFFSET ?)");
    query.bind(kFailed).bind(kFailed).bind(kAuditFailuresKept).run();
}

}  // namespace

Status append_audit(Transaction& transaction, const AuditLine& line) {
    return sql_guard([&]() -> Status {
        const api::AuditEvent& event = line.event;
        Query query(transaction,
                    "INSERT INTO people_audit"
                    " (customer, at, kind, actor, user_id, subject, address, note)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        query.bind(line.customer.text).bind(event.at).bind(event.kind).bind(event.actor);
        query.bind(line.user.text).bind(event.subject).bind(event.address).bind(event.note);
        query.run();
        if (event.kind == kFailed) drop_oldest_failures(transaction);
        return {};
    });
}

Result<std::vector<api::AuditEvent>> load_audit(const Connection& connection,
                                                const CustomerId& customer,
                                                std::int64_t before,
                                                int limit) {
    return sql_guard([&]() -> Result<std::vector<api::AuditEvent>> {
        Query query(connection,
                    "SELECT id, at, kind, actor, subject, address, note FROM people_audit"
                    " WHERE customer = ? AND id < ? ORDER BY id DESC LIMIT ?");
        query.bind(customer.text);
        query.bind(before > 0 ? before : std::numeric_limits<std::int64_t>::max());
        query.bind(std::int64_t{limit});
        std::vector<api::AuditEvent> events;
        while (query.step()) {
            api::AuditEvent event;
            event.id = query.integer(0);
            event.at = query.time(1);
            event.kind = query.text(2);
            event.actor = query.text(3);
            event.subject = query.text(4);
            event.address = query.text(5);
            event.note = query.text(6);
            events.push_back(std::move(event));
        }
        return events;
    });
}

Result<bool> has_signed_in_from(const Connection& connection,
                                const UserId& user,
                                const std::string& address,
                                TimePoint since) {
    return sql_guard([&]() -> Result<bool> {
        Query query(connection,
                    "SELECT 1 FROM people_audit WHERE kind = 'signed_in' AND user_id = ?"
                    " AND address = ? AND at >= ? LIMIT 1");
        query.bind(user.text).bind(address).bind(since);
        return query.step();
    });
}

}  // namespace crm::store
