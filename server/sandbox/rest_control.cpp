// Reads the whole order before anything is set.
#include "server/sandbox/rest_control.h"

#include <optional>
#include <string>

#include "server/sandbox/limits.h"
#include "server/sandbox/rest.h"
#include "shared/limits.h"

namespace crm::sandbox {
namespace {

Error bad_member(std::string_view member, std::string_view allowed) {
    return {ErrorCode::BadRequest,
            "\"" + std::string(member) + "\" must be " + std::string(allowed)};
}

Result<bool> read_flag(const Json& body, std::string_view name) {
    const Json* value = body.find(name);
    if (value == nullptr) return false;
    const std::optional<bool> flag = value->boolean();
    if (!flag) return bad_member(name, "true or false");
    return *flag;
}

Result<std::optional<std::int64_t>> read_whole(const Json& body,
                                               std::string_view name,
                                               std::int64_t max) {
    const Json* value = body.find(name);
    if (value == nullptr) return std::optional<std::int64_t>();
    const std::optional<std::int64_t> number = value->integer();
    if (!number || *number < 0 || *number > max) {
        return bad_member(name, "a whole number from 0 to " + std::to_string(max));
    }
    return number;
}

Result<RestRules> read_rules(const Json& body) {
    if (body.members() == nullptr) {
        return Error{ErrorCode::BadRequest, "The body must be a JSON object"};
    }
    RestRules rules;
    rules.is_limited = CRM_TRY(read_flag(body, "limited"));
    rules.is_merged_id_kept = CRM_TRY(read_flag(body, "keepMergedId"));
    rules.has_bare_errors = CRM_TRY(read_flag(body, "bareErrors"));
    rules.is_run_created = CRM_TRY(read_flag(body, "createdRuns"));
    rules.dialect.has_number_ids = CRM_TRY(read_flag(body, "numberIds"));
    rules.dialect.has_plain_times = CRM_TRY(read_flag(body, "plainTimes"));
    rules.dialect.has_no_times = CRM_TRY(read_flag(body, "noTimes"));
    rules.dialect.has_bare_lists = CRM_TRY(read_flag(body, "bareLists"));
    const auto page = CRM_TRY(read_whole(body, "pageSize", kSandboxPageRecords));
    if (page == 0) return bad_member("pageSize", "a whole number from 1 on");
    if (page) rules.page_records = static_cast<std::size_t>(*page);
    rules.daily = CRM_TRY(read_whole(body, "daily", kSandboxDailyMax));
    const auto lag = CRM_TRY(read_whole(body, "searchLagMs", kSandboxSearchLagMax.count()));
    rules.search_lag = std::chrono::milliseconds(lag.value_or(0));
    return rules;
}

}  // namespace

void look_at_index(const Desk& desk, Session& session) {
    const auto lag = desk.budget.rules_of(session.customer().text).search_lag;
    if (lag.count() > 0) session.look_through({.now = desk.clock.now(), .age = lag});
}

Response answer_rest_control(const Desk& desk, const Request& request) {
    if (!request.is("POST", 2)) return not_found_response("There is nothing at this address");
    const Json body = Json::parse(request.body).value_or(Json());
    const Result<RestRules> rules = read_rules(body);
    const std::string named = body.text_at("customer");
    if (!rules.is_ok() || named.size() > kAuthIdCharsMax) {
        return error_response(400,
                              "bad_request",
                              "bad_request",
                              rules.is_ok() ? "\"customer\" is too long" : rules.error().message);
    }
    const std::string customer = named.empty() ? desk.options.dev_customer : named;
    desk.budget.set_rules(customer, rules.value());
    return json_response(200,
                         Json::object({{"customer", customer},
                                       {"limited", rules.value().is_limited},
                                       {"keepMergedId", rules.value().is_merged_id_kept},
                                       {"bareErrors", rules.value().has_bare_errors},
                                       {"createdRuns", rules.value().is_run_created},
                                       {"numberIds", rules.value().dialect.has_number_ids},
                                       {"plainTimes", rules.value().dialect.has_plain_times},
                                       {"noTimes", rules.value().dialect.has_no_times},
                                       {"bareLists", rules.value().dialect.has_bare_lists},
                                       {"searchLagMs", rules.value().search_lag.count()}}));
}

}  // namespace crm::sandbox
