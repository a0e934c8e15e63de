// The lock is not held while work is done, so that work may add more.
#include "server/sandbox/late_calls.h"

#include <utility>

namespace crm::sandbox {

LateCalls::LateCalls(std::size_t waiting_max)
    : waiting_max_(waiting_max), thread_([this] { run(); }) {}

LateCalls::~LateCalls() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool LateCalls::add(std::chrono::milliseconds delay, std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || waiting_.size() >= waiting_max_) return false;
        waiting_.emplace(std::chrono::steady_clock::now() + delay, std::move(work));
    }
    changed_.notify_all();
    return true;
}

void LateCalls::run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        if (waiting_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const Moment next = waiting_.begin()->first;
        if (std::chrono::steady_clock::now() < next) {
            changed_.wait_until(lock, next);
            continue;
        }
        const std::function<void()> work = std::move(waiting_.begin()->second);
        waiting_.erase(waiting_.begin());
        lock.unlock();
        work();
        lock.lock();
    }
}

}  // namespace crm::sandbox
