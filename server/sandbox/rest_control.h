// How the REST surfaces treat a customer, to be set from outside:
// POST /sandbox/rest {"customer"?,"limited"?,"daily"?,"searchLagMs"?,"keepMergedId"?}. What is not
// given goes back to the default: no limits, no lag, a new id for what a merge leaves.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

/// Answers with the rules as they are now.
[[nodiscard]] Response answer_rest_control(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
