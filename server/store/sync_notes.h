// What the sync engine remembers about every contact and every system, as plain data. The rules
// that read and change it are in server/sync; the SQL that keeps it is sync_store's.
//
// Times: a listing was *started* at s and *ended* at e on our own clock; nothing here is a CRM's
// clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/store/hold.h"
#include "shared/contact.h"
#include "shared/ids.h"
#include "shared/time_text.h"

namespace crm::sync {

/// A value that a listing may still show although it has been replaced.
struct SupersededValue {
    std::string raw;
    TimePoint until{};  // listings started before this may show it
    /// It was shown after that, once, by a reading that is an edit or was this old; then `until`
    /// was put off. Zero: it was not.
    std::chrono::milliseconds late_by{0};

    bool operator==(const SupersededValue&) const = default;
};

/// A value that we wrote ourselves, so that seeing it is an echo and no edit.
struct SentValue {
    std::string raw;
    std::string app;    // our value that it stands for
    TimePoint until{};  // from then on, seeing it is somebody's edit

    bool operator==(const SentValue&) const = default;
};

/// The last agreed state of one field in one system, as a pair: what the system stores (raw) and
/// the value of ours that it stands for (app). The system changed when raw differs; we changed when
/// app differs.
struct FieldShadow {
    std::string raw;
    std::string app;
    TimePoint settle_until{};      // a new value in a listing started before this may be an old one
    bool is_settling_own = false;  // the window was opened by a write of ours
    /// A value was seen that may be an edit: nothing is written over the field before a listing
    /// that started after this shows the record, which ends the doubt.
    TimePoint doubt_until{};
    std::vector<SupersededValue> superseded;  // the last ones, also when `until` is over
    std::vector<SentValue> sent;
    /// Values whose write got no answer and was not to be seen in its time, so that it counts as
    /// never done. For a while, seeing one is that write, later than Λ, and still no edit.
    std::vector<SentValue> lost;
    /// Values of this window that a write of ours may have to do with: recorded already as perhaps
    /// overwritten, or perhaps put back by it, which is not decided yet.
    std::vector<std::string> noted;

    bool operator==(const FieldShadow&) const = default;
};

/// One contact bound to one record of a system.
struct Link {
    RemoteId id;
    std::string url;
    TimePoint linked_at{};      // end of the listing or call that bound it
    TimePoint visible_until{};  // an absence counts only in listings started after this
    int absent_count = 0;
    TimePoint last_absent_start{};
    std::optional<TimePoint> delete_acked;    // the system confirmed our delete then
    std::optional<TimePoint> confirmed_gone;  // a complete listing without it, late enough
    int redeletes = 0;
    bool is_dying = false;  // the contact was restored after its delete was sent: finish that first
    TimePoint synced_at{};
    std::optional<std::int64_t> version;  // the highest one seen or written, of a trusted system
    std::map<std::string, FieldShadow> fields;  // no entry: never agreed on, the first sight adopts

    bool operator==(const Link&) const = default;
};

enum class IntentKind { Create, Update, Delete };

/// A call that is on its way or ended without an answer. On disk before the call starts; at most
/// one per contact and system.
struct Intent {
    IntentKind kind = IntentKind::Create;
    RemoteId id;              // update and delete
    FieldTexts raw;           // the values sent
    FieldTexts app;           // our values that they stand for
    std::string email_key;    // of a create
    bool is_unknown = false;  // false: the call may still be running
    TimePoint sent_at{};
    TimePoint deadline{};  // it takes effect until then or never; only set while unknown
    int absent_count = 0;  // of a create: complete listings after the deadline without it

    bool operator==(const Intent&) const = default;
};

/// A call that the system refused, so that the same one is not repeated at once.
struct Refusal {
    IntentKind kind = IntentKind::Create;
    std::string code;
    std::string message;
    std::string action;
    FieldTexts raw;  // what was refused
    int attempts = 0;
    std::optional<TimePoint> next_try_at;  // none: waits for a change by a person

    bool operator==(const Refusal&) const = default;
};

/// A value of ours that a system cannot hold: it stays here, the rest of the record syncs.
struct ParkedValue {
    std::string app;  // the value; another one is tried again
    std::string code;
    std::string message;
    TimePoint since{};

