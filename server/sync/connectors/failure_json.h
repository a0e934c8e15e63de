// What an answer that reports a failure says, as plain data and unsorted: Integration.app's own
// chain of causes, and the CRM's answer wherever it is wrapped.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace crm::sync {

/// One link of the chain; each part may be empty.
struct PlatformCause {
    std::string type;     // "bad_request"
    std::string key;      // "not_found"
    std::string message;  // in its own words

    bool operator==(const PlatformCause&) const = default;
};

/// What the CRM itself answered to Integration.app.
struct CrmAnswer {
    int status = 0;           // 0: not told
    std::string message;      // in its own words
    std::string category;     // HubSpot's: "CONFLICT"
    std::string policy;       // HubSpot's: "DAILY"
    std::string retry_after;  // a header, or the seconds until a limit is over
    std::string existing_id;  // of the record that has the e-mail
    bool is_page = false;     // HTML: from something in front of the CRM
    bool is_rate_limited = false;
    bool is_daily_limit = false;
    bool is_email_taken = false;
    bool is_email_invalid = false;
    std::vector<std::string> refused_names;  // of properties, in the CRM's words

    bool operator==(const CrmAnswer&) const = default;
};

struct Failure {
    bool is_json = false;
    std::vector<PlatformCause> causes;  // outermost first
    std::optional<CrmAnswer> crm;
};

/// `body` of an answer that is no success. Never fails: what cannot be read is not there.
[[nodiscard]] Failure read_failure(const std::string& body);

}  // namespace crm::sync
