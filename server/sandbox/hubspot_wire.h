// Contacts as HubSpot's own API writes and takes them. Every value of a property is text; one that
// is not set is null.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/sandbox/crm.h"
#include "server/sandbox/message.h"
#include "server/sandbox/wire_json.h"

namespace crm::sandbox {

/// Shown whatever was asked for; read-only.
inline constexpr std::array<std::string_view, 3> kHubSpotAlwaysShown = {
    "createdate", "hs_object_id", "lastmodifieddate"};

/// One property of a contact, as the properties API describes it.
struct HubSpotProperty {
    std::string_view name;
    std::string_view label;
    std::string_view type;        // "string", "datetime", "number"
    std::string_view field_type;  // "text", "phonenumber", "date", "number", "textarea"
    std::optional<std::string> Draft::*field;  // nullptr: cannot be written as plain text
    bool is_read_only = false;
    bool is_own = false;  // made by the account, not by HubSpot
};

/// All that the sandbox knows.
[[nodiscard]] std::span<const HubSpotProperty> hubspot_property_table();
/// nullptr when there is none of that name.
[[nodiscard]] const HubSpotProperty* find_hubspot_property(std::string_view name);

/// `wanted` replaces the default set; names that do not exist are left out without a word.
[[nodiscard]] Json contact_json(const Record& record, const std::vector<std::string>& wanted);

/// The answer to an update has what was asked for and little else: it is no whole contact.
[[nodiscard]] Json updated_json(const Record& record, const Json& properties);
/// The answer to a create: what was set.
[[nodiscard]] Json created_json(const Record& record);

/// The object under "properties"; a refusal names the property that is wrong.
[[nodiscard]] std::variant<Draft, CrmRefusal> read_hubspot_properties(const Json* properties);

/// The text items of a member that is an array; nothing when there is none.
[[nodiscard]] std::vector<std::string> texts_at(const Json& json, std::string_view name);

/// Those parts of a text that are not empty.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text, char separator);

[[nodiscard]] Response refusal_response(const CrmRefusal& refusal);

/// The id in a path or body: the record's own, or with `id_property` "email" the id of the live
/// contact with this address (additional ones count); "0" when there is none.
[[nodiscard]] Result<std::string> resolve_hubspot_id(Session& session,
                                                     const std::string& id,
                                                     std::string_view id_property);

}  // namespace crm::sandbox
