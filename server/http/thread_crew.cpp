#include "server/http/thread_crew.h"

#include <iterator>
#include <system_error>
#include <utility>

namespace crm::http {

/// A machine that gives no more threads has to do with those that are there.
void ThreadCrew::add_thread() {
    threads_.emplace_back();
    const auto self = std::prev(threads_.end());
    try {
        *self = std::thread([this, self] { work(self); });
    } catch (const std::system_error&) {
        threads_.erase(self);
    }
}

bool ThreadCrew::take(Job job) {
    Threads gone;
    {
        const Lock lock(mutex_);
        if (is_over_ || jobs_.size() >= size_.waiting_max) return false;
        jobs_.push_back(std::move(job));
        // Who was woken and is not up yet still counts as idle, and so does its job as waiting.
        if (jobs_.size() > idle_ && threads_.size() < size_.most) add_thread();
        gone.swap(gone_);
    }
    changed_.notify_one();
    for (std::thread& thread : gone) thread.join();
    return true;
}

ThreadCrew::Job ThreadCrew::next_job(Threads::iterator self) {
    const Lock lock(mutex_);
    const auto end = std::chrono::steady_clock::now() + size_.idle;
    ++idle_;
    bool is_in_time = true;
    while (jobs_.empty() && !is_over_ && (is_in_time || threads_.size() <= size_.least)) {
        if (is_in_time) {
            is_in_time = changed_.wait_until(mutex_, end);
        } else {
            changed_.wait(mutex_);
        }
    }
    --idle_;
    if (!jobs_.empty()) {
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        return job;
    }
    if (!is_over_) gone_.splice(gone_.end(), threads_, self);
    return {};
}

void ThreadCrew::work(Threads::iterator self) {
    while (const Job job = next_job(self)) job();
}

void ThreadCrew::shut_down() {
    Threads all;
    {
        const Lock lock(mutex_);
        is_over_ = true;
        all.splice(all.end(), threads_);
        all.splice(all.end(), gone_);
    }
    changed_.notify_all();
    for (std::thread& thread : all) thread.join();
}

std::size_t ThreadCrew::thread_count() {
    const Lock lock(mutex_);
    return threads_.size();
}

}  // namespace crm::http
