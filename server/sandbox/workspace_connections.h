// A customer's connections in Integration.app: list, get, connect (again), test, disconnect. What
// is disconnected keeps its records.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"
#include "server/sandbox/wire_json.h"

namespace crm::sandbox {

/// `{"items":[…],"cursor"?}` for ?limit=&cursor=: a cursor is where the next page starts.
[[nodiscard]] Response paged(const Json::Array& items, const Request& request);
[[nodiscard]] Response no_connection(std::string_view selector);
[[nodiscard]] Response storage_response(const Error& error);
/// The first that is not empty.
[[nodiscard]] std::string first_text(std::initializer_list<std::string> texts);

/// GET /connections, and POST /connections `{"integrationId"|"integrationKey"}`: connects what was
/// disconnected or archived; a connection that works stays the one it is.
[[nodiscard]] Response answer_connection_list(const Desk& desk,
                                              const CustomerId& customer,
                                              const Request& request);

/// GET, PATCH, PUT and DELETE /connections/{x}: new "credentials" connect again, DELETE archives.
[[nodiscard]] Response answer_one_connection(const Desk& desk,
                                             const CustomerId& customer,
                                             const Request& request);

/// POST /connections/{x}/test and …/refresh-credentials.
[[nodiscard]] Response probe_connection(const Desk& desk,
                                        const CustomerId& customer,
                                        const Request& request);

}  // namespace crm::sandbox
