#include "server/store/process_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace crm::store {

Result<ProcessLock> ProcessLock::acquire(const std::filesystem::path& file) {
    // Not inherited by programs that the server starts: they would hold the lock past its end.
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return Error{ErrorCode::Unavailable,
                     "The folder of the database cannot be written, so the server did not start; "
                     "check who may write " +
                         file.parent_path().string() + " (" + std::strerror(errno) + ")"};
    }
    ProcessLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return Error{ErrorCode::Unavailable,
                     "Another server has this database open; stop it first, or name another folder "
                     "with --data (" +
                         file.string() + ")"};
    }
    return lock;
}

ProcessLock::ProcessLock(int descriptor) : descriptor_(descriptor) {}

ProcessLock::ProcessLock(ProcessLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

ProcessLock& ProcessLock::operator=(ProcessLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

ProcessLock::~ProcessLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace crm::store
