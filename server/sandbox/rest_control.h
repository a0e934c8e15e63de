// How a customer is treated, to be set from outside: POST /sandbox/rest {"customer"?,"limited"?,
// "daily"?,"searchLagMs"?,"keepMergedId"?,"bareErrors"?,"createdRuns"?,"pageSize"?,"numberIds"?,
// "plainTimes"?,"noTimes"?,"bareLists"?}. What is not given goes back to the default: no limits, no
// lag, a new id for what a merge leaves; errors with `data.response`, runs answered 200, pages of
// 100; ids as text, ISO times, lists with types.
#pragma once

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"

namespace crm::sandbox {

/// Answers with the rules as they are now.
[[nodiscard]] Response answer_rest_control(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
