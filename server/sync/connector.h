// The narrow door to one outside system for one customer. IntegrationAppConnector is the real one;
// tests use FakeConnector. Calls block, end within their own time-out, and hold nothing that a
// crash may not lose. One thread at a time uses a connector; different connectors run side by side.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
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
    std::vector<std::string> other_emails;  // further e-mails of the record, as shown there
    std::string marker;                     // what its marker field holds; "" without one
    /// Grows with every change of the record; only of a system whose versions are trusted.
    std::optional<std::int64_t> version;
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
    /// Refused only: the fields (wire names) whose values the system cannot hold, when it says so.
    /// The same call without them may well be taken.
    std::vector<std::string> refused_fields;
    std::optional<std::int64_t> version;  // Applied: of the record now, when the system tells it
    int calls = 1;                        // requests made, those repeated after a wait included

    bool operator==(const CallOutcome&) const = default;
};

/// One record, read by its id: no older than the moment at which it was asked for.
struct Reading {
    CallEnd end = CallEnd::Unknown;  // Applied, Missing, Later, Unknown, Refused or Disconnected
    RemoteRecord record;             // Applied; its id differs from the one asked for after a merge
    CallProblem problem;
    std::optional<std::chrono::milliseconds> retry_after;
    int calls = 1;  // requests made

    bool operator==(const Reading&) const = default;
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
    /// SHA-256 of the pages as they came, in order; equal digests are equal listings. "" when there
    /// is none.
    std::string digest;
    /// The pages are byte for byte those of `known_digest`: `records` was not filled.
    bool is_unchanged = false;
    std::optional<std::int64_t> total;  // how many records the system says it has, if it does

    bool operator==(const Listing&) const = default;
};

class Connector {
   public:
    Connector() = default;
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;
    virtual ~Connector() = default;

    /// `known_digest` is that of an earlier listing whose content is known; "" when none is. Only
    /// then may the answer be `is_unchanged`.
    [[nodiscard]] virtual Listing list(const std::string& known_digest) = 0;
    /// `marker` is our contact's id, for systems that have a field for it.
    [[nodiscard]] virtual CallOutcome create(const RemoteValues& values,
                                             const std::string& marker) = 0;
    /// Only the given values change.
    [[nodiscard]] virtual CallOutcome update(const RemoteId& id, const RemoteValues& values) = 0;
    [[nodiscard]] virtual CallOutcome remove(const RemoteId& id) = 0;
    /// Only where SystemSpec::has_get.
    [[nodiscard]] virtual Reading get(const RemoteId& id) = 0;
    /// Identifies the account behind the connection; "" when it cannot be read, which means
    /// unchanged.
    [[nodiscard]] virtual std::string account_fingerprint() = 0;
};

/// Which way a field goes.
enum class Direction { Both, In, Out };  // In: from the system only. Out: to the system only.

/// What becomes of a contact whose record vanished from a system for good.
enum class VanishPolicy {
    Restore,  // the app is the source of truth for deletions: created there anew
    Detach,   // stays here, without a record there
    Ask,      // a person decides
};

/// What connectors.json says about a system, as far as the engine needs it.
struct SystemSpec {
    SystemKey key;      // "hubspot"
    std::string label;  // "HubSpot"
    std::vector<std::string>
        fields;  // wire names that this system holds; "name" and "email" are always among them
    bool is_email_unique = false;     // refuses a second record with the same e-mail
    bool is_name_required = false;    // refuses a record without a name
    double daily_calls_max = 0;       // 0: unknown
    bool has_get = false;             // a record can be read by its id
    bool has_marker = false;          // a field of its records holds our contact's id
    bool is_version_trusted = false;  // RemoteRecord::version grows with every change and only then
    std::map<std::string, Direction> directions;   // of the fields that do not go both ways
    std::map<std::string, std::size_t> chars_max;  // of the fields that are shorter there than here
    VanishPolicy vanish = VanishPolicy::Restore;
    std::string mapping_hash;  // changes with the meaning of the mapping; "" is never compared

    [[nodiscard]] Direction direction_of(const std::string& field) const {
        const auto found = directions.find(field);
        return found == directions.end() ? Direction::Both : found->second;
    }

    bool operator==(const SystemSpec&) const = default;
};

}  // namespace crm::sync
