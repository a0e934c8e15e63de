// The commands that look after the database file: check, backup, restore, purge. Each returns the
// exit code of the process.
#pragma once

#include "server/config.h"

namespace crm::commands {

int check(const Config& config);
int back_up(const Config& config);
int restore(const Config& config);
int purge(const Config& config);

}  // namespace crm::commands
