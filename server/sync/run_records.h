// What a run would do or did, record by record, as a person reads it: one line for each write to a
// system and for each write to a contact here. Pure.
#pragma once

#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/observe.h"
#include "server/sync/plan.h"
#include "shared/api.h"

namespace crm::sync {

/// A call to a system. `contact` as of the plan; the outcome is "planned".
[[nodiscard]] api::RunRecord record_of_step(const ContactNotes& contact,
                                            const Step& step,
                                            const SystemSpec& system);

/// What a listing changed here: contacts that arrived or were edited, and records that were linked.
/// `notes` are those that observe() left; the outcome is "planned".
[[nodiscard]] std::vector<api::RunRecord> records_of(const Observed& observed,
                                                     const CustomerNotes& notes,
                                                     const SystemSpec& system);

/// Linked records of live contacts that a listing does not show, as what believing it leads to.
[[nodiscard]] std::vector<api::RunRecord> records_of_missing(const CustomerNotes& notes,
                                                             const SystemSpec& system,
                                                             const Listing& listing);

}  // namespace crm::sync
