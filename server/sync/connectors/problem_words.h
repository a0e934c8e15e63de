// The sentence for each code of a problem: what happened, what it means for the data, what to do.
// The codes are stable: people and checks rely on them.
#pragma once

#include <string>
#include <string_view>

namespace crm::sync {

enum class Asked { Listing, Reading, Write };

/// `code` is one of those in problem_words.cpp; `label` is the system's name, "HubSpot".
[[nodiscard]] std::string describe_problem(Asked asked,
                                           std::string_view code,
                                           const std::string& label);

}  // namespace crm::sync
