// api_bulk.h <-> JSON. Writers never fail.
#pragma once

#include <string>
#include <string_view>

#include "shared/api_bulk.h"
#include "shared/result.h"

namespace crm::api {

/// {"action":"tag","ids":[…],"add":["vip"],"remove":[]}, or "query":{"q":"…"} and "without":[…] in
/// place of "ids"; "fields":{…} as PATCH takes them. BadRequest: no object. InvalidArgument with
/// `fields`: unknown, missing, too many, or of the wrong type.
[[nodiscard]] Result<BulkRequest> read_bulk_request(std::string_view json);
[[nodiscard]] std::string write_bulk_request(const BulkRequest& request);

[[nodiscard]] std::string write_bulk_report(const BulkReport& report);  // {"bulk":{…}}
[[nodiscard]] Result<BulkReport> read_bulk_report(std::string_view json);

}  // namespace crm::api
