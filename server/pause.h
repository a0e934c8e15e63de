// Waiting that can be cut short.
#pragma once

#include <chrono>

#include "server/mutex.h"

namespace crm {

/// Waiting that ends early when the server stops: connectors pause with it between attempts.
class Pause {
   public:
    void wait(std::chrono::milliseconds most) {
        const auto end = std::chrono::steady_clock::now() + most;
        const Lock lock(mutex_);
        while (!is_over_ && std::chrono::steady_clock::now() < end) {
            condition_.wait_until(mutex_, end);
        }
    }
    void end() {
        const Lock lock(mutex_);
        is_over_ = true;
        condition_.notify_all();
    }

   private:
    Mutex mutex_;
    Condition condition_;
    bool is_over_ CRM_GUARDED_BY(mutex_) = false;
};

}  // namespace crm