    bool operator==(const ParkedValue&) const = default;
};

/// A field that somebody or something over there keeps turning back.
struct Oscillation {
    /// Raw values that the field left lately, with the cycle of the system in which that happened.
    std::vector<std::pair<std::string, std::int64_t>> left;
    std::vector<std::int64_t> flips;     // cycles in which it went back to a value it had left
    std::vector<TimePoint> turned_back;  // when it went back from what we had written
    bool is_frozen = false;              // neither side is changed until a person decides

    bool operator==(const Oscillation&) const = default;
};

/// Everything about one contact in one system.
struct Standing {
    std::optional<Link> link;
    std::optional<Intent> intent;
    std::optional<Refusal> refusal;
    bool has_vanished = false;  // its record disappeared over there: creating it is a re-creation
    /// VanishPolicy Detach or Ask: not created anew. Cleared when a person asks for it.
    bool is_detached = false;
    bool is_merged = false;  // detached: its record became one with that of another contact
    /// A held record may be this contact's: none is created before a person decides. Told by the
    /// holds, and not saved with the standing.
    bool is_suggested = false;
    std::map<std::string, ParkedValue> parked;        // wire name -> what cannot go there
    std::map<std::string, Oscillation> oscillations;  // wire name -> how it went to and fro

    [[nodiscard]] bool is_blank() const {
        return !link && !intent && !refusal && !has_vanished && !is_detached && parked.empty() &&
               oscillations.empty();
    }
    bool operator==(const Standing&) const = default;
};

struct ContactNotes {
    Contact contact;                // without links and sources
    std::set<std::string> aliases;  // e-mail keys it ever had here, in an intent or in a system
    std::map<SystemKey, Standing> systems;

    bool operator==(const ContactNotes&) const = default;
};

using RemoteKey = std::pair<SystemKey, RemoteId>;

/// One value that lost, kept for good.
struct ConflictRow {
    std::int64_t id = 0;  // given by the store
    ContactId contact;
    SystemKey system;
    std::string field;
    std::string base;
    std::string app_value;
    std::string remote_value;
    std::string winner;  // the value that stands
    std::string kind;    // "both_changed", "first_sync", "during_own_write", "email_taken",
                         // "unusable", "deleted_here", "oscillation"
    std::string run_id;
    TimePoint at{};
    std::string policy = "app";  // what chose the winner: "app", "newest", "ask" or a system's key
    std::string state = "auto";  // "open" (waits for a person), "auto", "resolved"
    std::string resolution;      // the value that a person chose
    std::string resolved_by;
    std::optional<TimePoint> resolved_at;

    bool operator==(const ConflictRow&) const = default;
};

/// What is known about one system of one customer between runs.
struct SystemRow {
    std::string state = "connected";  // as in api::SystemStatus
    std::string reason;
    std::optional<TimePoint> last_run_at;
    std::optional<TimePoint> pause_until;  // rate limits
    bool is_first_sync_done = false;
    std::string account_fingerprint;
    std::int64_t in_sync = 0;
    std::int64_t excluded = 0;
    std::int64_t failing = 0;
    std::int64_t pending = 0;
    std::int64_t cycle = 0;               // complete listings ever observed
    std::int64_t listed = 0;              // records in the last complete listing
    std::string mapping_hash;             // of the mapping that the shadows were made with
    std::chrono::milliseconds settle{0};  // Δ as measured, when that is more than configured
    std::chrono::milliseconds late{0};    // Λ as measured, likewise
    std::optional<TimePoint> settle_raised_at;
    std::int64_t incidents = 0;  // readings older than Δ allows
    bool is_paused = false;      // by a person
    TimePoint budget_day{};      // the day (UTC) that calls_today counts
    std::int64_t calls_today = 0;
    /// All that its first listing showed is settled: from then on many creations are a surprise.
    bool is_first_sync_over = false;
    bool is_rolled_back = false;  // the database is an older copy, and nobody said yes to it yet

    bool operator==(const SystemRow&) const = default;
};

/// Everything of one customer.
struct CustomerNotes {
    std::map<ContactId, ContactNotes> contacts;
    std::map<RemoteKey, ContactId> dead;  // records never imported and never linked again
    // E-mail keys of tombstones, and the hashes of those that were purged: find_suppressed() of
    // store/suppression.h looks in both.
    std::map<std::string, ContactId> suppressed;
    std::set<std::string> purged;
    /// Contacts that became one with another here: what says it is the former is the latter's.
    std::map<ContactId, ContactId> merged;
    std::map<RemoteKey, Hold> holds;
    std::map<SystemKey, SystemRow> systems;
};

}  // namespace crm::sync
