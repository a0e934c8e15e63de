// The part of sync_store.h about runs, approvals and systems.
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "server/store/sync_store.h"
#include "server/store/sync_text.h"
#include "shared/api_json.h"

namespace crm::store {
namespace {

/// The runs of a query that selects bodies.
Result<std::vector<api::Run>> read_all(Query& query) {
    std::vector<api::Run> runs;
    while (query.step()) runs.push_back(CRM_TRY(api::read_run(query.text(0))));
    return runs;
}

/// Ends a run that is stored: its new state goes into the column and the body alike.
Status end_run(Transaction& transaction,
               const CustomerId& customer,
               api::Run run,
               api::RunState state,
               TimePoint now) {
    run.state = state;
    if (!run.ended_at) run.ended_at = now;
    return save_run(transaction, customer, run);
}

}  // namespace

Status save_system(Transaction& transaction,
                   const CustomerId& customer,
                   const SystemKey& system,
                   const sync::SystemRow& row) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "INSERT OR REPLACE INTO sync_system VALUES "
              "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(customer.text)
            .bind(system.text)
            .bind(row.state)
            .bind(row.reason)
            .bind(row.last_run_at)
            .bind(row.pause_until)
            .bind(std::int64_t{row.is_first_sync_done ? 1 : 0})
            .bind(row.account_fingerprint)
            .bind(row.in_sync)
            .bind(row.excluded)
            .bind(row.failing)
            .bind(row.pending)
            .bind(row.cycle)
            .bind(row.listed)
            .bind(row.mapping_hash)
            .bind(std::int64_t{row.settle.count()})
            .bind(std::int64_t{row.late.count()})
            .bind(row.settle_raised_at)
            .bind(row.incidents)
            .bind(std::int64_t{row.is_paused ? 1 : 0})
            .bind(row.budget_day)
            .bind(row.calls_today)
            .bind(std::int64_t{row.is_first_sync_over ? 1 : 0})
            .bind(std::int64_t{row.is_rolled_back ? 1 : 0})
            .run();
        return Status();
    });
}

Result<bool> is_system_paused(const Connection& connection,
                              const CustomerId& customer,
                              const SystemKey& system) {
    return sql_guard([&]() -> Result<bool> {
        Query query(connection,
                    "SELECT is_paused FROM sync_system WHERE customer = ? AND system = ?");
        query.bind(customer.text).bind(system.text);
        return query.step() && query.integer(0) != 0;
    });
}

Result<std::map<SystemKey, sync::SystemRow>> load_systems(const Connection& connection,
                                                          const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::map<SystemKey, sync::SystemRow>> {
        Query query(connection,
                    "SELECT system, state, reason, last_run_at, pause_until, is_first_sync_done, "
                    "account_fingerprint, in_sync, excluded, failing, pending, cycle, listed, "
                    "mapping_hash, settle_ms, late_ms, settle_raised_at, incidents, is_paused, "
                    "budget_day, calls_today, is_first_sync_over, is_rolled_back FROM sync_system "
                    "WHERE customer = ?");
        query.bind(customer.text);
        std::map<SystemKey, sync::SystemRow> rows;
        while (query.step()) {
            sync::SystemRow& row = rows[SystemKey(query.text(0))];
            row.state = query.text(1);
            row.reason = query.text(2);
            row.last_run_at = time_or_none(query, 3);
            row.pause_until = time_or_none(query, 4);
            row.is_first_sync_done = query.integer(5) != 0;
            row.account_fingerprint = query.text(6);
            row.in_sync = query.integer(7);
            row.excluded = query.integer(8);
            row.failing = query.integer(9);
            row.pending = query.integer(10);
            row.cycle = query.integer(11);
            row.listed = query.integer(12);
            row.mapping_hash = query.text(13);
            row.settle = std::chrono::milliseconds(query.integer(14));
            row.late = std::chrono::milliseconds(query.integer(15));
            row.settle_raised_at = time_or_none(query, 16);
            row.incidents = query.integer(17);
            row.is_paused = query.integer(18) != 0;
            row.budget_day = query.time(19);
            row.calls_today = query.integer(20);
            row.is_first_sync_over = query.integer(21) != 0;
            row.is_rolled_back = query.integer(22) != 0;
        }
        return rows;
    });
}

Status save_run(Transaction& transaction, const CustomerId& customer, const api::Run& run) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "INSERT INTO sync_run (id, customer, state, body) VALUES (?, ?, ?, ?) "
              "ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body")
            .bind(run.id.text)
            .bind(customer.text)
            .bind(api::run_state_text(run.state))
            .bind(api::write_run(run))
            .run();
        return Status();
    });
}

Result<std::vector<api::Run>> load_runs(const Connection& connection,
                                        const CustomerId& customer,
                                        int most) {
    return sql_guard([&]() -> Result<std::vector<api::Run>> {
        Query query(connection,
                    "SELECT json_remove(body, '$.records') FROM sync_run WHERE customer = ? "
                    "ORDER BY number DESC LIMIT ?");
        query.bind(customer.text).bind(std::int64_t{most});
        return read_all(query);
    });
}

