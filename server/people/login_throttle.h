// How long somebody who tries passwords must wait. Three counts of failures: of an address, of a
// user from addresses that never signed in as that user, and of a user at one address. Each lets
// some through and then doubles the wait up to a limit; what is tried while waiting is refused and
// counts nothing, so no wait is ever prolonged by somebody else's trying, and nothing locks for
// good. An owner at an address that is known for them waits for nobody's failures but their own.
//
// In memory: a restart forgets. Pure but for the lock; any thread may call.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "server/mutex.h"
#include "shared/limits.h"
#include "shared/time_text.h"

namespace crm::people {

struct Attempt {
    std::string address;
    std::string user;               // its id, or for a stranger the e-mail's key
    bool is_address_known = false;  // this user has signed in from there
};

class LoginThrottle {
   public:
    /// Zero: go on. The attempt is counted as a failure at once, so that a hundred at the same
    /// moment do not all pass; succeed() takes it back. Else how long to wait.
    [[nodiscard]] std::chrono::seconds begin(const Attempt& attempt, TimePoint now);
    /// The password was right: what this user failed at this address is forgotten.
    void succeed(const Attempt& attempt);

    [[nodiscard]] std::size_t key_count() const;

   private:
    struct Count {
        int failures = 0;
        TimePoint last{};
    };
    struct Limit {
        std::string key;
        int free = 0;
        std::chrono::seconds wait_max{};
    };
    [[nodiscard]] static std::vector<Limit> limits_of(const Attempt& attempt);
    void forget_old(TimePoint now) CRM_REQUIRES(mutex_);

    mutable Mutex mutex_;
    std::map<std::string, Count> counts_ CRM_GUARDED_BY(mutex_);
};

}  // namespace crm::people
