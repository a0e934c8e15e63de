// The only source of chance: ids, secrets, jitter. Tests and the simulation pass a seeded one.
#pragma once

#include <cstdint>
#include <string>

namespace crm {

class Random {
   public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;
    /// 64 bits, evenly spread. Safe to call from any thread.
    [[nodiscard]] virtual std::uint64_t next() = 0;
};

/// The operating system's, through OpenSSL; good enough for secrets.
class SystemRandom final : public Random {
   public:
    [[nodiscard]] std::uint64_t next() override;
};

/// A version 4 UUID.
[[nodiscard]] std::string make_uuid(Random& random);

/// 0 <= result < bound; bound > 0.
[[nodiscard]] std::uint64_t random_below(Random& random, std::uint64_t bound);

}  // namespace crm
