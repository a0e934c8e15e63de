// What the lines of one card say about a person. Pure.
#pragma once

#include <vector>

#include "server/exchange/import_row.h"
#include "server/exchange/vcard.h"

namespace crm::exchange {

/// The number is left to the caller. Photos, addresses and whatever else a contact does not hold
/// are left out.
[[nodiscard]] ImportRow read_card(const std::vector<VcardLine>& lines);

}  // namespace crm::exchange
