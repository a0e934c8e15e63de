// Who am I, is the server well, and a token for Integration.app's own widgets.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> show_health(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_self(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_token(const Services& services, const Call& call);

}  // namespace crm::http
