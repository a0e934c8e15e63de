#include "server/sync/connectors/connector_memory.h"

namespace crm::sync {

std::shared_ptr<ConnectorMemory> ConnectorMemories::of(const CustomerId& customer,
                                                       const SystemKey& system) {
    const Lock lock(mutex_);
    std::shared_ptr<ConnectorMemory>& memory = memories_[{customer, system}];
    if (!memory) memory = std::make_shared<ConnectorMemory>();
    return memory;
}

}  // namespace crm::sync