Result<std::optional<api::Run>> load_last_run(const Connection& connection,
                                              const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::optional<api::Run>> {
        Query query(connection,
                    "SELECT json_remove(body, '$.records') FROM sync_run WHERE customer = ? "
                    "AND coalesce(json_extract(body, '$.preview'), 0) = 0 "
                    "ORDER BY number DESC LIMIT 1");
        query.bind(customer.text);
        if (!query.step()) return std::optional<api::Run>();
        return std::optional(CRM_TRY(api::read_run(query.text(0))));
    });
}

Result<api::Run> load_run(const Connection& connection,
                          const CustomerId& customer,
                          const RunId& run) {
    return sql_guard([&]() -> Result<api::Run> {
        Query query(connection, "SELECT body FROM sync_run WHERE customer = ? AND id = ?");
        query.bind(customer.text).bind(run.text);
        if (!query.step()) return Error{ErrorCode::NotFound, "There is no such sync run."};
        return api::read_run(query.text(0));
    });
}

Status fail_open_runs(Transaction& transaction, TimePoint now) {
    return sql_guard([&]() -> Status {
        std::vector<std::pair<CustomerId, api::Run>> open;
        {
            Query query(transaction,
                        "SELECT customer, body FROM sync_run WHERE state IN ('queued', 'running')");
            while (query.step()) {
                open.emplace_back(CustomerId(query.text(0)), CRM_TRY(api::read_run(query.text(1))));
            }
        }
        for (auto& [customer, run] : open) {
            run.reason = "The server stopped during this run. The next run goes on where it ended.";
            CRM_TRY(end_run(transaction, customer, run, api::RunState::Failed, now));
        }
        return Status();
    });
}

Status prune_runs(Transaction& transaction, const CustomerId& customer, std::size_t kept) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "DELETE FROM sync_run WHERE customer = ?1 AND state NOT IN ('queued', 'running', "
              "'held') "
              "AND number <= (SELECT number FROM sync_run WHERE customer = ?1 ORDER BY number DESC "
              "LIMIT 1 OFFSET ?2)")
            .bind(customer.text)
            .bind(static_cast<std::int64_t>(kept))
            .run();
        return Status();
    });
}

Status supersede_held_runs(Transaction& transaction,
                           const CustomerId& customer,
                           const RunId& except,
                           TimePoint now) {
    return sql_guard([&]() -> Status {
        std::vector<api::Run> held;
        {
            Query query(
                transaction,
                "SELECT body FROM sync_run WHERE customer = ? AND state = 'held' AND id <> ?");
            query.bind(customer.text).bind(except.text);
            held = CRM_TRY(read_all(query));
        }
        for (const api::Run& run : held) {
            CRM_TRY(end_run(transaction, customer, run, api::RunState::Superseded, now));
            CRM_TRY(drop_held(transaction, customer, run.id));
        }
        return Status();
    });
}

Status save_held(Transaction& transaction,
                 const CustomerId& customer,
                 const RunId& run,
                 const std::set<std::string>& held) {
    return sql_guard([&]() -> Status {
        for (const std::string& work : held) {
            Query(transaction,
                  "INSERT OR IGNORE INTO sync_held (customer, run_id, work) VALUES (?, ?, ?)")
                .bind(customer.text)
                .bind(run.text)
                .bind(work)
                .run();
        }
        return Status();
    });
}

Status grant_held(Transaction& transaction, const CustomerId& customer, const RunId& run) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "INSERT OR IGNORE INTO sync_grant SELECT customer, work FROM sync_held "
              "WHERE customer = ? AND run_id = ?")
            .bind(customer.text)
            .bind(run.text)
            .run();
        return Status();
    });
}

Status drop_held(Transaction& transaction, const CustomerId& customer, const RunId& run) {
    return sql_guard([&]() -> Status {
        Query(transaction, "DELETE FROM sync_held WHERE customer = ? AND run_id = ?")
            .bind(customer.text)
            .bind(run.text)
            .run();
        return Status();
    });
}

Result<std::set<std::string>> load_grants(const Connection& connection,
                                          const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::set<std::string>> {
        Query query(connection, "SELECT work FROM sync_grant WHERE customer = ?");
        query.bind(customer.text);
        std::set<std::string> grants;
        while (query.step()) grants.insert(query.text(0));
        return grants;
    });
}

Status use_grants(Transaction& transaction,
                  const CustomerId& customer,
                  const std::set<std::string>& used) {
    return sql_guard([&]() -> Status {
        for (const std::string& work : used) {
            Query(transaction, "DELETE FROM sync_grant WHERE customer = ? AND work = ?")
                .bind(customer.text)
                .bind(work)
                .run();
        }
        return Status();
    });
}

Result<std::vector<CustomerId>> load_customers(const Connection& connection) {
    return sql_guard([&]() -> Result<std::vector<CustomerId>> {
        Query query(
            connection,
            "SELECT DISTINCT customer FROM contacts UNION SELECT DISTINCT customer FROM sync_run "
            "ORDER BY 1");
        std::vector<CustomerId> customers;
        while (query.step()) customers.push_back(CustomerId(query.text(0)));
        return customers;
    });
}

}  // namespace crm::store
