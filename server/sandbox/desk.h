// What every part of the sandbox works with, and the way into a customer's workspace: the first
// Session of a customer fills it.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "server/clock.h"
#include "server/sandbox/call_log.h"
#include "server/sandbox/faults.h"
#include "server/sandbox/message.h"
#include "server/sandbox/rest_budget.h"
#include "server/sandbox/sandbox.h"
#include "server/sandbox/sandbox_store.h"
#include "server/sandbox/webhooks.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace crm::sandbox {

struct Desk {
    Store& store;
    FaultPlan& faults;
    CallLog& calls;
    RestBudget& budget;
    Webhooks& webhooks;
    const Clock& clock;
    SandboxOptions options;
    std::string base_url;  // "http://127.0.0.1:43121"
    /// Waits; false when the sandbox is being stopped and the call must not go on.
    std::function<bool(std::chrono::milliseconds)> pause;
    /// Does the work that much later; false when it will not be done.
    std::function<bool(std::chrono::milliseconds, std::function<void()>)> later;
};

/// A session in this customer's workspace, filled if it was new.
[[nodiscard]] Result<Session> enter(const Desk& desk, const CustomerId& customer, Access access);

/// The workspace key as Bearer, `x-api-token` or `api_token`.
[[nodiscard]] bool has_workspace_key(const Desk& desk, const Request& request);

/// Whose records a REST request is about: the `x-customer` header's, else the dev customer's.
[[nodiscard]] CustomerId customer_of(const Desk& desk, const Request& request);

/// The page of a record, as its `uri`.
[[nodiscard]] std::string record_url(const Desk& desk, const Record& record);

/// Answers any request.
[[nodiscard]] Response answer(const Desk& desk, const Request& request);

}  // namespace crm::sandbox
