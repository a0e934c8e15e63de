// How many calls of a CRM's own REST surface a customer may still make, as the headers tell it: a
// burst window, a window for searches, and a day. Calls are always counted; they are refused only
// for customers whose rules say so. In memory, since the start. Safe to call from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/sandbox/faults.h"
#include "server/sandbox/record.h"
#include "shared/time_text.h"

namespace crm::sandbox {

/// How the customer's connectors write a record; nothing of it is documented, all of it was seen.
struct RecordDialect {
    bool has_number_ids = false;   // "id": 17
    bool has_plain_times = false;  // "2026-01-31 09:12:00", UTC
    bool has_no_times = false;     // outside of the fields
    bool has_bare_lists = false;   // e-mails and phones without a type

    bool operator==(const RecordDialect&) const = default;
};

/// How a customer is treated: by the REST surfaces, and where nobody knows what Integration.app
/// does.
struct RestRules {
    bool is_limited = false;
    std::optional<std::int64_t> daily;  // calls of HubSpot or tokens of Pipedrive; none: theirs
    std::chrono::milliseconds search_lag{0};  // so young a change is not found by a search
    bool is_merged_id_kept = false;           // what a merge leaves in HubSpot keeps the first id
    bool has_bare_errors = false;  // the CRM's body is the error's `data`, not in `data.response`
    bool is_run_created = false;   // a run that went well is answered 201, not 200
    std::optional<std::size_t> page_records;  // of a list action; none: kSandboxPageRecords
    RecordDialect dialect;

    bool operator==(const RestRules&) const = default;
};

/// One call: what it costs of a day, and whether it is a search.
struct RestCall {
    System system = System::HubSpot;
    std::int64_t cost = 1;
    bool is_search = false;
};

/// What the headers say, and the limit that was reached, if one was.
struct RestSpent {
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Limit> reached;
};

class RestBudget {
   public:
    void set_rules(const std::string& customer, const RestRules& rules);
    [[nodiscard]] RestRules rules_of(const std::string& customer) const;

    /// Counts the call; a refused one costs nothing.
    [[nodiscard]] RestSpent spend(const std::string& customer, const RestCall& call, TimePoint now);

   private:
    struct Account {
        std::deque<TimePoint> calls;
        std::deque<TimePoint> searches;
        std::int64_t day = 0;  // since 1970
        std::int64_t spent = 0;
    };

    mutable std::mutex mutex_;
    std::map<std::string, RestRules> rules_;
    std::map<std::pair<std::string, System>, Account> accounts_;
};

}  // namespace crm::sandbox
