// Work that is done later, on one thread of its own, in the order of its time. What is not due when
// it ends is never done: a request that was on its way when the power went.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "server/sandbox/limits.h"

namespace crm::sandbox {

class LateCalls {
   public:
    explicit LateCalls(std::size_t waiting_max = kSandboxLateWritesMax);
    LateCalls(const LateCalls&) = delete;
    LateCalls& operator=(const LateCalls&) = delete;
    ~LateCalls();  // waits for the one that is being done

    /// false when as many as there may be are waiting already.
    [[nodiscard]] bool add(std::chrono::milliseconds delay, std::function<void()> work);

   private:
    using Moment = std::chrono::steady_clock::time_point;
    void run();

    const std::size_t waiting_max_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::multimap<Moment, std::function<void()>> waiting_;
    std::thread thread_;
};

}  // namespace crm::sandbox
