// A CRM in memory, as unkind as the seed makes it: readings that show each record as of some
// earlier moment, lost requests and answers, calls that take effect late, listings that end early
// or skip a record, values that come back changed, unique e-mails or none, merges, records that
// come back from the archive. Time is the test's clock; nothing here waits.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/random.h"
#include "server/sync/connector.h"
#include "tests/support/fake_clock.h"

namespace crm::test {

/// How unkind. Chances in percent; all zero: a perfect system.
struct FakeCrmFaults {
    std::chrono::milliseconds staleness{0};  // how old a reading of a record may be
    int stale_percent = 0;                   // of readings
    std::chrono::milliseconds lateness{0};   // how late a call without answer may take effect
    int lost_request = 0;
    int lost_answer = 0;
    int late = 0;
    int failed_list = 0;
    int truncated_list = 0;  // ended early, with an error
    int short_list = 0;      // ended early without one: an empty page, a repeated cursor
    int skipped_record = 0;  // of 1000 records: missing from a listing that says it is complete
    int rate_limited = 0;
    int disconnected = 0;  // the token is refused, in the middle of the pages too
    int crash = 0;         // of calls: before or after it took effect
};

/// What a crash throws: the engine knows nothing of it, like a process that is killed.
struct Crash {};

struct FakeCrmTraits {
    bool is_email_unique = false;
    bool lowers_email = false;
    bool strips_phone = false;
    bool squeezes_spaces = false;
    bool has_marker = false;    // else the marker of a create is forgotten
    bool has_versions = false;  // readings and answers carry one
    bool is_replacing = false;  // an update is the whole record: the connector reads it first
    bool merges_to_new_id = false;
    bool has_total = false;
};

class FakeCrm {
   public:
    FakeCrm(std::string name, FakeClock& clock, Random& random, FakeCrmTraits traits)
        : name_(std::move(name)), clock_(clock), random_(random), traits_(traits) {}

    /// A record as it was from some moment on.
    struct State {
        sync::RemoteValues values;
        bool is_alive = true;
        std::int64_t version = 0;
        std::vector<std::string> other_emails;
    };
    struct Record {
        std::map<TimePoint, State> states;  // as of when; the last one is the present
        std::string maker;                  // the contact that the engine made it for; "": a person
        std::string marker;
        std::string merged_into;
        std::set<std::string> ever_merged_into;  // also before a person took it out again
        bool is_persons = false;                 // a person deleted, restored, merged or cloned it
        std::optional<TimePoint> first_shown;
        int skips = 0;                   // complete listings that left it out, before that
        bool was_copied_unseen = false;  // by a person, before that
    };

    FakeCrmFaults faults;
    std::string fingerprint;  // of the account
    /// Another account answers: it has its own fingerprint and records of other people, and what is
    /// written goes there and is told as such.
    bool is_other_account = false;
    std::function<void(const std::string&)>
        tell;                             // hears every call as it takes effect; may be empty
    std::function<void()> meanwhile;      // hears that time has passed inside a call; may be empty
    std::function<std::uint64_t()> dice;  // replaces `random` for faults; may be empty

    // People over there. The id of the record, or "" when the system refuses.
    std::string person_creates(const sync::RemoteValues& values);
    void person_edits(const std::string& id, const std::string& field, const std::string& value);
    void person_deletes(const std::string& id);
    /// From the archive, under the same id. False: its e-mail is taken.
    bool person_restores(const std::string& id);
    /// The id under which both go on.
    std::string person_merges(const std::string& winner, const std::string& loser);
    /// A copy with everything, the marker too; "" where e-mails are unique.
    std::string person_clones(const std::string& id);
    /// Only the time of its last change moves.
    void person_touches(const std::string& id);

