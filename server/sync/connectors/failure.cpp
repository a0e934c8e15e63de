// The table of failures, read from the top:
//
//   key rate_limit_exceeded, lock_timeout, type concurrency        Later
//   key connection_is_defunct, access_token_expired, access_denied Disconnected
//   key not_authenticated                                          Disconnected (a new token may
//   cure it) type configuration, ..._setup, insufficient_credit             Disconnected key
//   already_exists                                             as 409 an answer of the CRM inside
//   by its status and category key not_found about a connection or an action Disconnected type
//   bad_request                                               Refused any other type: the action
//   may have reached the CRM            Unknown no JSON of theirs by the HTTP status
#include "server/sync/connectors/failure.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

#include "server/limits.h"
#include "server/sync/connectors/json_text.h"
#include "server/sync/connectors/retry_wait.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kLockPause{2};
constexpr std::chrono::seconds kSecondlyPause{1};
constexpr std::chrono::seconds kTenSecondlyPause{10};
constexpr std::chrono::minutes kBlockedPause{
    30};  // a firewall in front of the CRM had enough of us
constexpr std::chrono::minutes kUntrustedPause{1};

CallOutcome make_outcome(CallEnd end, std::string code, const std::string& details) {
    return {.end = end, .problem = {.code = std::move(code), .details = make_presentable(details)}};
}

CallOutcome make_later(std::string code,
                       std::optional<milliseconds> pause,
                       const std::string& details) {
    CallOutcome outcome = make_outcome(CallEnd::Later, std::move(code), details);
    outcome.retry_after = pause;
    return outcome;
}

/// What is being sorted.
struct Case {
    Action action;
    const HttpAnswer& answer;
    const Failure failure;
    TimePoint now;

    /// The CRM's own words, else the innermost of the platform's, else the status.
    [[nodiscard]] std::string details() const {
        if (failure.crm && !failure.crm->message.empty()) return failure.crm->message;
        for (auto cause = failure.causes.rbegin(); cause != failure.causes.rend(); ++cause) {
            if (!cause->message.empty()) return cause->message;
        }
        return "HTTP " + std::to_string(answer.status);
    }
    [[nodiscard]] bool has_key(std::string_view key) const {
        return std::any_of(failure.causes.begin(), failure.causes.end(), [&](const auto& cause) {
            return cause.key == key;
        });
    }
    [[nodiscard]] bool has_type(std::string_view type) const {
        return std::any_of(failure.causes.begin(), failure.causes.end(), [&](const auto& cause) {
            return cause.type == type;
        });
    }
    [[nodiscard]] CallOutcome end(CallEnd call_end, std::string code) const {
        return make_outcome(call_end, std::move(code), details());
    }
    [[nodiscard]] CallOutcome refuse(std::string code) const {
        CallOutcome outcome = end(CallEnd::Refused, std::move(code));
        if (failure.crm) outcome.refused_fields = failure.crm->refused_names;
        return outcome;
    }
};

// --- Pauses -------------------------------------------------------------------------------------

/// The header beats the CRM's own header beats the policy; a daily limit ends at midnight at most.
std::optional<milliseconds> asked_pause(const Case& given) {
    std::optional<milliseconds> pause = parse_retry_after(given.answer.retry_after, given.now);
    const std::optional<CrmAnswer>& crm = given.failure.crm;
    if (!crm || pause) return pause;
    pause = parse_retry_after(crm->retry_after, given.now);
    if (crm->is_daily_limit) return until_midnight(given.now);
    if (pause) return pause;
    if (crm->policy == "SECONDLY") return kSecondlyPause;
    if (crm->policy == "TEN_SECONDLY_ROLLING") return kTenSecondlyPause;
    return std::nullopt;
}

CallOutcome rate_limited(const Case& given) {
    return make_later("rate_limited", asked_pause(given), given.details());
}

CallOutcome locked(const Case& given) {
    return make_later("locked", asked_pause(given).value_or(kLockPause), given.details());
}

