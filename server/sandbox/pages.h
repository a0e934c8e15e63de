// Plain HTML pages of the CRMs, usable without JavaScript: a list with search and pages, a recycle
// bin, forms that create, change, merge, delete and restore, and switches for faults. They show the
// dev customer's records and ask for no login, so forms are taken only from the sandbox's own
// pages.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

/// /hubspot/app…, /pipedrive/app… and /practice/app…
[[nodiscard]] Response answer_page(const Desk& desk, const Request& request);

/// The style sheet of all pages.
[[nodiscard]] Response style_sheet();

/// Links to all.
[[nodiscard]] Response front_page();

}  // namespace crm::sandbox
