// What one contact looks like that was two. Pure.
#pragma once

#include "shared/api_duplicates.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

/// The chosen values, all e-mails and phones of both (those of the winner first), all tags.
/// InvalidArgument when that is more than a contact can have.
[[nodiscard]] Result<ContactFields> merge_contact_fields(const ContactFields& winner,
                                                         const ContactFields& loser,
                                                         const api::MergeRequest& request);

}  // namespace crm
