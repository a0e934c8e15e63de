// The part of an action's answer that is the action's own: its "output", without the number and the
// log of the run, which differ each time. Found without parsing. Pure.
#pragma once

#include <string_view>

namespace crm::sync {

/// The text of the member "output" of the outermost object; the whole body when there is none.
[[nodiscard]] std::string_view output_part(std::string_view body);

}  // namespace crm::sync
