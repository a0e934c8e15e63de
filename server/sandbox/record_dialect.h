// How workspaces differ in what they show of the same record: connectors give ids as numbers, times
// without a zone or none at all, lists without types.
#pragma once

#include "server/sandbox/record.h"
#include "server/sandbox/rest_budget.h"
#include "server/sandbox/wire_json.h"

namespace crm::sandbox {

/// A DataRecord (contact_wire.h) as the rules say that this customer's connectors write it.
[[nodiscard]] Json in_dialect(const Json& data_record,
                              const Record& record,
                              const RecordDialect& dialect);

}  // namespace crm::sandbox
