// The commands that take people in from a file and write them into one. Each returns the exit code
// of the process.
#pragma once

#include "server/config.h"

namespace crm::commands {

/// Refused while a server has the database open: there, POST /api/import does the same.
int import_file(const Config& config);
/// Of one moment, while the server runs or not: it reads a copy of the database.
int export_file(const Config& config);

}  // namespace crm::commands
