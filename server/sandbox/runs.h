// Carries out one call of Integration.app on one connection: faults strike, the CRM's rules decide,
// the outcome is committed, noted in the log, and only then answered.
#pragma once

#include <optional>
#include <string>

#include "server/sandbox/desk.h"
#include "server/sandbox/faults.h"
#include "server/sandbox/message.h"
#include "server/sandbox/record.h"
#include "server/sandbox/seen_records.h"
#include "server/sandbox/wire_json.h"
#include "shared/ids.h"

namespace crm::sandbox {

/// What a fault makes of a page of a listing.
enum class PageBend { None, Short, Empty, Circle };

struct Call {
    CustomerId customer;
    System system = System::HubSpot;
    Operation operation = Operation::List;
    Door door = Door::Action;
    std::string action;             // "create-contact"; for a data collection "contacts.create"
    Json input;                     // an object
    std::optional<View> view = {};  // what a reading sees; empty: everything
    PageBend page_bend = PageBend::None;
};

/// An action's answer is `{"output":…}`, a data collection's is bare.
[[nodiscard]] Response run_call(const Desk& desk, const Call& call);

}  // namespace crm::sandbox
