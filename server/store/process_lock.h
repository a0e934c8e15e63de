// One process at a time on one database. The kernel holds the lock and drops it however the process
// ends, kill -9 included; so a lock file that is lying about means nothing by itself.
#pragma once

#include <filesystem>

#include "shared/result.h"

namespace crm::store {

class ProcessLock {
   public:
    /// Creates the file if missing. Unavailable when somebody else holds it.
    static Result<ProcessLock> acquire(const std::filesystem::path& file);
    ProcessLock(ProcessLock&& other) noexcept;
    ProcessLock& operator=(ProcessLock&& other) noexcept;
    ~ProcessLock();

   private:
    explicit ProcessLock(int descriptor);
    int descriptor_ = -1;  // -1: moved from
};

}  // namespace crm::store
