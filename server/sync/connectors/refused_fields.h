// Which of our fields a CRM means when it refuses a value by the name of a property. Pure.
#pragma once

#include <string>
#include <vector>

#include "server/sync/connectors/integration_app.h"

namespace crm::sync {

/// The outcome with refused_fields in our wire names: only fields that were sent, each once. A
/// refused e-mail is named even when the CRM did not. Code unknown_field: what is refused is the
/// marker or a constant, so it is the connectors file that needs correction and no contact.
[[nodiscard]] CallOutcome name_refused_fields(CallOutcome outcome,
                                              const ConnectorSpec& spec,
                                              const RemoteValues& sent);

}  // namespace crm::sync
