// Work that is done later, on one thread of its own, in the order of its time. What is not due when
// it ends is never done: a request that was on its way when the power went.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace crm::sandbox {

class LateCalls {
   public:
    LateCalls();
    LateCalls(const LateCalls&) = delete;
    LateCalls& operator=(const LateCalls&) = delete;
    ~LateCalls();  // waits for the one that is being done

    /// false when kSandboxLateWritesMax are waiting already.
    [[nodiscard]] bool add(std::chrono::milliseconds delay, std::function<void()> work);

   private:
    using Moment = std::chrono::steady_clock::time_point;
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::multimap<Moment, std::function<void()>> waiting_;
    std::thread thread_;
};

}  // namespace crm::sandbox
