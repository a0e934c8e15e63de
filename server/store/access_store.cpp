#include "server/store/access_store.h"

#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

constexpr std::string_view kTokenSelect =
    "SELECT token.id, token.customer, token.user_id, user.email, token.name, token.scope,"
    " token.hash, token.created_at, token.used_at, token.expires_at, token.revoked_at"
    " FROM people_token AS token JOIN people_user AS user ON user.id = token.user_id ";

std::optional<TimePoint> optional_time(const Query& query, int column) {
    if (query.is_null(column)) return std::nullopt;
    return query.time(column);
}

ApiTokenRow read_token(const Query& query) {
    ApiTokenRow token;
    token.id = ApiTokenId(query.text(0));
    token.customer = CustomerId(query.text(1));
    token.user = UserId(query.text(2));
    token.user_email = query.text(3);
    token.name = query.text(4);
    token.scope = parse_scope(query.text(5)).value_or(Role::Viewer);
    token.hash = query.text(6);
    token.created_at = query.time(7);
    token.used_at = optional_time(query, 8);
    token.expires_at = optional_time(query, 9);
    token.revoked_at = optional_time(query, 10);
    return token;
}

std::string select_token(std::string_view rest) {
    return std::string(kTokenSelect) + std::string(rest);
}

/// A statement whose values are texts and times in this order, and that returns no rows.
template <class... Values>
Status run(Transaction& transaction, std::string_view sql, const Values&... values) {
    return sql_guard([&]() -> Status {
        Query query(transaction, sql);
        (query.bind(values), ...);
        query.run();
        return {};
    });
}

}  // namespace

Status insert_session(Transaction& transaction, const SessionRow& session) {
    return run(transaction,
               "INSERT INTO people_session"
               " (hash, user_id, customer, created_at, seen_at, expires_at)"
               " VALUES (?, ?, ?, ?, ?, ?)",
               session.hash,
               session.user.text,
               session.customer.text,
               session.created_at,
               session.seen_at,
               session.expires_at);
}

Result<std::optional<SessionRow>> find_session(const Connection& connection,
                                               std::string_view hash) {
    return sql_guard([&]() -> Result<std::optional<SessionRow>> {
        Query query(connection,
                    "SELECT user_id, customer, created_at, seen_at, expires_at"
                    " FROM people_session WHERE hash = ?");
        query.bind(hash);
        if (!query.step()) return std::optional<SessionRow>{};
        SessionRow session;
        session.hash = std::string(hash);
        session.user = UserId(query.text(0));
        session.customer = CustomerId(query.text(1));
        session.created_at = query.time(2);
        session.seen_at = query.time(3);
        session.expires_at = query.time(4);
        return std::optional<SessionRow>(std::move(session));
    });
}

Status touch_session(Transaction& transaction, std::string_view hash, TimePoint at) {
    return run(transaction, "UPDATE people_session SET seen_at = ? WHERE hash = ?", at, hash);
}

Status delete_session(Transaction& transaction, std::string_view hash) {
    return run(transaction, "DELETE FROM people_session WHERE hash = ?", hash);
}

Status delete_sessions_of(Transaction& transaction, const UserId& user, std::string_view kept) {
    return run(
        transaction, "DELETE FROM people_session WHERE user_id = ? AND hash <> ?", user.text, kept);
}

Status delete_old_sessions(Transaction& transaction, TimePoint now, TimePoint idle_since) {
    return run(transaction,
               "DELETE FROM people_session WHERE expires_at <= ? OR seen_at <= ?",
               now,
               idle_since);
}

Status delete_surplus_sessions(Transaction& transaction, const UserId& user, std::size_t count) {
    return run(transaction,
               "DELETE FROM people_session WHERE user_id = ? AND hash NOT IN"
               " (SELECT hash FROM people_session WHERE user_id = ?"
               " ORDER BY created_at DESC, hash LIMIT ?)",
               user.text,
               user.text,
               static_cast<std::int64_t>(count));
}

Status insert_token(Transaction& transaction, const ApiTokenRow& token) {
    return run(transaction,
               "INSERT INTO people_token (id, customer, user_id, name, scope, hash, created_at,"
               " used_at, expires_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               token.id.text,
               token.customer.text,
               token.user.text,
               token.name,
               scope_text(token.scope),
               token.hash,
               token.created_at,
               token.used_at,
               token.expires_at,
               token.revoked_at);
}

Result<std::optional<ApiTokenRow>> find_token_by_hash(const Connection& connection,
                                                      std::string_view hash) {
    return sql_guard([&]() -> Result<std::optional<ApiTokenRow>> {
        Query query(connection, select_token("WHERE token.hash = ?"));
        query.bind(hash);
        if (!query.step()) return std::optional<ApiTokenRow>{};
        return std::optional<ApiTokenRow>(read_token(query));
    });
}

Result<std::optional<ApiTokenRow>> find_token(const Connection& connection,
                                              const CustomerId& customer,
                                              const ApiTokenId& id) {
    return sql_guard([&]() -> Result<std::optional<ApiTokenRow>> {
        Query query(connection, select_token("WHERE token.id = ? AND token.customer = ?"));
        query.bind(id.text).bind(customer.text);
        if (!query.step()) return std::optional<ApiTokenRow>{};
        return std::optional<ApiTokenRow>(read_token(query));
    });
}

Result<std::vector<ApiTokenRow>> load_tokens(const Connection& connection,
                                             const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<ApiTokenRow>> {
        Query query(connection,
                    select_token("WHERE token.customer = ?"
                                 " ORDER BY token.created_at DESC, token.id"));
        query.bind(customer.text);
        std::vector<ApiTokenRow> tokens;
        while (query.step()) tokens.push_back(read_token(query));
        return tokens;
    });
}

Result<std::int64_t> count_tokens(const Connection& connection, const UserId& user) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection,
                    "SELECT count(*) FROM people_token WHERE user_id = ? AND revoked_at IS NULL");
        query.bind(user.text);
        static_cast<void>(query.step());
        return query.integer(0);
    });
}

Status touch_token(Transaction& transaction, const ApiTokenId& id, TimePoint at) {
    return run(transaction, "UPDATE people_token SET used_at = ? WHERE id = ?", at, id.text);
}

Status revoke_token(Transaction& transaction, const ApiTokenId& id, TimePoint at) {
    return run(transaction,
               "UPDATE people_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
               at,
               id.text);
}

}  // namespace crm::store
