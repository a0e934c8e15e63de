// Lets few passwords be checked at once: each takes kPasswordMemoryKib, and a flood of sign-ins
// must not take the memory and the threads of everybody else.
#pragma once

#include <optional>

#include "server/limits.h"
#include "server/mutex.h"

namespace crm::people {

class PasswordGate {
   public:
    /// A place inside, given back at its end.
    class Place {
       public:
        explicit Place(PasswordGate& gate) : gate_(&gate) {}
        Place(Place&& other) noexcept : gate_(other.gate_) { other.gate_ = nullptr; }
        Place& operator=(Place&&) = delete;
        ~Place() {
            if (gate_ != nullptr) gate_->leave();
        }

       private:
        PasswordGate* gate_;
    };

    /// Waits for a place; nullopt when kPasswordsWaitingMax wait already.
    [[nodiscard]] std::optional<Place> enter();

   private:
    void leave();

    Mutex mutex_;
    Condition condition_;
    int inside_ CRM_GUARDED_BY(mutex_) = 0;
    int waiting_ CRM_GUARDED_BY(mutex_) = 0;
};

}  // namespace crm::people
