// Brakes on what a listing says, before anything of it is believed. Pure. Each is found from the
// listing and the notes alone; whether a person granted it is its caller's to know.
//
//   brake_empty      no records at all where two or more are linked
//   brake_absent     more than max(5, 20 %) of the linked records are missing
//   brake_count      the system says that it has that many records fewer than last time
//   brake_changed    one field differs in more than half of the linked records
//   brake_blanked    one field became empty in more than 10 % of the linked records
//   brake_conflicts  more than 20 % of the records conflict with contacts here
//   brake_account    another account is behind the connection
//   brake_mapping    the fields mean something else than when the agreements were made
//
// The last four percentages count only from 20 records on.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/brakes.h"
#include "server/sync/observe.h"

namespace crm::sync {

struct ListingCase {
    const CustomerNotes& notes;  // before the listing is observed, but for the conflicts
    const SystemSpec& system;
    const Listing& listing;
    const Window& window;
};

/// Those that a listing trips, the ones that hold the whole system first.
[[nodiscard]] std::vector<Brake> find_listing_brakes(const ListingCase& read);

/// `observed` is what the listing would change.
[[nodiscard]] std::optional<Brake> find_conflict_brake(const Observed& observed,
                                                       const ListingCase& read);

/// Before the listing: `row` is what is known of the system, `fingerprint` "" when unreadable.
[[nodiscard]] std::optional<Brake> find_account_brake(const SystemSpec& system,
                                                      const SystemRow& row,
                                                      const std::string& fingerprint);
[[nodiscard]] std::optional<Brake> find_mapping_brake(const SystemSpec& system,
                                                      const SystemRow& row);

/// A grant of one of the first six: it ends with the first complete listing that needs it no more.
[[nodiscard]] bool is_listing_work(const SystemKey& system, const std::string& work);

/// After a yes to another mapping: every value of the system is taken as if seen for the first
/// time. The contacts that had any.
std::set<ContactId> forget_agreements(CustomerNotes& notes, const SystemKey& system);

/// The listing is short of what the system itself says it has: it proves no absence.
[[nodiscard]] bool is_listing_short(const Listing& listing);
[[nodiscard]] api::RunProblem short_listing_problem(const SystemSpec& system,
                                                    const Listing& listing);

}  // namespace crm::sync
