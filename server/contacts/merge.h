// Making two contacts one, and taking that back. The loser goes to the trash with its history; the
// winner gets the values of both. What becomes of their records in the systems is the observer's
// part of the same transaction.
#pragma once

#include <string>

#include "server/contacts/contact_service.h"
#include "server/store/merge_store.h"
#include "shared/api_duplicates.h"
#include "shared/api_undo.h"
#include "shared/result.h"

namespace crm {

/// NotFound: one of them is not there. Conflict: one of them is deleted. InvalidArgument: together
/// they are too much for one contact. A preview writes nothing.
Result<api::Merge> merge_contacts(ContactService& contacts,
                                  const CustomerId& customer,
                                  const api::MergeRequest& request,
                                  const std::string& actor,
                                  bool is_preview);

/// One transaction. Conflict, with the reason: the merge is older than kMergeUndoMax, undone
/// already, or somebody else has an e-mail now that would be needed.
Result<api::Undo> undo_merge(ContactService& contacts,
                             const CustomerId& customer,
                             const store::MergeRow& merge,
                             const std::string& actor,
                             bool is_preview);

}  // namespace crm
