// The part of sync_store.h about records that are held back.
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "server/store/suppression.h"
#include "server/store/sync_store.h"
#include "server/store/sync_text.h"

namespace crm::store {
namespace {

using sync::Hold;
using sync::RemoteKey;

constexpr std::string_view kColumns =
    "SELECT system, remote_id, reason, message, title, contact_id, since, record_values, "
    "suggested, suggestion, is_suggestion_refused FROM sync_hold ";

std::pair<RemoteKey, Hold> read_row(const Query& query) {
    Hold hold;
    hold.reason = sync::find_hold_reason(query.text(2)).value_or(sync::HoldReason::Invalid);
    hold.message = query.text(3);
    hold.title = query.text(4);
    hold.contact = ContactId(query.text(5));
    hold.since = query.time(6);
    hold.values = read_texts(query.text(7));
    hold.suggested = ContactId(query.text(8));
    hold.suggestion = query.text(9);
    hold.is_suggestion_refused = query.integer(10) != 0;
    return std::pair(RemoteKey(SystemKey(query.text(0)), RemoteId(query.text(1))), std::move(hold));
}

std::string where(const HoldFilter& filter) {
    std::string text = "WHERE customer = ?";
    if (filter.system.is_set()) text += " AND system = ?";
    if (!filter.reason.empty()) text += " AND reason = ?";
    return text;
}

void bind(Query& query, const CustomerId& customer, const HoldFilter& filter) {
    query.bind(customer.text);
    if (filter.system.is_set()) query.bind(filter.system.text);
    if (!filter.reason.empty()) query.bind(filter.reason);
}

}  // namespace

Status save_hold(Transaction& transaction,
                 const CustomerId& customer,
                 const sync::RemoteKey& record,
                 const Hold& hold) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "INSERT OR REPLACE INTO sync_hold VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(customer.text)
            .bind(record.first.text)
            .bind(record.second.text)
            .bind(hold_word(hold.reason))
            .bind(hold.message)
            .bind(hold.title)
            .bind(hold.contact.text)
            .bind(hold.since)
            .bind(write_texts(hold.values))
            .bind(hold.suggested.text)
            .bind(hold.suggestion)
            .bind(std::int64_t{hold.is_suggestion_refused ? 1 : 0})
            .run();
        return Status();
    });
}

Status remove_hold(Transaction& transaction,
                   const CustomerId& customer,
                   const sync::RemoteKey& record) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "DELETE FROM sync_hold WHERE customer = ? AND system = ? AND remote_id = ?")
            .bind(customer.text)
            .bind(record.first.text)
            .bind(record.second.text)
            .run();
        return Status();
    });
}

Result<std::optional<Hold>> find_hold(const Connection& connection,
                                      const CustomerId& customer,
                                      const RemoteKey& record) {
    return sql_guard([&]() -> Result<std::optional<Hold>> {
        Query query(connection,
                    std::string(kColumns) + "WHERE customer = ? AND system = ? AND remote_id = ?");
        query.bind(customer.text).bind(record.first.text).bind(record.second.text);
        if (!query.step()) return std::optional<Hold>();
        return std::optional(read_row(query).second);
    });
}

Result<std::vector<std::pair<RemoteKey, Hold>>> list_holds(const Connection& connection,
                                                           const CustomerId& customer,
                                                           const HoldFilter& filter,
                                                           int most) {
    return sql_guard([&]() -> Result<std::vector<std::pair<RemoteKey, Hold>>> {
        const bool is_page = filter.after.first.is_set();
        Query query(connection,
                    std::string(kColumns) + where(filter) +
                        (is_page ? " AND (system, remote_id) > (?, ?)" : "") +
                        " ORDER BY system, remote_id LIMIT ?");
        bind(query, customer, filter);
        if (is_page) query.bind(filter.after.first.text).bind(filter.after.second.text);
        query.bind(std::int64_t{most});
        std::vector<std::pair<RemoteKey, Hold>> rows;
        while (query.step()) rows.push_back(read_row(query));
        return rows;
    });
}

Result<std::int64_t> count_holds(const Connection& connection,
                                 const CustomerId& customer,
                                 const HoldFilter& filter) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection, "SELECT COUNT(*) FROM sync_hold " + where(filter));
        bind(query, customer, filter);
        return query.step() ? query.integer(0) : std::int64_t{0};
    });
}

Status lift_suppression_of(Transaction& transaction,
                           const CustomerId& customer,
                           const std::string& email_key) {
    return sql_guard([&]() -> Status {
        Query(transaction, "DELETE FROM sync_suppressed WHERE customer = ? AND email_key IN (?, ?)")
            .bind(customer.text)
            .bind(email_key)
            .bind(hashed_key(email_key))
            .run();
        return Status();
    });
}

}  // namespace crm::store
