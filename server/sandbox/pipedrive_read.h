// Pipedrive's readings of many persons: the lists of both versions, what changed lately, and the
// search. Version 1 pages by a counted start, version 2 by a cursor that remembers a place.
#pragma once

#include "server/sandbox/message.h"
#include "server/sandbox/rest.h"
#include "server/sandbox/sandbox_store.h"
#include "shared/time_text.h"

namespace crm::sandbox {

/// GET /v1/persons?start&limit
[[nodiscard]] Result<Response> list_persons_by_start(Session& session, const Request& request);

/// GET /api/v2/persons?ids&updated_since&updated_until&sort_by&sort_direction&limit&cursor, and in
/// version 1 /v1/persons/collection?cursor&limit.
[[nodiscard]] Result<Response> list_persons_by_cursor(Session& session,
                                                      PersonVersion version,
                                                      const Request& request);

/// GET /v1/recents?since_timestamp&items&start&limit: changed since then, the deleted ones too.
[[nodiscard]] Result<Response> list_recents(Session& session, const Request& request);

/// GET /persons/search?term&fields&exact_match&limit and start or cursor.
[[nodiscard]] Result<Response> search_persons(Session& session,
                                              PersonVersion version,
                                              const Request& request);

}  // namespace crm::sandbox
