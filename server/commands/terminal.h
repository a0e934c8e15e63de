// What a person types at a command that nobody may see.
#pragma once

#include <string>

#include "shared/result.h"

namespace crm::commands {

/// From a terminal twice and without showing it, else the first line of standard input: never from
/// the words of the command, which every user of the machine can see. InvalidArgument: there is
/// none, the two differ, or Ctrl-C.
[[nodiscard]] Result<std::string> read_password(const std::string& question);

}  // namespace crm::commands
