// Lists whose filter asks how contacts stand with a system. No table knows that: links are filled
// for whoever the rest of the query finds, and the others left out. It costs a look at each of
// them.
#pragma once

#include <functional>
#include <vector>

#include "server/store/database.h"
#include "shared/api.h"
#include "shared/contact.h"
#include "shared/contact_query.h"
#include "shared/result.h"

namespace crm {

using FillLinks = std::function<Status(const store::Connection&, std::vector<Contact>&)>;

/// As store::list_contacts(), with the links of the page filled.
[[nodiscard]] Result<api::ContactPage> list_by_sync(const store::Connection& connection,
                                                    const CustomerId& customer,
                                                    const ContactQuery& query,
                                                    const FillLinks& fill_links);

/// Takes out who does not meet the filter; links are filled.
void keep_matching(std::vector<Contact>& contacts, const ContactFilter& filter);

}  // namespace crm
