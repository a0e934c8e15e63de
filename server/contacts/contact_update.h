// What a partial change makes of a contact that may have moved on since it was looked at.
#pragma once

#include <cstdint>
#include <optional>

#include "server/store/database.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

/// The fields of `current` with the patch in them. `seen` is the version that the patch was made
/// from; nullopt: whatever is there now. When that one is older, fields that only one side changed
/// are merged; a field that both changed gives VersionMismatch with details_json.
[[nodiscard]] Result<ContactFields> merge_patch(const store::Connection& connection,
                                                const Contact& current,
                                                const ContactPatch& patch,
                                                std::optional<std::int64_t> seen);

}  // namespace crm
