// Who asks, and whether a browser may be made to ask by somebody else's page. In dev mode there is
// no login: the header x-auth-id names the customer. So that no web page that a person visits gets
// at the data, dev mode takes only requests addressed to a loopback name (against DNS rebinding)
// and, from browsers, only those of our own pages. Pure.
#pragma once

#include <string>

#include "server/config.h"
#include "server/http/message.h"
#include "shared/ids.h"
#include "shared/result.h"
#include "shared/role.h"

namespace crm::http {

struct AccessRules {
    AuthMode mode = AuthMode::Login;
    std::string dev_customer = "dev";
};

struct Caller {
    CustomerId customer;
    std::string customer_name;
    std::string user;
    Role role = Role::Viewer;

    bool operator==(const Caller&) const = default;
};

/// Forbidden: a foreign host name, a foreign page. BadRequest: no Host.
[[nodiscard]] Status check_origin(const Request& request, const AccessRules& rules);

/// BadRequest: an x-auth-id that is no id. Unauthorized: nobody is signed in.
[[nodiscard]] Result<Caller> identify(const Request& request, const AccessRules& rules);

}  // namespace crm::http
