// SQL for contacts and their history. Functions, not a class: they hold nothing. Every query names
// the customer; what belongs to another one is not found. No rules here: contact_service has them.
//
// Contacts come without links; their `sources` hold the system they were first seen in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/database.h"
#include "shared/api.h"
#include "shared/api_duplicates.h"
#include "shared/contact.h"
#include "shared/contact_query.h"
#include "shared/result.h"

namespace crm::store {

/// Tombstones too.
Result<std::optional<Contact>> find_contact(const Connection& connection,
                                            const CustomerId& customer,
                                            const ContactId& id);
Result<std::optional<Contact>> find_live_by_email(const Connection& connection,
                                                  const CustomerId& customer,
                                                  std::string_view email_key);
/// The live one, else the tombstone that was deleted last.
Result<std::optional<Contact>> find_any_by_email(const Connection& connection,
                                                 const CustomerId& customer,
                                                 std::string_view email_key);
/// Live ones without e-mail whose name is the same but for case and accents.
Result<std::vector<Contact>> find_live_without_email(const Connection& connection,
                                                     const CustomerId& customer,
                                                     std::string_view name);
/// Counting what a query finds costs as much as reading it: who walks all pages leaves it.
enum class Total { Counted, Skipped };
/// One page, with the total of the query: whoever matches() it, but for what the filter asks about
/// sync, which counts as met; where nobody does, whoever has words like those of the text.
/// BadRequest: the cursor does not fit the order.
Result<api::ContactPage> list_contacts(const Connection& connection,
                                       const CustomerId& customer,
                                       const ContactQuery& query,
                                       Total total = Total::Counted);
/// Leads to what comes after this contact in a list that is sorted so.
[[nodiscard]] std::string cursor_after(const Contact& last, const std::vector<SortKey>& sort);
/// The tags of all who are alive, by their bytes, with the number of contacts.
Result<std::vector<api::TagCount>> list_tags(const Connection& connection,
                                             const CustomerId& customer);
/// Everyone of a customer, tombstones too, by id.
Result<std::vector<Contact>> load_contacts(const Connection& connection,
                                           const CustomerId& customer);

/// `deleted` contacts get their update time as the time of deletion. The first of `sources` is
/// kept.
Status insert_contact(Transaction& transaction, const Contact& contact);
/// Replaces the row, which must still have `expected_version`; VersionMismatch otherwise.
Status update_contact(Transaction& transaction,
                      const Contact& contact,
                      std::int64_t expected_version);
/// Ends probation; leaves the version as it is. No effect on a confirmed contact.
Status confirm_contact(Transaction& transaction, const ContactId& id);
/// Removes an arriving contact and its history. NotFound when it is confirmed or not there.
Status withdraw_contact(Transaction& transaction, const ContactId& id);

/// A line to be added to a contact's history.
struct HistoryLine {
    TimePoint at{};
    std::string kind;
    std::string actor;
    std::string system;
    std::string run_id;
    std::string note;
    /// Set: the change that made this version, with exact_changes(). Not set: a remark, whose
    /// changes are shown as they are.
    std::optional<std::int64_t> version;
    std::vector<FieldChange> changes;
};

/// What differs, as stored: texts as they are, lists as their JSON.
[[nodiscard]] std::vector<FieldChange> exact_changes(const ContactFields& from,
                                                     const ContactFields& to);

/// A value as exact_changes() writes it, back into its field. Internal: the text is none of these.
Status set_exact(ContactFields& fields, const std::string& wire, const std::string& value);

/// One change of a contact, as it was written.
struct JournalLine {
    ContactId contact;
    std::string kind;                  // "created", "imported", "updated", "deleted", "restored"
    SystemKey system;                  // where it came from; "local": a person here
    std::int64_t version = 0;          // of the contact, which the change made
    std::vector<FieldChange> changes;  // exact_changes()
};

/// Either one line of history, or all lines with this run: those of a sync run, or of one action
/// of a person on many contacts.
struct JournalKey {
    std::optional<std::int64_t> line;
    std::string group;
};

/// In the order in which they were written; remarks are left out. Empty: the customer has no such
/// change.
Result<std::vector<JournalLine>> load_journal(const Connection& connection,
                                              const CustomerId& customer,
                                              const JournalKey& key);

/// NotFound when the customer has no such contact.
Status append_history(Transaction& transaction,
                      const CustomerId& customer,
                      const ContactId& contact,
                      const HistoryLine& line);
/// Newest first.
Result<std::vector<api::HistoryEntry>> load_history(const Connection& connection,
                                                    const CustomerId& customer,
                                                    const ContactId& contact);
/// The version that a contact had at a time, and whether it was deleted then; nullopt: it was not
/// here yet.
struct VersionAt {
    std::int64_t version = 0;
    bool is_deleted = false;
    TimePoint since{};
};
Result<std::optional<VersionAt>> version_at(const Connection& connection,
                                            const CustomerId& customer,
                                            const ContactId& contact,
                                            TimePoint time);
/// The fields that `current` had at an earlier version; nullopt when it never had that version.
Result<std::optional<ContactFields>> fields_at(const Connection& connection,
                                               const Contact& current,
                                               std::int64_t version);

}  // namespace crm::store
