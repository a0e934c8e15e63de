// The shapes are those of the vendor's own client: GET and DELETE /connections/{selector}, and
// /embed/integrations/{key}/connect or /embed/connections/{selector}/refresh for people.
#include "server/sync/connectors/connections.h"

#include <memory>

#include "server/limits.h"
#include "server/sync/connectors/http_session.h"
#include "server/sync/connectors/integration_app_json.h"
#include "shared/url.h"

namespace crm::sync {
namespace {

Error no_answer(const HttpAnswer& answer) {
    const std::string detail = answer.delivery == Delivery::Answered
                                   ? "it answered " + std::to_string(answer.status)
                                   : "it gave no answer";
    return {ErrorCode::Unavailable,
            "Integration.app does not tell about this connection: " + detail +
                ". Nothing was changed; try again later"};
}

Result<std::unique_ptr<HttpSession>> open(const Workspace& workspace) {
    return HttpSession::open(workspace.api_url,
                             {.connect = kConnectTimeout, .whole = kConnectionCallTimeout});
}

bool is_success(const HttpAnswer& answer) {
    return answer.delivery == Delivery::Answered && answer.status >= 200 && answer.status < 300;
}

bool is_missing(const HttpAnswer& answer) {
    return answer.delivery == Delivery::Answered && answer.status == 404;
}

}  // namespace

Result<std::string> Connections::selector_of(const std::string& system) const {
    for (const ConnectorSpec& spec : systems_) {
        if (spec.system.key.text == system) return percent_encode(spec.connection);
    }
    return Error{ErrorCode::NotFound, "There is no such system"};
}

std::string Connections::token(const CustomerId& customer) const {
    return mint_token(workspace_, customer, clock_.now());
}

Result<std::string> Connections::state(const CustomerId& customer,
                                       const std::string& system) const {
    const std::string selector = CRM_TRY(selector_of(system));
    const std::unique_ptr<HttpSession> session = CRM_TRY(open(workspace_));
    const HttpAnswer answer = session->get("/connections/" + selector, token(customer));
    if (is_missing(answer)) return std::string("not_connected");
    if (!is_success(answer)) return no_answer(answer);
    const std::optional<bool> is_connected = read_connected(answer.body);
    if (!is_connected) return no_answer(answer);
    return std::string(*is_connected ? "connected" : "reconnect");
}

Status Connections::archive(const CustomerId& customer, const std::string& system) const {
    const std::string selector = CRM_TRY(selector_of(system));
    const std::unique_ptr<HttpSession> session = CRM_TRY(open(workspace_));
    const HttpAnswer answer = session->remove("/connections/" + selector, token(customer));
    if (is_success(answer) || is_missing(answer)) return {};
    return no_answer(answer);
}

Result<std::string> Connections::connect_url(const CustomerId& customer,
                                             const std::string& system) const {
    const std::string selector = CRM_TRY(selector_of(system));
    const std::string current = CRM_TRY(state(customer, system));
    const std::string page = current == "not_connected"
                                 ? "/embed/integrations/" + selector + "/connect"
                                 : "/embed/connections/" + selector + "/refresh";
    return ui_url(workspace_.api_url) + page + "?token=" + percent_encode(token(customer));
}

std::string ui_url(const std::string& api_url) {
    constexpr std::string_view kApi = "https://api.";
    if (!api_url.starts_with(kApi)) return api_url;
    return "https://ui." + api_url.substr(kApi.size());
}

}  // namespace crm::sync
