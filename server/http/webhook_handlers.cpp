#include "server/http/webhook_handlers.h"

#include <string_view>

#include "server/http/respond.h"

namespace crm::http {

Result<Response> take_webhook(const Services& services, const Call& call) {
    // The older name is still sent beside the newer one; a connector may send either.
    std::string_view token;
    for (const std::string_view name : {"X-Membrane-Token", "X-Integration-App-Token"}) {
        if (token.empty()) token = find_header(call.request, name);
    }
    if (token.empty()) {
        return Error{ErrorCode::Unauthorized,
                     "A webhook needs the workspace's token in X-Membrane-Token; nothing was done"};
    }
    if (!services.read_webhook_token) {
        return Error{ErrorCode::Unavailable,
                     "No workspace is connected, so nobody can have sent this; nothing was done"};
    }
    const CustomerId customer = CRM_TRY(services.read_webhook_token(token));
    services.sync.hint(customer);
    return json_response(200, R"({"message":"ok"})");
}

}  // namespace crm::http
