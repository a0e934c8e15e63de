// What the handlers of connections need of the workspace. Every member is set where there is one;
// without a workspace none is.
#pragma once

#include <functional>
#include <string>

#include "shared/ids.h"
#include "shared/result.h"

namespace crm::http {

struct ConnectionDoor {
    /// "connected", "reconnect" or "not_connected". NotFound: no such system.
    std::function<Result<std::string>(const CustomerId&, const std::string& system)> state;
    /// Archives the connection; Ok also when there is none.
    std::function<Status(const CustomerId&, const std::string& system)> disconnect;
    std::function<Result<std::string>(const CustomerId&, const std::string& system)> connect_url;
};

}  // namespace crm::http
