// The narrow door to one outside system for one customer. IntegrationAppConnector is the real one;
// tests use FakeConnector. Calls block, end within their own time-out, and hold nothing that a
// crash may not lose. One thread at a time uses a connector; different connectors run side by side.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/contact.h"
#include "shared/ids.h"
#include "shared/time_text.h"

namespace crm::sync {

/// Wire names of our text fields ("name", "email", …) -> text. A name that is absent says nothing;
/// "" is empty.
using RemoteValues = std::map<std::string, std::string>;

/// One record as the system showed it.
struct RemoteRecord {
    RemoteId id;
    RemoteValues values;
    std::string url;  // of its page there; may be empty
    std::optional<TimePoint> created_at;
    std::string problem;  // why this record cannot be read as a contact (a value too long, broken
                          // text); else ""

    bool operator==(const RemoteRecord&) const = default;
};

/// How a call ended, sorted by what the engine must do next.
enum class CallEnd {
    Applied,  // it took effect
    Unknown,  // no answer, or one that does not tell: it may take effect until the deadline
    Refused,  // surely not applied, and repeating it as it is will not help: a person or a change
              // must
    Later,    // surely not applied; repeat later (rate limit, lock): see retry_after
    Exists,   // create only: the e-mail belongs to the record `id`
    Missing,  // update and delete: there is no such record (deleting it is thereby done)
    Disconnected,  // the connection is broken or the token refused: stop this system, ask a person
};

/// An error in words: `code` is stable and short, `message` a sentence, `details` what the system
/// said.
struct CallProblem {
    std::string code;
    std::string message;
    std::string details;

    bool operator==(const CallProblem&) const = default;
};

struct CallOutcome {
    CallEnd end = CallEnd::Unknown;
    RemoteId id;  // Applied create, Exists
    CallProblem problem;
    std::optional<std::chrono::milliseconds> retry_after;

    bool operator==(const CallOutcome&) const = default;
};

/// All pages of a listing. `is_complete` is false when it ended early, for whatever reason: a
/// record that is missing from an incomplete listing says nothing.
struct Listing {
    std::vector<RemoteRecord> records;  // each id once, in the order of arrival
    bool is_complete = false;
    CallEnd end = CallEnd::Applied;  // Applied, Later, Unknown (transport) or Disconnected
    CallProblem problem;
    std::optional<std::chrono::milliseconds> retry_after;
    int calls = 0;  // requests made

    bool operator==(const Listing&) const = default;
};

class Connector {
   public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;

    [[nodiscard]] virtual Listing list() = 0;
    [[nodiscard]] virtual CallOutcome create(const RemoteValues& values) = 0;
    /// Only the given values change.
    [[nodiscard]] virtual CallOutcome update(const RemoteId& id, const RemoteValues& values) = 0;
    [[nodiscard]] virtual CallOutcome remove(const RemoteId& id) = 0;
    /// Identifies the account behind the connection; "" when it cannot be read, which means
    /// unchanged.
    [[nodiscard]] virtual std::string account_fingerprint() = 0;
};

/// What connectors.json says about a system, as far as the engine needs it.
struct SystemSpec {
    SystemKey key;      // "hubspot"
    std::string label;  // "HubSpot"
    std::vector<std::string>
        fields;  // wire names that this system holds; "name" and "email" are always among them
    bool is_email_unique = false;   // refuses a second record with the same e-mail
    bool is_name_required = false;  // refuses a record without a name
    double daily_calls_max = 0;     // 0: unknown

    bool operator==(const SystemSpec&) const = default;
};

}  // namespace crm::sync
