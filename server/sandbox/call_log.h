// What was asked of the sandbox lately, and how often: tests prove with it that a quiet sync makes
// no write. In memory, since the start. Safe to call from any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"

namespace crm::sandbox {

/// Where a call came in. Only Integration.app's are counted. Event: nobody called; it was ordered
/// to happen over there. Webhook: the call went out, to the app.
enum class Door { Action, Data, Rest, Page, Event, Webhook };

[[nodiscard]] std::string_view word_of(Door door);  // "rest": DO NOT RENAME

struct CallNote {
    std::string customer;
    Door door = Door::Action;
    System system = System::HubSpot;
    std::string method;       // "POST"
    std::string action;       // "create-contact"; for a data collection "contacts.create"
    int status = 0;           // 0: no answer was sent
    std::string record_id;    // empty for listings and failed creates
    std::string outcome;      // "ok", "refused", "lost_answer", …
    bool is_applied = false;  // it was a write, and it took effect
};

class CallLog {
   public:
    void add(CallNote note, TimePoint now);

    struct Query {
        std::string customer = {};          // empty: everybody
        std::optional<System> system = {};  // of the calls; the counters show all
        std::size_t limit = 200;
    };
    struct Line {
        std::uint64_t number = 0;
        TimePoint at{};
        CallNote note;
    };
    /// Newest first.
    [[nodiscard]] std::vector<Line> lines(const Query& query) const;
    /// `{"calls":[newest first],"counters":{system:{action:n}},"writes":{system:n}}`.
    [[nodiscard]] Json read(const Query& query) const;

   private:
    using Counters = std::map<std::string, std::map<std::string, std::int64_t>>;

    mutable std::mutex mutex_;
    std::deque<Line> entries_;
    std::uint64_t last_number_ = 0;
    std::map<std::string, Counters> counters_;  // per customer; "" counts everybody
    std::map<std::string, std::map<std::string, std::int64_t>> writes_;
};

}  // namespace crm::sandbox
