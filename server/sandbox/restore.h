// Taking a record out of the recycle bin, which only people can do, on the pages: neither CRM lets
// a program do it.
#pragma once

#include <string_view>

#include "server/sandbox/crm.h"

namespace crm::sandbox {

/// The record, alive with its old id. Refused when it is not in the bin, was merged away, or when a
/// live HubSpot contact has one of its addresses by now.
[[nodiscard]] Result<CrmAnswer> restore_record(Session& session,
                                               System system,
                                               std::string_view id,
                                               TimePoint now);

/// A record that may be in the bin; refused when there is none, or it was merged away.
[[nodiscard]] Result<CrmAnswer> find_with_bin(Session& session, System system, std::string_view id);

}  // namespace crm::sandbox
