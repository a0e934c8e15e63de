// Numbers and ids that follow from a text: the same seed and customer always give the same
// workspace. Nothing here is a secret, and nothing here is random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace crm::sandbox {

[[nodiscard]] std::uint64_t hash_text(std::string_view text);

/// 24 hex digits, as Integration.app's ids look.
[[nodiscard]] std::string object_id(std::string_view text);
/// Formed like a UUID.
[[nodiscard]] std::string trace_id(std::string_view text);

/// A sequence of numbers that follows from its seed.
class Dice {
   public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    [[nodiscard]] std::uint64_t next();
    /// 0 <= result < bound; bound > 0.
    [[nodiscard]] std::size_t below(std::size_t bound);
    /// True in `percent` of 100 throws.
    [[nodiscard]] bool hits(std::size_t percent) { return below(100) < percent; }

   private:
    std::uint64_t state_;
};

}  // namespace crm::sandbox
