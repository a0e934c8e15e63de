// What a customer's last run found when there was nothing left to do, so that the next one need not
// look at anything that is still the same. Kept in memory only: after a start the first run looks
// at everything.
//
// The memory counts only while nothing was changed by anybody since: whoever writes contacts or
// notes outside a run calls touch() before the commit and again after it. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "shared/api.h"
#include "shared/ids.h"

namespace crm::sync {

struct QuietEnd {
    std::map<SystemKey, std::string> digests;  // of the complete listings that it looked at
    api::RunState state = api::RunState::Done;
    std::vector<api::RunProblem> problems;  // those that stay until a person acts

    bool operator==(const QuietEnd&) const = default;
};

class QuietMemory {
   public:
    void touch() {
        const std::lock_guard lock(mutex_);
        ++generation_;
        end_.reset();
    }
    [[nodiscard]] std::uint64_t generation() const {
        const std::lock_guard lock(mutex_);
        return generation_;
    }
    /// `generation` is what it was when the run began; nothing is remembered if it moved.
    void remember(std::uint64_t generation, std::optional<QuietEnd> end) {
        const std::lock_guard lock(mutex_);
        if (generation == generation_) end_ = std::move(end);
    }
    [[nodiscard]] std::optional<QuietEnd> find() const {
        const std::lock_guard lock(mutex_);
        return end_;
    }

   private:
    mutable std::mutex mutex_;
    std::uint64_t generation_ = 0;
    std::optional<QuietEnd> end_;
};

}  // namespace crm::sync
