// The HTTP contract once, for both sides: paths, and what requests and answers carry. DO NOT RENAME
// wire names or paths: checks and integrations outside this repository use them. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"
#include "shared/result.h"

namespace crm::api {

inline constexpr std::string_view kHealthPath = "/api/health";
inline constexpr std::string_view kSelfPath = "/api/self";
inline constexpr std::string_view kContactsPath = "/api/contacts";
inline constexpr std::string_view kSyncPath = "/api/sync";
inline constexpr std::string_view kRunsPath = "/api/sync/runs";
inline constexpr std::string_view kEventsPath = "/api/events";
inline constexpr std::string_view kTokenPath = "/api/integration-token";

struct Health {
    std::string status;  // "ok"
    std::string version;
    int schema = 0;  // of the database

    bool operator==(const Health&) const = default;
};

struct Self {
    CustomerId customer_id;
    std::string customer_name;
    std::string user;
    std::string role;  // "admin", "editor", "viewer"

    bool operator==(const Self&) const = default;
};

struct ContactPage {
    std::vector<Contact> contacts;
    std::int64_t total = 0;  // of the whole query, not of the page
    std::string cursor;      // empty: this was the last page

    bool operator==(const ContactPage&) const = default;
};

/// One line of a contact's history; append-only.
struct HistoryEntry {
    std::int64_t id = 0;  // grows
    TimePoint at{};
    // "created", "updated", "deleted", "restored", "linked", "unlinked", "conflict", "imported"
    std::string kind;
    std::string actor;   // who: a user's name, or "" for the sync engine
    std::string system;  // "local", or the key of the system it came from
    std::string run_id;  // empty: no run
    std::string note;    // one sentence; may be empty
    std::vector<FieldChange> changes;

    bool operator==(const HistoryEntry&) const = default;
};

enum class RunState {
    Queued,
    Running,
    Done,
    DoneWithProblems,
    Held,
    Superseded,
    Failed,
    Cancelled
};

[[nodiscard]] std::string_view run_state_text(RunState state);  // "done_with_problems"
[[nodiscard]] std::optional<RunState> parse_run_state(std::string_view text);

struct RunProblem {
    std::string contact_id;  // empty: about a record without contact, or about a whole system
    std::string system;
    // "no_email", "invalid_email", "duplicate", "refused", "unreachable", "brake_empty", …
    std::string code;
    std::string message;  // what happened and what it means for the data
    std::string action;   // what to do, one sentence
    std::optional<TimePoint> next_try_at;
    std::string record_id;  // in the system; may be empty

    bool operator==(const RunProblem&) const = default;
};

/// One thing that a run would do (preview), or did: a write to one system, or one to a contact
/// here.
struct RunRecord {
    std::string contact_id;  // empty: a contact that does not exist yet
    std::string title;       // who: name, or e-mail
    std::string system;      // "app" for a write here
    std::string kind;        // "create", "update", "delete", "link"
    std::string record_id;
    // "planned", "held", "done", "skipped", "unknown", "refused", "later"
    std::string outcome;
    std::string reason;                // one sentence
    std::vector<FieldChange> changes;  // of an update or create, field by field

    bool operator==(const RunRecord&) const = default;
};

struct Run {
    RunId id;
    RunState state = RunState::Queued;
    std::optional<TimePoint> started_at;
    std::optional<TimePoint> ended_at;
    std::string reason;                          // why it was held or failed, or what it waits for
    std::map<std::string, std::int64_t> writes;  // "app" and every system -> records written
    std::int64_t pending = 0;                    // settles by itself in a later run
    std::vector<RunProblem> problems;
    std::int64_t done = 0;  // progress
    std::int64_t total = 0;
    std::string trigger;                        // "timer", "person", "change"
    std::map<std::string, std::int64_t> calls;  // system -> API calls made
    bool is_preview = false;                    // nothing is written; `records` says what would be
    std::string system;                         // only this one; empty: all
    std::string contact_id;                     // only this one is written; empty: all
    std::vector<RunRecord> records;  // at most kRunRecordsMax; preview: kPreviewRecordsMax
    std::int64_t records_total = 0;
    std::map<std::string, std::int64_t> calls_needed;  // preview: system -> API calls that it takes

    bool operator==(const Run&) const = default;
};

/// What a person asks of Sync Now. Empty names: everything.
struct RunRequest {
    bool is_preview = false;
    std::string system;
    std::string contact_id;

    bool operator==(const RunRequest&) const = default;
};

struct SystemStatus {
    std::string key;    // "hubspot"
    std::string label;  // "HubSpot"
    std::string state;  // "connected", "reconnect", "paused", "rate_limited", "held"
    std::string reason;
    std::int64_t in_sync = 0;
    std::int64_t excluded = 0;  // held records that are not errors, and contacts without e-mail
    std::int64_t failing = 0;
    std::int64_t pending = 0;
    std::optional<TimePoint> last_run_at;
    std::optional<TimePoint> next_try_at;  // of one that is left alone until then

    bool operator==(const SystemStatus&) const = default;
};

struct SyncStatus {
    bool running = false;
    std::optional<Run> run;  // the running one, else the last
    std::optional<TimePoint> next_run_at;
    std::vector<SystemStatus> systems;

    bool operator==(const SyncStatus&) const = default;
};

/// One server-sent event. `data` is JSON: {"contact":…}, {"run":…}, {"system":…} or {"conflict":…}
/// for the type of that name, {} for "reset" (what was missed cannot be replayed: fetch again).
struct Event {
    std::string id;
    std::string type;
    std::string data;

    bool operator==(const Event&) const = default;
};

/// The answer to a refused PATCH: base, current and yours of each field in question.
struct VersionConflict {
    std::vector<std::string> fields;
    std::map<std::string, std::string> base;
    std::map<std::string, std::string> current;
    std::map<std::string, std::string> yours;
    std::int64_t version = 0;  // the current one
    Contact contact;           // the current one

    bool operator==(const VersionConflict&) const = default;
};

}  // namespace crm::api
