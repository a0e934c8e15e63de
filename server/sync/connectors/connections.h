// A customer's connections in the Integration.app workspace: whether a system is connected,
// archiving a connection, and the address of the page on which a person connects it. HubSpot and
// Pipedrive let a person in by OAuth, so connecting always goes through a browser.
//
// Calls block up to kConnectionCallTimeout. Nothing is kept between them; any thread.
#pragma once

#include <string>
#include <vector>

#include "server/sync/connectors/integration_app.h"
#include "shared/result.h"

namespace crm::sync {

class Connections {
   public:
    /// All three outlive this.
    Connections(const Workspace& workspace,
                const std::vector<ConnectorSpec>& systems,
                const Clock& clock)
        : workspace_(workspace), systems_(systems), clock_(clock) {}

    /// "connected", "reconnect" (broken) or "not_connected". NotFound: no such system. Unavailable,
    /// with a sentence, when Integration.app does not say.
    [[nodiscard]] Result<std::string> state(const CustomerId& customer,
                                            const std::string& system) const;
    /// Ok also when there is none any more. Nothing in the CRM changes.
    Status archive(const CustomerId& customer, const std::string& system) const;
    /// A page of Integration.app's: a new connection, or new access for one that is there. The
    /// address holds a token of the customer's, good for kTokenLife.
    [[nodiscard]] Result<std::string> connect_url(const CustomerId& customer,
                                                  const std::string& system) const;

   private:
    [[nodiscard]] Result<std::string> selector_of(const std::string& system) const;
    [[nodiscard]] std::string token(const CustomerId& customer) const;

    const Workspace& workspace_;
    const std::vector<ConnectorSpec>& systems_;
    const Clock& clock_;
};

/// Where the pages belong to an API's address: "https://ui." for "https://api.", else the same.
[[nodiscard]] std::string ui_url(const std::string& api_url);

}  // namespace crm::sync
