// connectors.json as text: see read_connectors.
#pragma once

#include <string>
#include <vector>

#include "server/sync/connectors/integration_app.h"

namespace crm::sync {

/// `name` is the file's, for messages.
[[nodiscard]] Result<std::vector<ConnectorSpec>> parse_connectors(const std::string& json,
                                                                  const std::string& name);

/// How the five fields are called in each style; what an entry leaves out comes from here.
[[nodiscard]] std::vector<FieldMapping> default_mappings(InputStyle style);

}  // namespace crm::sync
