// Idempotency-Key: a request that comes again with the same key is answered as the first time and
// does nothing, for kIdempotencyLife and across restarts. Refusals are not kept, since they did
// nothing: the same request may come again and succeed.
#pragma once

#include <optional>
#include <string>

#include "server/clock.h"
#include "server/http/routes.h"
#include "server/store/database.h"
#include "server/store/idempotency_store.h"

namespace crm::http {

class RepeatGuard {
   public:
    /// `boot` tells one start of the server from another.
    RepeatGuard(store::Database& database, const Clock& clock, std::string boot)
        : database_(database), clock_(clock), boot_(std::move(boot)) {}

    /// Answers through `work`, or with what was kept. BadRequest: the key is none; InvalidArgument:
    /// it came with another request before; Conflict: that one is still being worked on, or was cut
    /// short by a restart.
    [[nodiscard]] Result<Response> answer(const Call& call,
                                          const std::function<Result<Response>()>& work);

   private:
    Result<std::optional<Response>> begin(const store::IdempotencyKey& key,
                                          const store::KeptAnswer& request);
    Status end(const store::IdempotencyKey& key, const Result<Response>& outcome);

    store::Database& database_;
    const Clock& clock_;
    const std::string boot_;
};

/// Whether the request asks for that.
[[nodiscard]] bool has_idempotency_key(const Request& request);

}  // namespace crm::http
