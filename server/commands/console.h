// How commands speak: one line on standard output for what was done, one on standard error for what
// was not.
#pragma once

#include <string>

#include "shared/result.h"

namespace crm::commands {

inline constexpr int kExitRefused = 1;        // the machine or the data would not let it
inline constexpr int kExitWrongSettings = 2;  // wrong flags

void say(const std::string& line);
/// Says the sentence and gives the code back.
int complain(const std::string& sentence, int exit_code);
/// The same for an error: what a caller wrote wrong is 2, everything else 1.
int complain(const Error& error);

}  // namespace crm::commands
