// Mutex, Lock and Condition with the attributes that let clang's -Wthread-safety prove that guarded
// data is only touched under its lock. libstdc++'s own mutex is not annotated. Other compilers see
// plain classes.
//
//   mutable Mutex mutex_;
//   int count_ CRM_GUARDED_BY(mutex_) = 0;
//   void add() { const Lock lock(mutex_); ++count_; }
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define CRM_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define CRM_THREAD_ATTRIBUTE(x)
#endif

#define CRM_GUARDED_BY(mutex) CRM_THREAD_ATTRIBUTE(guarded_by(mutex))
#define CRM_REQUIRES(mutex) CRM_THREAD_ATTRIBUTE(requires_capability(mutex))
#define CRM_EXCLUDES(mutex) CRM_THREAD_ATTRIBUTE(locks_excluded(mutex))

namespace crm {

class CRM_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
   public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() CRM_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
    void unlock() CRM_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

   private:
    friend class Condition;
    std::mutex mutex_;
};

/// Holds the mutex for one scope.
class CRM_THREAD_ATTRIBUTE(scoped_lockable) Lock {
   public:
    explicit Lock(Mutex& mutex) CRM_THREAD_ATTRIBUTE(acquire_capability(mutex)) : mutex_(mutex) {
        mutex_.lock();
    }
    ~Lock() CRM_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    Mutex& mutex_;
};

/// Waits with the mutex held by the caller, and holds it again on return. It may wake without
/// reason: wait in a loop that looks at the guarded data.
class Condition {
   public:
    void wait(Mutex& mutex) CRM_REQUIRES(mutex) {
        std::unique_lock<std::mutex> borrowed(mutex.mutex_, std::adopt_lock);
        condition_.wait(borrowed);
        borrowed.release();
    }
    /// False when the time is over.
    bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point end) CRM_REQUIRES(mutex) {
        std::unique_lock<std::mutex> borrowed(mutex.mutex_, std::adopt_lock);
        const bool is_in_time = condition_.wait_until(borrowed, end) == std::cv_status::no_timeout;
        borrowed.release();
        return is_in_time;
    }
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

   private:
    std::condition_variable condition_;
};

}  // namespace crm
