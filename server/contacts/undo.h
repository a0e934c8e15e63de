// Undoes what history tells of: one change, or all changes of a sync run or of one action on many
// contacts. Every undo is a new write, which syncs as any edit does and can be undone itself. What
// was changed since is left alone and named.
#pragma once

#include <string>
#include <string_view>

#include "server/contacts/contact_service.h"
#include "shared/api_undo.h"
#include "shared/result.h"

namespace crm {

/// `id`: of a line of history, of a sync run, or that an action on many contacts or an undo gave.
/// NotFound: the customer has no change under it. So many contacts at a time are one transaction
/// (kImportBatchRows): an undo that is cut short has undone some of them, and the same call
/// undoes the rest.
Result<api::Undo> undo_changes(ContactService& contacts,
                               const CustomerId& customer,
                               std::string_view id,
                               const std::string& actor,
                               bool is_preview);

}  // namespace crm
