// A customer's connections to the CRMs, as the API tells of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace crm::api {

inline constexpr std::string_view kConnectionsPath = "/api/connections";

struct SystemConnection {
    std::string system;  // "hubspot"
    std::string label;   // "HubSpot"
    std::string state;   // "connected", "reconnect" (broken), "not_connected", "unknown": DO NOT
                         // RENAME
    std::string reason;  // of "unknown": why; else ""
    /// What disconnecting would mean for contacts and links, as sentences for a person.
    std::string disconnecting;

    bool operator==(const SystemConnection&) const = default;
};

/// {"connections":[…]}
[[nodiscard]] std::string write_connections(const std::vector<SystemConnection>& connections);
[[nodiscard]] Result<std::vector<SystemConnection>> read_connections(std::string_view json);
/// {"connection":…}
[[nodiscard]] std::string write_connection_answer(const SystemConnection& connection);
[[nodiscard]] Result<SystemConnection> read_connection_answer(std::string_view json);
/// {"url":…}: where a person lets us into the CRM.
[[nodiscard]] std::string write_connect_url(const std::string& url);
/// BadRequest for anything that is no http(s) address.
[[nodiscard]] Result<std::string> read_connect_url(std::string_view json);

}  // namespace crm::api
