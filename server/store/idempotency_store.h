// Answers to requests that carried a key, so that a repeated one gets the same answer and does
// nothing. Rows live for kIdempotencyLife.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/store/database.h"
#include "shared/ids.h"
#include "shared/result.h"
#include "shared/time_text.h"

namespace crm::store {

/// Whose key it is: two people never share one.
struct IdempotencyKey {
    CustomerId customer;
    std::string caller;  // the user's id, or another word that stays the same
    std::string key;
};

struct KeptAnswer {
    std::string request_hash;  // of method, address and body
    std::string boot;          // which start of the server worked on it
    int status = 0;            // 0: it has no answer yet
    std::string content_type;
    std::string location;
    std::string etag;
    std::string body;
};

/// Claims a key. nullopt: it is the caller's now, and the request is to be done; otherwise what is
/// known of it. Rows that are older than `forget_before` go.
Result<std::optional<KeptAnswer>> claim_key(Transaction& transaction,
                                            const IdempotencyKey& key,
                                            const KeptAnswer& request,
                                            TimePoint now,
                                            TimePoint forget_before);
Status keep_answer(Transaction& transaction, const IdempotencyKey& key, const KeptAnswer& answer);
/// The request did nothing: it may come again.
Status release_key(Transaction& transaction, const IdempotencyKey& key);

/// One step of the migrations.
[[nodiscard]] std::string_view idempotency_schema_sql();

}  // namespace crm::store
