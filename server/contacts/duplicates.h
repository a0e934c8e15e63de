// Duplicates among the contacts of a customer: all of them, and those of what is being typed.
// Writes nothing but what a person said about a pair. Any thread.
#pragma once

#include <string>
#include <vector>

#include "server/contacts/contact_service.h"
#include "shared/api_duplicates.h"
#include "shared/result.h"

namespace crm {

/// The strongest first, without pairs that are to stay separate. Reads everybody. BadRequest: the
/// cursor is none of ours.
Result<api::DuplicatePage> list_duplicates(ContactService& contacts,
                                           const CustomerId& customer,
                                           int limit,
                                           const std::string& cursor);

/// Who may be the person that is being typed; each of them alone. `self`: the contact that is being
/// edited, or none.
Result<api::DuplicatePage> find_duplicates_of(ContactService& contacts,
                                              const CustomerId& customer,
                                              const ContactFields& typed,
                                              const ContactId& self);

/// NotFound when one of them is not there. Twice is once.
Status keep_separate(ContactService& contacts,
                     const CustomerId& customer,
                     const std::vector<ContactId>& pair,
                     const std::string& actor);

}  // namespace crm
