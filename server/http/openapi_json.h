// The description of the API in OpenAPI 3.1, made of the table of routes, of route_words.h and of
// api_schemas.h. A connector can be generated from it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm::http {

/// The whole document. `server_url` is where the API is: "/" for the server that is asked.
[[nodiscard]] std::string write_openapi(std::string_view version, std::string_view server_url);

/// {"status":"ready","checks":{…}} from pairs of check and problem; "" is none.
using ReadyChecks = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string write_ready(const ReadyChecks& checks);

}  // namespace crm::http
