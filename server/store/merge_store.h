// SQL for duplicates: who may be one person, which contacts became one, which are to stay apart.
// No rules here: server/contacts/duplicates.h and merge.h have them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/store/database.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm::store {

/// A record that went with a merge from the loser to the winner.
struct MovedLink {
    SystemKey system;
    RemoteId record;
    /// The winner was to have no record there before (a person's or a policy's decision).
    bool was_detached = false;

    bool operator==(const MovedLink&) const = default;
};

struct MergeRow {
    std::string id;  // of its changes in history
    ContactId winner;
    ContactId loser;
    TimePoint at{};
    std::optional<TimePoint> undone_at;
    std::vector<MovedLink> moved;
};

Status add_merge(Transaction& transaction, const CustomerId& customer, const MergeRow& row);
Result<std::optional<MergeRow>> find_merge(const Connection& connection,
                                           const CustomerId& customer,
                                           const std::string& id);
Status end_merge(Transaction& transaction, const std::string& id, TimePoint undone_at);
/// Loser -> winner, of merges that stand.
Result<std::map<ContactId, ContactId>> load_merged(const Connection& connection,
                                                   const CustomerId& customer);

/// The smaller id first.
using ContactPair = std::pair<ContactId, ContactId>;
[[nodiscard]] ContactPair make_pair_of(ContactId left, ContactId right);

/// Remembered for good; twice is once.
Status keep_separate(Transaction& transaction,
                     const CustomerId& customer,
                     const ContactPair& pair,
                     const std::string& actor,
                     TimePoint at);
Result<std::set<ContactPair>> load_kept_separate(const Connection& connection,
                                                 const CustomerId& customer);

/// Everyone alive and confirmed, by id, with the fields that tell duplicates: name, company,
/// e-mails and phones.
Result<std::vector<Contact>> load_comparable(const Connection& connection,
                                             const CustomerId& customer);

}  // namespace crm::store
