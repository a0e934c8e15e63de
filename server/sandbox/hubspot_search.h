// HubSpot's search: filters, a query, one sort, pages by offset, and no further than 10,000
// contacts. It reads an index of its own: what was written a moment ago may be missing, as the
// session sees it.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"
#include "server/sandbox/sandbox_store.h"

namespace crm::sandbox {

/// `{"filterGroups","query","sorts","properties","limit","after"}` ->
/// `{"total","results","paging"?}`.
[[nodiscard]] Result<Response> search_contacts(Session& session, const Request& request);

}  // namespace crm::sandbox
