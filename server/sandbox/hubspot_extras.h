// What else HubSpot's clients ask of a contact: to erase it for good, what it is associated with,
// and what its values were.
#pragma once

#include <string>
#include <vector>

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"
#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"

namespace crm::sandbox {

/// POST …/gdpr-delete `{"objectId","idProperty"?}`: 204, and neither the contact nor what was
/// merged into it is anywhere any more. 404 when there is none, archived ones counted.
[[nodiscard]] Result<Response> erase_contact(Session& session, const Request& request);

/// /hubspot/crm/v4/objects/contacts/{id}/associations/{to}[/{other}]: a contact of the sandbox is
/// associated with nothing, and there is no other object that it could be associated with.
[[nodiscard]] bool is_association_path(const Request& request);
[[nodiscard]] Result<Response> answer_associations(Session& session, const Request& request);

/// `{"phone":[{"value","timestamp","sourceType"}, …]}`, newest first, for those names that exist.
/// Only what happened within kSandboxAgeMax since the start is remembered; before it, the oldest
/// value counts as there from the beginning.
[[nodiscard]] Json history_json(const Session& session,
                                const Record& record,
                                const std::vector<std::string>& names);

}  // namespace crm::sandbox
