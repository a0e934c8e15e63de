// The CRMs' own REST surfaces, a faithful part of each: list, one, create, update, delete, search,
// merge, batches, and the headers that tell how many calls are left. They take the workspace key
// and show the dev customer's records, or those of the customer in the `x-customer` header. Job
// title, pronouns and company are plain properties in both.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"
#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"

namespace crm::sandbox {

/// /hubspot/crm/v3/objects/contacts and /hubspot/crm/v3/properties/contacts
[[nodiscard]] Response answer_hubspot_rest(const Desk& desk, const Request& request);

/// /pipedrive/v1/persons, /pipedrive/v1/recents and /pipedrive/api/v2/persons
[[nodiscard]] Response answer_pipedrive_rest(const Desk& desk, const Request& request);

/// From now on the session sees what the index of the searches has: for customers whose rules say
/// so, nothing that changed a moment ago.
void look_at_index(const Desk& desk, Session& session);

/// Every property of a contact; unset ones are null.
[[nodiscard]] Json hubspot_properties(const Record& record);

enum class PersonVersion { V1, V2 };

/// A person as that version of the API writes it.
[[nodiscard]] Json pipedrive_person(const Record& record, PersonVersion version);
/// As version 1 writes it where it does not spell the owner out: in merges, recents, collections.
[[nodiscard]] Json pipedrive_flat_person(const Record& record);

}  // namespace crm::sandbox
