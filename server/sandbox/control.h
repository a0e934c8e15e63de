// The sandbox's own switches under /sandbox, which no real workspace has:
//   GET  /sandbox/settings     how stale a listing may be, how late a lost call may still work, and
//                              what is offered beyond the four actions of any workspace;
//   open GET  /sandbox/log          the last calls and counters   ?customer=&limit= GET, POST,
//   DELETE /sandbox/faults       what goes wrong next (faults.h) POST /sandbox/connections
//   {"system","state":"connected|disconnected","customer"?} GET  /sandbox/style.css, GET / for the
//   pages
// All but the first and the last ask for the workspace key.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

[[nodiscard]] Response answer_control(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