    // What is true now.
    [[nodiscard]] std::vector<std::string> live_ids() const;
    [[nodiscard]] const sync::RemoteValues& values(const std::string& id) const;
    [[nodiscard]] const std::map<std::string, Record>& records() const { return records_; }
    [[nodiscard]] bool is_live(const std::string& id) const;
    [[nodiscard]] bool is_made_by_engine(const std::string& id) const {
        return !records_.at(id).maker.empty();
    }
    [[nodiscard]] std::vector<std::string> ids_with_email(const std::string& email) const;
    [[nodiscard]] int writes() const { return writes_; }
    [[nodiscard]] int calls() const { return calls_; }
    /// Writes that an account got which is not ours.
    [[nodiscard]] int strayed_writes() const { return strayed_writes_; }
    [[nodiscard]] const std::map<std::string, int>& counts() const { return counts_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const FakeCrmTraits& traits() const { return traits_; }
    /// Values that a call of the engine replaced although nothing had ever shown them: no engine
    /// can avoid it.
    [[nodiscard]] const std::set<std::string>& blindly_replaced() const {
        return blindly_replaced_;
    }
    /// Calls that are still under way take effect when their time has come.
    void settle_late_calls();
    /// What the engine was shown from here on counts only if it lives: see forget_lately_shown(),
    /// forget_first_shown().
    void begin_showing() {
        lately_shown_.clear();
        lately_first_shown_.clear();
    }
    /// It did not: a crash took what it had read, or a part of it.
    void forget_lately_shown();
    /// Nor were records seen lately for the first time, but those that it links or holds since.
    void forget_first_shown(const std::set<std::string>& known);
    /// It was a preview, which keeps nothing of what it was shown.
    void forget_preview();

    // The connector's side.
    sync::Listing list(const std::string& known_digest = {});
    sync::Reading get(const std::string& id);
    sync::CallOutcome create(const sync::RemoteValues& values, const std::string& marker = {});
    sync::CallOutcome update(const std::string& id, const sync::RemoteValues& values);
    sync::CallOutcome remove(const std::string& id);

   private:
    enum class Kind { Create, Update, Delete };
    struct Call {
        Kind kind = Kind::Create;
        std::string id;
        sync::RemoteValues values;
        std::string marker;
        TimePoint at{};  // when it takes effect
    };
    [[nodiscard]] std::uint64_t roll(std::uint64_t bound);
    [[nodiscard]] bool happens(int percent, std::uint64_t of = 100) {
        return percent > 0 && roll(of) < static_cast<std::uint64_t>(percent);
    }
    [[nodiscard]] std::string normalised(const std::string& field, const std::string& value) const;
    [[nodiscard]] const State& present(const std::string& id) const {
        return records_.at(id).states.rbegin()->second;
    }
    [[nodiscard]] bool is_email_taken(const std::string& email, const std::string& but) const;
    /// The present state as it will be from now on, to be changed.
    State& change(const std::string& id);
    sync::CallOutcome apply(const Call& call);
    sync::CallOutcome apply_create(const Call& call);
    void apply_update(const Call& call);
    sync::CallOutcome perform(const Call& call);
    [[nodiscard]] std::optional<sync::CallOutcome> fail_early(const Call& call);
    [[nodiscard]] const State* state_as_of(const Record& record, TimePoint when) const;
    [[nodiscard]] sync::RemoteRecord show(const std::string& id, const State& state) const;
    void note_shown(const std::string& id, const sync::RemoteValues& values);
    void note_skipped(const std::string& id);
    void note_replaced(const std::string& id, const std::string& field);
    void end_listing(sync::Listing& listing);
    [[nodiscard]] sync::Listing list_other_account() const;
    void spend(std::chrono::milliseconds time);

    std::string name_;
    FakeClock& clock_;
    Random& random_;
    FakeCrmTraits traits_;
    std::map<std::string, Record> records_;
    std::deque<Call> late_;
    std::optional<TimePoint> stamp_;  // when the late call that is being applied took effect
    std::set<std::string> shown_;     // every value of every record that was ever shown
    std::vector<std::string> lately_shown_;
    std::vector<std::string> lately_first_shown_;  // ids of records
    std::set<std::string> blindly_replaced_;
    std::map<std::string, int> counts_;  // calls by kind
    int next_id_ = 100;
    int writes_ = 0;
    int calls_ = 0;
    int strayed_writes_ = 0;
};

/// The engine's door to a FakeCrm that outlives it.
class FakeConnector : public sync::Connector {
   public:
    explicit FakeConnector(FakeCrm& crm) : crm_(crm) {}
    [[nodiscard]] sync::Listing list(const std::string& known_digest) override {
        return crm_.list(known_digest);
    }
    [[nodiscard]] sync::CallOutcome create(const sync::RemoteValues& values,
                                           const std::string& marker) override {
        return crm_.create(values, marker);
    }
    [[nodiscard]] sync::CallOutcome update(const RemoteId& id,
                                           const sync::RemoteValues& values) override {
        return crm_.update(id.text, values);
    }
    [[nodiscard]] sync::CallOutcome remove(const RemoteId& id) override {
        return crm_.remove(id.text);
    }
    [[nodiscard]] sync::Reading get(const RemoteId& id) override { return crm_.get(id.text); }
    [[nodiscard]] std::string account_fingerprint() override {
        return crm_.is_other_account ? "the account of somebody else" : crm_.fingerprint;
    }

   private:
    FakeCrm& crm_;
};

}  // namespace crm::test
