// Sorts every way in which an action run can fail into what the engine must do next (CallEnd).
// Decided by Integration.app's type and key first, then by the CRM's own answer inside, then by the
// HTTP status. What does not say for sure that a write was left undone is Unknown. Pure.
#pragma once

#include "server/sync/connector.h"
#include "server/sync/connectors/failure_json.h"
#include "server/sync/connectors/http_session.h"

namespace crm::sync {

enum class Action { List, Create, Update, Remove, Get };

/// `answer` is not a success. The problem's code and details are set,
/// its message is left to describe_problem. refused_fields are in the CRM's words: see
/// name_refused_fields.
[[nodiscard]] CallOutcome sort_failure(Action action, const HttpAnswer& answer, TimePoint now);

/// A success status with a body that is not the action's answer.
[[nodiscard]] CallOutcome unclear_answer(int status);

/// The code of an outcome that a new token may cure.
inline constexpr const char* kNotAuthenticated = "not_authenticated";

}  // namespace crm::sync
