// Who asks, and whether a browser may be made to ask by somebody else's page. With login a caller
// shows an API token, the cookie of a session, or the token that the workspace of Integration.app
// signs for a customer: so its flows and connectors use this app. In dev mode there is no login:
// the header x-auth-id names the customer. So that no web page that a person visits gets at the
// data, dev mode takes only requests addressed to a loopback name (against DNS rebinding). In both
// modes a browser may change something only from our own pages.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "server/config.h"
#include "server/http/message.h"
#include "server/http/rate_limit.h"
#include "server/people/people_service.h"
#include "shared/ids.h"
#include "shared/result.h"
#include "shared/role.h"

namespace crm::http {

struct AccessRules {
    AuthMode mode = AuthMode::Login;
    std::string dev_customer = "dev";         // also the customer of the first admin
    people::PeopleService* people = nullptr;  // set with login
    /// Whom a token that the workspace signed is about; empty: there is no workspace.
    std::function<Result<CustomerId>(std::string_view)> read_workspace_token = {};
    RateRules rates = {};  // with login
};

struct Caller {
    CustomerId customer;
    std::string customer_name;
    std::string user;  // the name that history shows
    UserId user_id;    // not set in dev mode
    std::string email;
    Role role = Role::Viewer;

    bool operator==(const Caller&) const = default;
};

/// Forbidden: a foreign host name, a foreign page. BadRequest: no Host.
[[nodiscard]] Status check_origin(const Request& request, const AccessRules& rules);

/// BadRequest: an x-auth-id that is no id. Unauthorized: nobody is signed in.
[[nodiscard]] Result<Caller> identify(const Request& request, const AccessRules& rules);

/// What tells one program or browser from another before it is known who it is: a hash of its
/// token or session, or "".
[[nodiscard]] std::string token_mark(const Request& request);

/// Whether a caller whose request goes on for long would still get in. That keeps no session alive.
[[nodiscard]] bool is_still_in(const Request& request, const AccessRules& rules);

/// Who asks, as the audit log names them.
[[nodiscard]] people::Actor actor_of(const Caller& caller, const Request& request);

}  // namespace crm::http
