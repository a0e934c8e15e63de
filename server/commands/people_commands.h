// contacts-server user …, token …: who may sign in, from the machine itself. They work beside a
// running server and take effect at once. Passwords come from the terminal or standard input.
#pragma once

#include <string>
#include <vector>

#include "server/config.h"

namespace crm::commands {

/// Whether the words of the command line begin with user or token.
[[nodiscard]] bool is_people_command(const std::vector<std::string>& words);

/// The exit code.
[[nodiscard]] int run_people_command(const std::vector<std::string>& words,
                                     const Environment& environment);

/// For --help.
[[nodiscard]] std::string people_usage();

}  // namespace crm::commands
