#include "server/store/idempotency_store.h"

#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {
namespace {

Query& bind_key(Query& query, const IdempotencyKey& key) {
    return query.bind(key.customer.text).bind(key.caller).bind(key.key);
}

std::optional<KeptAnswer> find(Transaction& transaction, const IdempotencyKey& key) {
    Query query(transaction,
                "SELECT request_hash, boot, status, content_type, location, etag, body"
                " FROM idempotency WHERE customer = ? AND caller = ? AND key = ?");
    if (!bind_key(query, key).step()) return std::nullopt;
    KeptAnswer answer;
    answer.request_hash = query.text(0);
    answer.boot = query.text(1);
    answer.status = static_cast<int>(query.integer(2));
    answer.content_type = query.text(3);
    answer.location = query.text(4);
    answer.etag = query.text(5);
    answer.body = query.text(6);
    return answer;
}

}  // namespace

Result<std::optional<KeptAnswer>> claim_key(Transaction& transaction,
                                            const IdempotencyKey& key,
                                            const KeptAnswer& request,
                                            TimePoint now,
                                            TimePoint forget_before) {
    return sql_guard([&]() -> Result<std::optional<KeptAnswer>> {
        Query forget(transaction, "DELETE FROM idempotency WHERE at < ?");
        forget.bind(forget_before).run();
        std::optional<KeptAnswer> known = find(transaction, key);
        if (known) return known;
        Query claim(transaction,
                    "INSERT INTO idempotency (customer, caller, key, request_hash, boot, at)"
                    " VALUES (?, ?, ?, ?, ?, ?)");
        bind_key(claim, key).bind(request.request_hash).bind(request.boot).bind(now).run();
        return std::optional<KeptAnswer>();
    });
}

Status keep_answer(Transaction& transaction, const IdempotencyKey& key, const KeptAnswer& answer) {
    return sql_guard([&]() -> Status {
        Query query(transaction,
                    "UPDATE idempotency SET status = ?, content_type = ?, location = ?, etag = ?,"
                    " body = ? WHERE customer = ? AND caller = ? AND key = ?");
        query.bind(std::int64_t{answer.status}).bind(answer.content_type).bind(answer.location);
        query.bind(answer.etag).bind(answer.body);
        bind_key(query, key).run();
        return {};
    });
}

Status release_key(Transaction& transaction, const IdempotencyKey& key) {
    return sql_guard([&]() -> Status {
        Query query(transaction,
                    "DELETE FROM idempotency WHERE customer = ? AND caller = ? AND key = ?"
                    " AND status = 0");
        bind_key(query, key).run();
        return {};
    });
}

std::string_view idempotency_schema_sql() {
    return R"sql(
CREATE TABLE idempotency (
    customer     TEXT NOT NULL,
    caller       TEXT NOT NULL,
    key          TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    boot         TEXT NOT NULL,
    at           INTEGER NOT NULL,
    status       INTEGER NOT NULL DEFAULT 0,
    content_type TEXT NOT NULL DEFAULT '',
    location     TEXT NOT NULL DEFAULT '',
    etag         TEXT NOT NULL DEFAULT '',
    body         TEXT NOT NULL DEFAULT '',
    UNIQUE (customer, caller, key)
) STRICT;
CREATE INDEX idempotency_at ON idempotency (at);
)sql";
}

}  // namespace crm::store
