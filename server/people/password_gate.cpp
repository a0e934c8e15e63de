#include "server/people/password_gate.h"

#include "server/limits.h"

namespace crm::people {

std::optional<PasswordGate::Place> PasswordGate::enter() {
    const Lock lock(mutex_);
    if (inside_ >= kPasswordsAtOnce && waiting_ >= kPasswordsWaitingMax) return std::nullopt;
    ++waiting_;
    while (inside_ >= kPasswordsAtOnce) condition_.wait(mutex_);
    --waiting_;
    ++inside_;
    return Place(*this);
}

void PasswordGate::leave() {
    const Lock lock(mutex_);
    --inside_;
    condition_.notify_all();
}

}  // namespace crm::people
