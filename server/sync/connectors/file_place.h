// Where in connectors.json a mistake is, for the sentence about it.
#pragma once

#include <string>

#include "shared/result.h"

namespace crm::sync {

/// Where in the file we are: the file and the entry, for messages.
struct Place {
    std::string file;
    std::string entry;  // "systems[0] (hubspot)"

    [[nodiscard]] Error wrong(const std::string& member, const std::string& expectation) const {
        return {.code = ErrorCode::InvalidArgument,
                .message = "In " + file + (entry.empty() ? "" : ", " + entry) + ": \"" + member +
                           "\" " + expectation};
    }
};

}  // namespace crm::sync
