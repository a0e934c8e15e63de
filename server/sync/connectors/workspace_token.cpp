// The tokens between us and a workspace, both ways.
#include "server/jwt.h"
#include "server/limits.h"
#include "server/sync/connectors/integration_app.h"
#include "shared/limits.h"

namespace crm::sync {
namespace {

std::int64_t seconds_of(TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string mint_token(const Workspace& workspace, const CustomerId& customer, TimePoint now) {
    return sign_token({.issuer = workspace.key,
                       .id = customer.text,
                       .name = customer.text,
                       .expires = seconds_of(now + kTokenLife)},
                      workspace.secret);
}

Result<CustomerId> read_webhook_token(const Workspace& workspace,
                                      std::string_view token,
                                      TimePoint now) {
    const TokenClaims claims = CRM_TRY(verify_token(token, workspace.secret, seconds_of(now)));
    const bool is_usable = claims.issuer == workspace.key && !claims.subject.empty() &&
                           claims.subject.size() <= kIdCharsMax;
    if (!is_usable) {
        return Error{ErrorCode::Unauthorized,
                     "The token is not one that this workspace signs for a customer; nothing was "
                     "done"};
    }
    return CustomerId(claims.subject);
}

}  // namespace crm::sync
