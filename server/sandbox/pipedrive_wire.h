// What the parts of Pipedrive's REST surface share: answers, limits, and the cursor of version 2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "server/sandbox/crm.h"
#include "server/sandbox/message.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {

[[nodiscard]] Response pipedrive_response(const CrmRefusal& refusal);
[[nodiscard]] Response pipedrive_success(int status, Json data);
[[nodiscard]] Response pipedrive_page(Json data, Json additional);
/// As version 1 answers with persons: with the objects that they are related to, here none.
[[nodiscard]] Response pipedrive_v1(int status, Json data, Json additional);

/// `{"pagination":{"start","limit","more_items_in_collection","next_start"?}}`.
[[nodiscard]] Json start_paging(std::size_t start, std::size_t limit, bool has_more);

/// "2026-01-31 09:12:00", as version 1 writes times.
[[nodiscard]] std::string plain_time(TimePoint time);

/// From 1 to 500, 100 when it is not given; nullopt when it is nonsense.
[[nodiscard]] std::optional<std::size_t> read_pipedrive_limit(const Request& request);
/// From 0 on, 0 when it is not given; nullopt when it is nonsense.
[[nodiscard]] std::optional<std::size_t> read_pipedrive_start(const Request& request);

/// Where the next page of version 2 begins: behind the record with this value of the sort field.
struct PersonCursor {
    std::string field = "id";
    std::int64_t value = 0;  // an id, or milliseconds since 1970
    bool is_descending = false;
    std::int64_t id = 0;
};
[[nodiscard]] std::string write_cursor(const PersonCursor& cursor);
[[nodiscard]] std::optional<PersonCursor> read_cursor(const std::string& text);

/// Tokens of the daily budget.
[[nodiscard]] std::int64_t pipedrive_cost(PersonVersion version,
                                          const std::string& method,
                                          bool is_one,
                                          bool is_search_or_merge);

}  // namespace crm::sandbox
