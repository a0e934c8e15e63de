// api_undo.h <-> JSON. Writing never fails.
#pragma once

#include <string>
#include <string_view>

#include "shared/api_undo.h"
#include "shared/result.h"

namespace crm::api {

[[nodiscard]] std::string write_undo(const Undo& undo);  // {"undo":…}
[[nodiscard]] Result<Undo> read_undo(std::string_view json);

}  // namespace crm::api
