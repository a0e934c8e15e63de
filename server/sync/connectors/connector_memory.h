// What is kept of a system from one run to the next, though its connector is not: which pages came
// the last time, and how many calls were made lately. Lost with the process, at no harm.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "server/mutex.h"
#include "server/sync/connectors/listing_walk.h"
#include "server/sync/connectors/token_bucket.h"
#include "shared/ids.h"

namespace crm::sync {

/// Of one system of one customer; used by the one connector to it.
struct ConnectorMemory {
    KnownWalk walk;
    std::optional<TokenBucket> bucket;
};

/// Of all customers. Safe to call from any thread.
class ConnectorMemories {
   public:
    [[nodiscard]] std::shared_ptr<ConnectorMemory> of(const CustomerId& customer,
                                                      const SystemKey& system);

   private:
    Mutex mutex_;
    std::map<std::pair<CustomerId, SystemKey>, std::shared_ptr<ConnectorMemory>> memories_
        CRM_GUARDED_BY(mutex_);
};

}  // namespace crm::sync
