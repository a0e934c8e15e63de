// Handlers of /api/health, /api/self and /api/integration-token.
#include "server/http/self_handlers.h"

#include "server/http/respond.h"
#include "shared/api_json.h"

namespace crm::http {

Result<Response> show_health(const Services& services, const Call&) {
    const api::Health health{"ok", std::string(kVersion), services.schema_version};
    return json_response(200, api::write_health(health));
}

Result<Response> show_self(const Services&, const Call& call) {
    const Caller& caller = call.caller;
    const api::Self self{
        caller.customer, caller.customer_name, caller.user, std::string(role_text(caller.role))};
    return json_response(200, api::write_self(self));
}

Result<Response> show_token(const Services& services, const Call& call) {
    return json_response(200, api::write_token(CRM_TRY(services.mint_token(call.caller.customer))));
}

}  // namespace crm::http
