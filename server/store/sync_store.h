// SQL for the sync engine's notes, runs and approvals. Functions, not a class: they hold nothing.
// Writing functions join the caller's transaction.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "server/store/database.h"
#include "server/store/sync_notes.h"
#include "shared/api.h"
#include "shared/result.h"

namespace crm::store {

/// Everything of a customer, contacts without their links and sources.
Result<sync::CustomerNotes> load_customer_notes(const Connection& connection,
                                                const CustomerId& customer);

/// What is needed to explain one contact: itself, whoever ever had its e-mail, held records and
/// systems. NotFound when there is no such contact.
Result<sync::CustomerNotes> load_notes_around(const Connection& connection,
                                              const CustomerId& customer,
                                              const ContactId& contact);

/// One contact. NotFound when there is none.
Result<sync::ContactNotes> load_contact_notes(const Connection& connection,
                                              const CustomerId& customer,
                                              const ContactId& contact);

/// Completes notes that hold only a contact: its standings and aliases.
Status complete_notes(const Connection& connection, sync::ContactNotes& notes);

/// Replaces all that is known about a contact in a system; a blank standing leaves nothing behind.
Status save_standing(Transaction& transaction,
                     const Contact& contact,
                     const SystemKey& system,
                     const sync::Standing& standing);
/// Who has a record: the contact it is linked to, or the one it died with.
struct RecordOwner {
    ContactId contact;
    bool is_dead = false;
};
Result<std::optional<RecordOwner>> find_record_owner(const Connection& connection,
                                                     const CustomerId& customer,
                                                     const sync::RemoteKey& record);
/// Contacts whose calls a crash left without an end, with the system of each.
Result<std::vector<std::pair<ContactId, SystemKey>>> load_interrupted(const Connection& connection,
                                                                      const CustomerId& customer);
/// Systems with calls that got no answer yet.
Result<std::set<SystemKey>> load_unanswered(const Connection& connection,
                                            const CustomerId& customer);
Status add_alias(Transaction& transaction, const Contact& contact, const std::string& email_key);
Status add_dead(Transaction& transaction,
                const CustomerId& customer,
                const sync::RemoteKey& record,
                const ContactId& contact,
                TimePoint since);
Status remove_dead(Transaction& transaction,
                   const CustomerId& customer,
                   const sync::RemoteKey& record);
Status suppress(Transaction& transaction,
                const Contact& contact,
                TimePoint since);  // all its aliases
Status lift_suppression(Transaction& transaction,
                        const Contact& contact);  // of its e-mail, and all it caused
Status save_hold(Transaction& transaction,
                 const CustomerId& customer,
                 const sync::RemoteKey& record,
                 const sync::Hold& hold);
Status remove_hold(Transaction& transaction,
                   const CustomerId& customer,
                   const sync::RemoteKey& record);
Result<std::optional<sync::Hold>> find_hold(const Connection& connection,
                                            const CustomerId& customer,
                                            const sync::RemoteKey& record);
/// Which held records. Empty: any.
struct HoldFilter {
    SystemKey system;
    std::string reason;     // as stored
    sync::RemoteKey after;  // for pages: what comes behind this one
};
/// By system and record.
Result<std::vector<std::pair<sync::RemoteKey, sync::Hold>>> list_holds(const Connection& connection,
                                                                       const CustomerId& customer,
                                                                       const HoldFilter& filter,
                                                                       int most);
/// Of all pages.
Result<std::int64_t> count_holds(const Connection& connection,
                                 const CustomerId& customer,
                                 const HoldFilter& filter);
Status lift_suppression_of(Transaction& transaction,
                           const CustomerId& customer,
                           const std::string& email_key);
Status add_conflict(Transaction& transaction,
                    const CustomerId& customer,
                    const sync::ConflictRow& row);
/// All of a customer, oldest first.
Result<std::vector<sync::ConflictRow>> load_conflicts(const Connection& connection,
                                                      const CustomerId& customer);
/// Which conflicts. Empty: any.
struct ConflictFilter {
    std::string state;  // "open", "auto", "resolved"
    ContactId contact;
};
/// Newest first, older than `before` (0: from the newest on).
Result<std::vector<sync::ConflictRow>> list_conflicts(const Connection& connection,
                                                      const CustomerId& customer,
                                                      const ConflictFilter& filter,
                                                      std::int64_t before,
                                                      int most);
Result<std::int64_t> count_conflicts(const Connection& connection,
                                     const CustomerId& customer,
                                     const ConflictFilter& filter);
Result<sync::ConflictRow> find_conflict(const Connection& connection,
                                        const CustomerId& customer,
                                        std::int64_t id);  // NotFound
/// State and resolution; what was recorded stays as it is.
Status resolve_conflict(Transaction& transaction, const sync::ConflictRow& row);
/// The number of the customer's newest conflict; 0 when there is none.
Result<std::int64_t> newest_conflict(const Connection& connection, const CustomerId& customer);
/// The systems with which the contact has a conflict that waits for a person.
Result<std::set<SystemKey>> load_disputed(const Connection& connection,
                                          const CustomerId& customer,
                                          const ContactId& contact);
/// Takes all notes of a contact back, with its links: for one that left probation without becoming
/// real.
Status forget_contact(Transaction& transaction, const ContactId& contact);

Status save_system(Transaction& transaction,
                   const CustomerId& customer,
                   const SystemKey& system,
                   const sync::SystemRow& row);
Result<std::map<SystemKey, sync::SystemRow>> load_systems(const Connection& connection,
                                                          const CustomerId& customer);
/// Whether a person paused the system: asked right before each write.
Result<bool> is_system_paused(const Connection& connection,
                              const CustomerId& customer,
                              const SystemKey& system);

/// A run in full, with its problems and the work that it holds back.
Status save_run(Transaction& transaction, const CustomerId& customer, const api::Run& run);
/// Newest first, without their records.
Result<std::vector<api::Run>> load_runs(const Connection& connection,
                                        const CustomerId& customer,
                                        int most);
/// The newest run that did something: previews do not.
Result<std::optional<api::Run>> load_last_run(const Connection& connection,
                                              const CustomerId& customer);
Result<api::Run> load_run(const Connection& connection,
                          const CustomerId& customer,
                          const RunId& run);  // NotFound
/// Runs that a crash left queued or running become failed; of every customer.
Status fail_open_runs(Transaction& transaction, TimePoint now);
/// Drops all but the newest runs of a customer; held ones stay.
Status prune_runs(Transaction& transaction, const CustomerId& customer, std::size_t kept);
/// Held runs become superseded, but for `except`.
Status supersede_held_runs(Transaction& transaction,
                           const CustomerId& customer,
                           const RunId& except,
                           TimePoint now);

/// What a brake holds back, by name: "hubspot delete <contact>", "hubspot empty", "hubspot first".
/// A run's held work becomes granted by approval; grants are used up by what they let through.
Status save_held(Transaction& transaction,
                 const CustomerId& customer,
                 const RunId& run,
                 const std::set<std::string>& held);
Status grant_held(Transaction& transaction, const CustomerId& customer, const RunId& run);
Status drop_held(Transaction& transaction, const CustomerId& customer, const RunId& run);
Result<std::set<std::string>> load_grants(const Connection& connection, const CustomerId& customer);
Status use_grants(Transaction& transaction,
                  const CustomerId& customer,
                  const std::set<std::string>& used);

/// Customers that have contacts, links or runs.
Result<std::vector<CustomerId>> load_customers(const Connection& connection);

}  // namespace crm::store
