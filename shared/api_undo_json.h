// api_undo.h -> JSON. Never fails.
#pragma once

#include <string>

#include "shared/api_undo.h"

namespace crm::api {

[[nodiscard]] std::string write_undo(const Undo& undo);  // {"undo":…}

}  // namespace crm::api
