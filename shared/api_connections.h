// A customer's connections to the CRMs, as the API tells of them.
#pragma once

#include <string>
#include <vector>

namespace crm::api {

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
/// {"connection":…}
[[nodiscard]] std::string write_connection_answer(const SystemConnection& connection);
/// {"url":…}: where a person lets us into the CRM.
[[nodiscard]] std::string write_connect_url(const std::string& url);

}  // namespace crm::api
