// The page on which a person breaks things in one CRM, for the dev customer's calls only, and the
// strip that every page shows while something is on.
#pragma once

#include <string>

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"
#include "server/sandbox/record.h"

namespace crm::sandbox {

/// HTML; empty while nothing is on in this system.
[[nodiscard]] std::string faults_strip(const Desk& desk, System system);

/// The switches, and the last calls with what became of them.
[[nodiscard]] Response show_fault_panel(const Desk& desk, System system);

/// Switches the posted `preset` on. 422 for one that is not known.
[[nodiscard]] Response switch_fault_on(const Desk& desk, System system, const Request& request);

/// Ends everything that is on in this system, whoever ordered it.
[[nodiscard]] Response end_faults(const Desk& desk, System system);

}  // namespace crm::sandbox
