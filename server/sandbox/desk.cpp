// The one door: checks the text of an address, fills a new customer, and sends a request to its
// part.
#include "server/sandbox/desk.h"

#include <string_view>
#include <utility>
#include <variant>

#include <openssl/crypto.h>

#include "server/sandbox/connect_page.h"
#include "server/sandbox/control.h"
#include "server/sandbox/crm.h"
#include "server/sandbox/pages.h"
#include "server/sandbox/people.h"
#include "server/sandbox/rest.h"
#include "server/sandbox/scenarios.h"
#include "server/sandbox/workspace.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

Status add_newcomers(Session& session, const Crm& crm, const std::vector<Newcomer>& newcomers) {
    for (const Newcomer& newcomer : newcomers) {
        CrmAnswer answer = CRM_TRY(crm.create(session, newcomer.draft, newcomer.created_at));
        auto* record = std::get_if<Record>(&answer);
        if (record == nullptr) {
            return Error{ErrorCode::Internal,
                         "The sandbox could not be filled with its people: " +
                             std::get<CrmRefusal>(answer).message};
        }
        if (record->updated_at == newcomer.updated_at) continue;
        record->updated_at = newcomer.updated_at;
        CRM_TRY(session.set_updated_at(*record));
    }
    return {};
}

Status fill(const Desk& desk, const CustomerId& customer) {
    Session session = CRM_TRY(desk.store.begin(customer, Access::Write));
    if (CRM_TRY(session.is_known())) return {};  // somebody else was faster
    CRM_TRY(session.mark_known(desk.clock.now()));
    const Scenario scenario = find_scenario(desk.options.scenario).value_or(Scenario::Overlapping);
    const Population people = make_scenario(scenario, desk.options.seed, customer.text);
    CRM_TRY(add_newcomers(session, crm_of(System::HubSpot), people.hubspot));
    CRM_TRY(add_newcomers(session, crm_of(System::Pipedrive), people.pipedrive));
    return session.commit();
}

bool is_same(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

bool is_text_clean(const Request& request) {
    for (const std::string& segment : request.segments) {
        if (!is_utf8(segment) || has_forbidden_control(segment)) return false;
    }
    for (const auto& [name, value] : request.query) {
        if (!is_utf8(name) || !is_utf8(value) || has_forbidden_control(value)) return false;
    }
    return true;
}

}  // namespace

Result<Session> enter(const Desk& desk, const CustomerId& customer, Access access) {
    {
        Session session = CRM_TRY(desk.store.begin(customer, access));
        session.keep_journal(desk.clock.now());
        if (CRM_TRY(session.is_known())) return session;
    }
    CRM_TRY(fill(desk, customer));
    Session session = CRM_TRY(desk.store.begin(customer, access));
    session.keep_journal(desk.clock.now());
    return session;
}

bool has_workspace_key(const Desk& desk, const Request& request) {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string authorization = request.header("authorization");
    const std::string& key = desk.options.workspace_key;
    if (key.empty()) return false;  // else no key at all would do
    return (authorization.starts_with(kBearer) &&
            is_same(std::string_view(authorization).substr(kBearer.size()), key)) ||
           is_same(request.header("x-api-token"), key) ||
           is_same(request.parameter("api_token"), key);
}

CustomerId customer_of(const Desk& desk, const Request& request) {
    const std::string named = request.header("x-customer");
    const bool is_usable = !named.empty() && is_utf8(named) && named.size() <= kAuthIdCharsMax;
    return CustomerId(is_usable ? named : desk.options.dev_customer);
}

std::string record_url(const Desk& desk, const Record& record) {
    return desk.base_url + "/" + std::string(key_of(record.system)) + "/app/contacts/" +
           std::to_string(record.id);
}

Response answer(const Desk& desk, const Request& request) {
    if (!is_text_clean(request)) {
        return error_response(400, "bad_request", "bad_request", "The address is not proper UTF-8");
    }
    const std::string area = request.segment(0);
    if (area == "sandbox" || request.segments.empty()) return answer_control(desk, request);
    if (area == "embed") return answer_connect_page(desk, request);
    if (!find_system(area)) return answer_workspace(desk, request);
    if (request.segment(1) == "app") return answer_page(desk, request);
    if (area == "hubspot") return answer_hubspot_rest(desk, request);
    if (area == "pipedrive") return answer_pipedrive_rest(desk, request);
    return not_found_response("There is nothing at this address");
}

}  // namespace crm::sandbox