CallOutcome blocked(const Case& given) {
    return make_later("blocked", asked_pause(given).value_or(kBlockedPause), "HTTP 403");
}

// --- Kinds of failure ---------------------------------------------------------------------------

CallOutcome taken(const Case& given) {
    switch (given.action) {
        case Action::Create: {
            CallOutcome outcome = given.end(CallEnd::Exists, "exists");
            if (given.failure.crm) outcome.id = RemoteId(given.failure.crm->existing_id);
            return outcome;
        }
        case Action::Update:
            return given.refuse("email_taken");
        case Action::List:
        case Action::Remove:
        case Action::Get:
            return given.end(CallEnd::Refused, "refused");
    }
    return given.end(CallEnd::Unknown, "unclear");
}

/// The record is not there.
CallOutcome missing(const Case& given) {
    switch (given.action) {
        case Action::Update:
        case Action::Remove:
        case Action::Get:
            return given.end(CallEnd::Missing, "missing");
        case Action::List:
            return given.end(CallEnd::Disconnected, "not_found");
        case Action::Create:
            return given.end(CallEnd::Refused, "refused");
    }
    return given.end(CallEnd::Unknown, "unclear");
}

CallOutcome gone(const Case& given) {
    if (given.action == Action::Remove) return {.end = CallEnd::Applied};
    return missing(given);
}

CallOutcome forbidden(const Case& given) {
    const bool is_whole_system =
        given.action == Action::List || given.failure.crm->category == "MISSING_SCOPES";
    if (is_whole_system) return given.end(CallEnd::Disconnected, "access_denied");
    return given.refuse("forbidden");
}

