// Threads that come when work waits and go when they idle. The HTTP library's own pool counts a
// thread as idle until it has woken up, so that in a burst connections wait although more threads
// may come.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <thread>

#include "server/mutex.h"

namespace crm::http {

struct CrewSize {
    std::size_t least = 0;             // threads that stay
    std::size_t most = 0;              // threads at once
    std::size_t waiting_max = 0;       // jobs that wait for a thread
    std::chrono::milliseconds idle{};  // a thread beyond the least ones goes then
};

class ThreadCrew {
   public:
    using Job = std::function<void()>;

    explicit ThreadCrew(const CrewSize& size) : size_(size) {}
    ThreadCrew(const ThreadCrew&) = delete;
    ThreadCrew& operator=(const ThreadCrew&) = delete;
    ~ThreadCrew() { shut_down(); }

    /// False when too many wait already, or after shut_down().
    bool take(Job job);
    /// Waits until every job that was taken is done.
    void shut_down();
    [[nodiscard]] std::size_t thread_count();

   private:
    using Threads = std::list<std::thread>;

    void work(Threads::iterator self);
    [[nodiscard]] Job next_job(Threads::iterator self);  // empty: the thread goes
    void add_thread() CRM_REQUIRES(mutex_);

    const CrewSize size_;
    Mutex mutex_;
    Condition changed_;
    std::deque<Job> jobs_ CRM_GUARDED_BY(mutex_);
    Threads threads_ CRM_GUARDED_BY(mutex_);
    Threads gone_ CRM_GUARDED_BY(mutex_);  // to be joined
    std::size_t idle_ CRM_GUARDED_BY(mutex_) = 0;
    bool is_over_ CRM_GUARDED_BY(mutex_) = false;
};

}  // namespace crm::http
