// The people of a new customer's workspace: invented, the same for the same seed and customer, and
// partly in both CRMs, as in a company that has used the two side by side.
#pragma once

#include <cstddef>
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

/// How many there are, and how alike.
struct Crowd {
    std::size_t people = 200;
    std::size_t shared = 120;       // the first ones are in both CRMs
    std::size_t hubspot_only = 40;  // the next ones in HubSpot, the rest in Pipedrive
    bool does_agree = false;        // both CRMs know the same of whoever is in both
    bool can_share_names = false;   // two people may have one name; large crowds need it
};

/// Every record has a name and an e-mail; no e-mail comes twice in one CRM. Where one person is in
/// both, a field that both know is equal (the e-mail but for its case), so nothing contradicts;
/// many fields are known to one side only, unless they agree.
[[nodiscard]] Population make_population(std::uint64_t seed,
                                         std::string_view customer,
                                         const Crowd& crowd = {});

}  // namespace crm::sandbox
