// What a workspace consists of, apart from records: the integrations, a customer's connections
// to them, and their actions; and how each is selected, by id or by key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/sandbox/faults.h"
#include "server/sandbox/record.h"
#include "server/sandbox/sandbox_store.h"
#include "server/sandbox/wire_json.h"
#include "shared/ids.h"

namespace crm::sandbox {

/// Reads one record by its id: DO NOT RENAME.
inline constexpr std::string_view kGetAction = "get-contact";

struct ActionSpec {
    std::string_view key;  // "list-contacts"
    std::string_view name;
    std::string_view type;
    Operation operation;
};

[[nodiscard]] Json integration_json(System system);
/// Ids of different customers' connections differ.
[[nodiscard]] Json connection_json(const CustomerId& customer,
                                   System system,
                                   ConnectionState state);
[[nodiscard]] Json action_json(System system, const ActionSpec& action);
/// Of one integration, or of all that are shown when the selector is empty.
[[nodiscard]] Json::Array actions_of(std::string_view integration);

/// By key or id.
[[nodiscard]] std::optional<System> find_integration(std::string_view selector);
/// By its id, or by its integration's key or id.
[[nodiscard]] std::optional<System> find_connection(const CustomerId& customer,
                                                    std::string_view selector);
/// nullptr when there is none of that key or id.
[[nodiscard]] const ActionSpec* find_action(System system, std::string_view selector);

}  // namespace crm::sandbox
