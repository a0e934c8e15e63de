// api_duplicates.h <-> JSON. Writing never fails.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/api_duplicates.h"
#include "shared/result.h"

namespace crm::api {

[[nodiscard]] std::string write_duplicates(const DuplicatePage& page);
[[nodiscard]] std::string write_tag_counts(const std::vector<TagCount>& tags);  // {"tags":[…]}
[[nodiscard]] std::string write_merge(const Merge& merge);                      // {"merge":…}

/// {"winner","loser","fields":{"company":"loser"}}
[[nodiscard]] Result<MergeRequest> read_merge_request(std::string_view json);
/// {"ids":[…,…]}: two of them.
[[nodiscard]] Result<std::vector<ContactId>> read_pair(std::string_view json);

}  // namespace crm::api
