// GET /api/events: server-sent events of one customer.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> stream_events(const Services& services, const Call& call);

/// One event as it goes over the wire.
[[nodiscard]] std::string format_event(const api::Event& event);

}  // namespace crm::http
