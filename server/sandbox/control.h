// The sandbox's own switches under /sandbox, which no real workspace has. GET /sandbox/settings,
// open to all: how stale a listing may be, how late a lost call may still work, and what is offered
// beyond the four actions of any workspace. GET /sandbox/log?customer=&system=&limit=: the last
// calls, and counters. GET, POST, DELETE /sandbox/faults: what goes wrong next, one order or a list
// (faults.h). POST /sandbox/connections: {"system","state":"connected|disconnected","customer"?}.
// GET, POST /sandbox/webhooks: whom changes are told, and how (webhooks.h). POST /sandbox/rest: how
// a customer is treated by the REST surfaces (rest_control.h).
//
// All but the settings and the pages (GET / and their style sheet) ask for the workspace key.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

[[nodiscard]] Response answer_control(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
