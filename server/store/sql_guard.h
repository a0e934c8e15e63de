// The only catch of what SQLite throws: it becomes an Error here. For store/*.cpp.
#pragma once

#include <stdexcept>

#include "shared/result.h"

namespace crm::store {

/// One sentence for a person, with SQLite's own words last. Unavailable when the disk is full or
/// does not answer, Internal otherwise.
[[nodiscard]] Error sql_error(const std::runtime_error& thrown);

/// Runs `work`, which returns a Result or a Status.
template <class Work>
auto sql_guard(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::runtime_error& thrown) {
        return sql_error(thrown);
    }
}

}  // namespace crm::store
