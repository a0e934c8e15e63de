// The part of sync_store.h about conflicts: added, listed, resolved, never deleted.
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "server/store/sync_store.h"
#include "server/store/sync_text.h"

namespace crm::store {
namespace {

constexpr std::string_view kColumns =
    "SELECT id, contact_id, system, field, base, app_value, remote_value, winner, kind, run_id, "
    "at, policy, state, resolution, resolved_by, resolved_at FROM sync_conflict ";

sync::ConflictRow read_row(const Query& query) {
    return {query.integer(0),
            ContactId(query.text(1)),
            SystemKey(query.text(2)),
            query.text(3),
            query.text(4),
            query.text(5),
            query.text(6),
            query.text(7),
            query.text(8),
            query.text(9),
            query.time(10),
            query.text(11),
            query.text(12),
            query.text(13),
            query.text(14),
            time_or_none(query, 15)};
}

std::vector<sync::ConflictRow> read_rows(Query& query) {
    std::vector<sync::ConflictRow> rows;
    while (query.step()) rows.push_back(read_row(query));
    return rows;
}

/// The word itself, so that the index over open conflicts is used.
std::string where(const ConflictFilter& filter) {
    std::string text = "WHERE customer = ?";
    if (!filter.contact.text.empty()) text += " AND contact_id = ?";
    for (const std::string_view state : {"open", "auto", "resolved"}) {
        if (filter.state == state) text += " AND state = '" + std::string(state) + "'";
    }
    return text;
}

void bind(Query& query, const CustomerId& customer, const ConflictFilter& filter) {
    query.bind(customer.text);
    if (!filter.contact.text.empty()) query.bind(filter.contact.text);
}

}  // namespace

Status add_conflict(Transaction& transaction,
                    const CustomerId& customer,
                    const sync::ConflictRow& row) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "INSERT INTO sync_conflict (customer, contact_id, system, field, base, app_value, "
              "remote_value, winner, kind, run_id, at, policy, state) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(customer.text)
            .bind(row.contact.text)
            .bind(row.system.text)
            .bind(row.field)
            .bind(row.base)
            .bind(row.app_value)
            .bind(row.remote_value)
            .bind(row.winner)
            .bind(row.kind)
            .bind(row.run_id)
            .bind(row.at)
            .bind(row.policy)
            .bind(row.state)
            .run();
        return Status();
    });
}

Result<std::vector<sync::ConflictRow>> load_conflicts(const Connection& connection,
                                                      const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<sync::ConflictRow>> {
        Query query(connection, std::string(kColumns) + "WHERE customer = ? ORDER BY id");
        query.bind(customer.text);
        return read_rows(query);
    });
}

Result<std::vector<sync::ConflictRow>> list_conflicts(const Connection& connection,
                                                      const CustomerId& customer,
                                                      const ConflictFilter& filter,
                                                      std::int64_t before,
                                                      int most) {
    return sql_guard([&]() -> Result<std::vector<sync::ConflictRow>> {
        Query query(connection,
                    std::string(kColumns) + where(filter) + (before > 0 ? " AND id < ?" : "") +
                        " ORDER BY id DESC LIMIT ?");
        bind(query, customer, filter);
        if (before > 0) query.bind(before);
        query.bind(std::int64_t{most});
        return read_rows(query);
    });
}

Result<std::int64_t> count_conflicts(const Connection& connection,
                                     const CustomerId& customer,
                                     const ConflictFilter& filter) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection, "SELECT COUNT(*) FROM sync_conflict " + where(filter));
        bind(query, customer, filter);
        return query.step() ? query.integer(0) : std::int64_t{0};
    });
}

Result<sync::ConflictRow> find_conflict(const Connection& connection,
                                        const CustomerId& customer,
                                        std::int64_t id) {
    return sql_guard([&]() -> Result<sync::ConflictRow> {
        Query query(connection, std::string(kColumns) + "WHERE customer = ? AND id = ?");
        query.bind(customer.text).bind(id);
        if (!query.step()) return Error{ErrorCode::NotFound, "There is no such conflict."};
        return read_row(query);
    });
}

Status resolve_conflict(Transaction& transaction, const sync::ConflictRow& row) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "UPDATE sync_conflict SET state = ?, resolution = ?, resolved_by = ?, "
              "resolved_at = ? WHERE id = ?")
            .bind(row.state)
            .bind(row.resolution)
            .bind(row.resolved_by)
            .bind(row.resolved_at)
            .bind(row.id)
            .run();
        return Status();
    });
}

Result<std::int64_t> newest_conflict(const Connection& connection, const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection,
                    "SELECT id FROM sync_conflict WHERE customer = ? ORDER BY id DESC LIMIT 1");
        query.bind(customer.text);
        return query.step() ? query.integer(0) : std::int64_t{0};
    });
}

Result<std::set<SystemKey>> load_disputed(const Connection& connection,
                                          const CustomerId& customer,
                                          const ContactId& contact) {
    return sql_guard([&]() -> Result<std::set<SystemKey>> {
        Query query(connection,
                    "SELECT system FROM sync_conflict WHERE customer = ? AND contact_id = ? AND "
                    "state = 'open'");
        query.bind(customer.text).bind(contact.text);
        std::set<SystemKey> systems;
        while (query.step()) systems.insert(SystemKey(query.text(0)));
        return systems;
    });
}

}  // namespace crm::store
