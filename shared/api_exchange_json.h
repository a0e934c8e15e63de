// api_exchange.h <-> JSON, and the mapping of columns that a caller sends.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "shared/api_exchange.h"
#include "shared/result.h"

namespace crm::api {

[[nodiscard]] std::string write_import_report(const ImportReport& report);  // {"import":{…}}
[[nodiscard]] Result<ImportReport> read_import_report(std::string_view json);

/// {"olderThanDays": 30}. BadRequest: no object. InvalidArgument with `fields`: missing, no whole
/// number from 0 to kPurgeDaysMax, or anything else in it.
[[nodiscard]] Result<int> read_purge_request(std::string_view json);
/// {"purged":3,"waiting":1}
[[nodiscard]] std::string write_purged(std::int64_t purged, std::int64_t waiting);

/// {"E-Mail": "email", "#3": "", …}: header or place of a column -> field. BadRequest for anything
/// but an object of texts.
[[nodiscard]] Result<std::map<std::string, std::string>> read_mapping(std::string_view json);
[[nodiscard]] std::string write_mapping(const std::map<std::string, std::string>& mapping);

}  // namespace crm::api
