// Handlers of duplicates: who may be one person, and making them one.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

Result<Response> list_duplicates(const Services& services, const Call& call);
Result<Response> keep_separate(const Services& services, const Call& call);
Result<Response> merge_contacts(const Services& services, const Call& call);

/// Of all contacts, for whoever types one.
Result<Response> list_tags(const Services& services, const Call& call);

}  // namespace crm::http
