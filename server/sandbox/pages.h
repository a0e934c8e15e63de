// Plain HTML pages of both CRMs, usable without JavaScript: a list with search and pages, and forms
// that create, change and delete. They show the dev customer's records and ask for no login, so
// forms are taken only from the sandbox's own pages.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

/// /hubspot/app… and /pipedrive/app…
[[nodiscard]] Response answer_page(const Desk& desk, const Request& request);

/// The style sheet of all pages.
[[nodiscard]] Response style_sheet();

/// Links to both.
[[nodiscard]] Response front_page();

}  // namespace crm::sandbox
