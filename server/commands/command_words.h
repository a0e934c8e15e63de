// What stands behind a command: its own flags, and at most one name of a file. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace crm::commands {

struct WordRules {
    std::string_view command;
    bool has_file = false;                   // a name without flag, which must be there
    std::vector<std::string_view> flags;     // "--format", each with a value
    std::vector<std::string_view> switches;  // "--dry-run", without
};

struct Words {
    std::string file;
    std::map<std::string, std::string, std::less<>> values;  // of switches: ""

    /// nullptr when it was not given.
    [[nodiscard]] const std::string* find(std::string_view flag) const;
};

/// InvalidArgument with one sentence: an unknown flag, a flag twice or without its value, a missing
/// or a second file.
[[nodiscard]] Result<Words> read_words(const std::vector<std::string>& words,
                                       const WordRules& rules);

}  // namespace crm::commands
