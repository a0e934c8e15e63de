// The people of a new customer's workspace: invented, the same for the same seed and customer, and
// partly in both CRMs, as in a company that has used the two side by side.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/sandbox/record.h"

namespace crm::sandbox {

/// One record to create. `created_at` and `updated_at` are its times.
struct Newcomer {
    Draft draft;
    TimePoint created_at{};
    TimePoint updated_at{};
};

struct Population {
    std::vector<Newcomer> hubspot;
    std::vector<Newcomer> pipedrive;
};

/// 200 people, 120 of them in both CRMs, 40 in either one only. Every record has a name and an
/// e-mail; no e-mail comes twice in one CRM. Where one person is in both, a field that both know is
/// equal (the e-mail but for its case), so nothing contradicts; many fields are known to one side
/// only.
[[nodiscard]] Population make_population(std::uint64_t seed, std::string_view customer);

}  // namespace crm::sandbox
