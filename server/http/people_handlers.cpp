#include "server/http/people_handlers.h"

#include "server/http/contact_handlers.h"
#include "server/http/respond.h"
#include "shared/api_people.h"

namespace crm::http {
namespace {

people::Actor actor(const Call& call) {
    return actor_of(call.caller, call.request);
}

}  // namespace

Result<Response> list_users(const Services& services, const Call& call) {
    const std::vector<api::User> users = CRM_TRY(services.people->list_users(call.caller.customer));
    return json_response(200, api::write_users(users));
}

Result<Response> create_user(const Services& services, const Call& call) {
    const api::NewUser wanted = CRM_TRY(api::read_new_user(call.request.body));
    const api::User user =
        CRM_TRY(services.people->add_user(call.caller.customer, wanted, actor(call)));
    return json_response(201, api::write_user_answer(user));
}

Result<Response> update_user(const Services& services, const Call& call) {
    const api::UserChange change = CRM_TRY(api::read_user_change(call.request.body));
    const UserId id(call.parts.at(0));
    const api::User user =
        CRM_TRY(services.people->change_user(call.caller.customer, id, change, actor(call)));
    return json_response(200, api::write_user_answer(user));
}

Result<Response> list_tokens(const Services& services, const Call& call) {
    const std::vector<api::ApiToken> tokens =
        CRM_TRY(services.people->list_tokens(call.caller.customer));
    return json_response(200, api::write_tokens(tokens));
}

Result<Response> create_token(const Services& services, const Call& call) {
    const api::NewApiToken wanted = CRM_TRY(api::read_new_token(call.request.body));
    const people::PeopleService::CreatedToken created = CRM_TRY(services.people->create_token(
        call.caller.customer, call.caller.user_id, wanted, actor(call)));
    return json_response(201, api::write_token_created(created.token, created.secret));
}

Result<Response> revoke_token(const Services& services, const Call& call) {
    const ApiTokenId id(call.parts.at(0));
    const api::ApiToken token =
        CRM_TRY(services.people->revoke_token(call.caller.customer, id, actor(call)));
    return json_response(200, api::write_token_revoked(token));
}

Result<Response> show_audit(const Services& services, const Call& call) {
    const int limit = CRM_TRY(read_limit(call));
    const std::string* cursor = call.find("cursor");
    const api::AuditPage page = CRM_TRY(services.people->audit(
        call.caller.customer, cursor != nullptr ? *cursor : std::string(), limit));
    return json_response(200, api::write_audit_page(page));
}

}  // namespace crm::http