/// The platform says not_found and shows no answer of the CRM: of what? Only when it is clearly the
/// record may the record count as missing.
CallOutcome not_found(const Case& given) {
    std::string words = given.details();
    std::transform(words.begin(), words.end(), words.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    const auto says = [&](std::string_view word) { return words.find(word) != std::string::npos; };
    const bool is_about_setup = says("connection") || says("action") || says("integration");
    const bool is_about_record = says("record") || says("contact") || says("person");
    if (is_about_record && !is_about_setup) return missing(given);
    return given.end(CallEnd::Disconnected, "not_found");
}

CallOutcome refused(const Case& given) {
    const bool is_email = given.failure.crm && given.failure.crm->is_email_invalid;
    return given.refuse(is_email ? "invalid_email" : "refused");
}

// --- By the CRM's answer ------------------------------------------------------------------------

CallOutcome sort_crm_status(const Case& given, int status) {
    switch (status) {
        case 401:
            return given.end(CallEnd::Disconnected, "access_expired");
        case 402:
            return given.end(CallEnd::Disconnected, "account_closed");
        case 403:
            return given.failure.crm->is_page ? blocked(given) : forbidden(given);
        case 404:
            return missing(given);
        case 409:
            return taken(given);
        case 410:
            return gone(given);
        case 408:  // whoever says so may have passed the request on
            return given.end(CallEnd::Unknown, "unclear");
        case 423:
        case 477:  // HubSpot moves the account; it says for how long
            return locked(given);
        default:
            if (status >= 400 && status < 500) return refused(given);
            return given.end(CallEnd::Unknown, "unclear");
    }
}

CallOutcome sort_crm(const Case& given) {
    const CrmAnswer& crm = *given.failure.crm;
    if (crm.is_rate_limited) return rate_limited(given);
    const int status = crm.status != 0 ? crm.status : given.answer.status;
    if (crm.is_email_taken && status >= 400 && status < 500) return taken(given);
    return sort_crm_status(given, status);
}

// --- By the HTTP status -------------------------------------------------------------------------

CallOutcome sort_status(const Case& given) {
    switch (given.answer.status) {
        case 401:
            return given.end(CallEnd::Disconnected, kNotAuthenticated);
        case 402:
            return given.end(CallEnd::Disconnected, "account_closed");
        case 403:
            return given.failure.is_json ? given.end(CallEnd::Disconnected, "access_denied")
                                         : blocked(given);
        case 404:
            return not_found(given);
        case 409:
            return taken(given);
        case 410:
            return gone(given);
        case 408:
            return given.end(CallEnd::Unknown, "unclear");
        case 423:
        case 477:
            return locked(given);
        default:
            break;
    }
    const bool is_refusal = given.answer.status >= 400 && given.answer.status < 500;
    return is_refusal ? refused(given) : given.end(CallEnd::Unknown, "unclear");
}

// --- By type and key ----------------------------------------------------------------------------

std::optional<CallOutcome> sort_key(const Case& given) {
    if (given.has_key("rate_limit_exceeded")) return rate_limited(given);
    if (given.has_key("lock_timeout") || given.has_type("concurrency")) return locked(given);
    constexpr std::array<std::pair<std::string_view, const char*>, 4> kBrokenKeys{{
        {"connection_is_defunct", "connection_broken"},
        {"access_token_expired", "access_expired"},
        {"access_denied", "access_denied"},
        {"not_authenticated", kNotAuthenticated},
    }};
    for (const auto& [key, code] : kBrokenKeys) {
        if (given.has_key(key)) return given.end(CallEnd::Disconnected, code);
    }
    constexpr std::array<std::string_view, 4> kSetupTypes{
        "configuration", "flow_instance_setup", "action_instance_setup", "insufficient_credit"};
    for (const std::string_view type : kSetupTypes) {
        if (given.has_type(type)) return given.end(CallEnd::Disconnected, "configuration");
    }
    if (given.has_key("already_exists")) return taken(given);
    return std::nullopt;
}

/// The platform's own words, without an answer of the CRM among them.
CallOutcome sort_platform(const Case& given) {
    if (given.has_key("not_found")) return not_found(given);
    const std::string& type = given.failure.causes.front().type;
    const bool is_from_inside = !type.empty() && type != "bad_request";
    // The action ran and failed somewhere: the CRM may have done its part.
    const bool is_plain_status = given.answer.status == 400 || given.answer.status >= 500;
    if (is_from_inside && is_plain_status) return given.end(CallEnd::Unknown, "unclear");
    return sort_status(given);
}

CallOutcome sort_transport(const HttpAnswer& answer) {
    switch (answer.problem) {
        case TransportProblem::Untrusted:
            return make_later("untrusted", kUntrustedPause, "");
        case TransportProblem::ConnectTimeout:
            return make_later("unreachable", kConnectTimeout, "");
        case TransportProblem::AnswerTooLong:
            return make_outcome(CallEnd::Unknown, "answer_too_long", "");
        case TransportProblem::None:
        case TransportProblem::Unreachable:
        case TransportProblem::Interrupted:
            break;
    }
    if (answer.delivery == Delivery::NotSent) return make_later("unreachable", std::nullopt, "");
    return make_outcome(CallEnd::Unknown, "no_answer", "");
}

CallOutcome sort_answer(const Case& given) {
    if (const std::optional<CallOutcome> by_key = sort_key(given)) return *by_key;
    if (given.answer.status == 429) return rate_limited(given);
    if (given.failure.crm) return sort_crm(given);
    return given.failure.is_json ? sort_platform(given) : sort_status(given);
}

}  // namespace

CallOutcome sort_failure(Action action, const HttpAnswer& answer, TimePoint now) {
    if (answer.delivery != Delivery::Answered) return sort_transport(answer);
    const Case given{
        .action = action, .answer = answer, .failure = read_failure(answer.body), .now = now};
    CallOutcome outcome = sort_answer(given);
    // A gateway that is down may say for how long; a listing then waits as told.
    if (outcome.end == CallEnd::Unknown) outcome.retry_after = asked_pause(given);
    return outcome;
}

CallOutcome unclear_answer(int status) {
    return make_outcome(CallEnd::Unknown, "unclear", "HTTP " + std::to_string(status));
}

}  // namespace crm::sync
