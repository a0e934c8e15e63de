// What the comparison asks of a sync engine: people's doings in its app, one round of syncing, and
// what it then holds. Two systems and a clock belong to it, the same for every engine.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "shared/contact.h"
#include "tests/support/fake_crm.h"

namespace crm::test {

/// The times of a world, and whether engines know them.
struct Weather {
    std::chrono::milliseconds staleness{0};
    std::chrono::milliseconds lateness{0};
};

class Contestant {
   public:
    Contestant() = default;
    Contestant(const Contestant&) = delete;
    Contestant& operator=(const Contestant&) = delete;
    virtual ~Contestant() = default;

    // People in the app; false: it does not let them, or does not know whom they mean.
    virtual bool create(const std::string& name, const std::string& email) = 0;
    virtual bool edit(const std::string& email,
                      const std::string& field,
                      const std::string& value) = 0;
    virtual bool remove(const std::string& email) = 0;

    virtual void sync() = 0;

    [[nodiscard]] virtual std::vector<ContactFields> live() = 0;
    /// Values that lost, where a person can find them again.
    [[nodiscard]] virtual std::set<std::string> kept_values() = 0;
    [[nodiscard]] virtual FakeClock& clock() = 0;
    [[nodiscard]] virtual std::vector<FakeCrm*> systems() = 0;
};

[[nodiscard]] std::unique_ptr<Contestant> make_engine(std::uint64_t seed, const Weather& weather);

/// What the predecessor forgot in two places: that deleted contacts are deleted.
enum class DeletedFilter { Missing, Added };
[[nodiscard]] std::unique_ptr<Contestant> make_predecessor(std::uint64_t seed,
                                                           DeletedFilter filter);

}  // namespace crm::test
