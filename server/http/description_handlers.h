// The API's description of itself, for programs and for people, and whether it can work.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> show_openapi(const Services& services, const Call& call);
/// Plain HTML: no script, nothing from anywhere else.
[[nodiscard]] Result<Response> show_docs(const Services& services, const Call& call);
/// 200, or 503 with what is wrong.
[[nodiscard]] Result<Response> show_ready(const Services& services, const Call& call);

}  // namespace crm::http
