// Chance that is the same in every run with the same seed (SplitMix64). Safe to call from any
// thread; what each thread gets then depends on the order of their calls.
#pragma once

#include <atomic>
#include <cstdint>

#include "server/random.h"

namespace crm::test {

class SeededRandom final : public Random {
   public:
    explicit SeededRandom(std::uint64_t seed = 1) : state_(seed) {}

    [[nodiscard]] std::uint64_t next() override {
        constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_.fetch_add(kStep) + kStep;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31U);
    }

   private:
    std::atomic<std::uint64_t> state_;
};

}  // namespace crm::test
