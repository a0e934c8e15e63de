// A CRM in memory, as unkind as the seed makes it: listings that show each record as of some
// earlier moment, lost requests and answers, calls that take effect late, listings that end early,
// values that come back changed, unique e-mails or none. Time is the test's clock; nothing here
// waits.
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
    int truncated_list = 0;
    int rate_limited = 0;
    int crash = 0;  // of calls: before or after it took effect
};

/// What a crash throws: the engine knows nothing of it, like a process that is killed.
struct Crash {};

struct FakeCrmTraits {
    bool is_email_unique = false;
    bool lowers_email = false;
    bool strips_phone = false;
};

class FakeCrm {
   public:
    FakeCrm(std::string name, FakeClock& clock, Random& random, FakeCrmTraits traits)
        : name_(std::move(name)), clock_(clock), random_(random), traits_(traits) {}

    struct Record {
        std::map<TimePoint, sync::RemoteValues>
            versions;                    // as of when; the last one is the present
        std::map<TimePoint, bool> life;  // as of when it was alive
        bool is_made_by_engine = false;
    };

    FakeCrmFaults faults;
    std::function<void(const std::string&)>
        tell;  // hears every call as it takes effect; may be empty

    // People over there. The id of the record, or "" when the system refuses.
    std::string person_creates(const sync::RemoteValues& values);
    void person_edits(const std::string& id, const std::string& field, const std::string& value);
    void person_deletes(const std::string& id);

    // What is true now.
    [[nodiscard]] std::vector<std::string> live_ids() const;
    [[nodiscard]] const sync::RemoteValues& values(const std::string& id) const;
    [[nodiscard]] bool is_live(const std::string& id) const;
    [[nodiscard]] bool is_made_by_engine(const std::string& id) const {
        return records_.at(id).is_made_by_engine;
    }
    [[nodiscard]] std::vector<std::string> ids_with_email(const std::string& email) const;
    [[nodiscard]] int writes() const { return writes_; }
    [[nodiscard]] int calls() const { return calls_; }
    /// Values that a call of the engine replaced although no listing had ever shown them: no engine
    /// that only lists and writes can avoid it.
    [[nodiscard]] const std::set<std::string>& blindly_replaced() const {
        return blindly_replaced_;
    }
    /// Calls that are still under way take effect when their time has come.
    void settle_late_calls();

    // The connector's side.
    sync::Listing list();
    sync::CallOutcome create(const sync::RemoteValues& values);
    sync::CallOutcome update(const std::string& id, const sync::RemoteValues& values);
    sync::CallOutcome remove(const std::string& id);

   private:
    struct LateCall {
        TimePoint at;
        int kind;  // 0 create, 1 update, 2 delete
        std::string id;
        sync::RemoteValues values;
    };
    [[nodiscard]] bool happens(int percent) {
        return percent > 0 && random_below(random_, 100) < static_cast<std::uint64_t>(percent);
    }
    [[nodiscard]] std::string normalised(const std::string& field, const std::string& value) const;
    sync::CallOutcome apply(const LateCall& call);
    sync::CallOutcome perform(int kind, const std::string& id, const sync::RemoteValues& values);
    void put(const std::string& id, const sync::RemoteValues& changed);
    void end_life(const std::string& id);

    std::string name_;
    FakeClock& clock_;
    Random& random_;
    FakeCrmTraits traits_;
    std::map<std::string, Record> records_;
    std::deque<LateCall> late_;
    std::optional<TimePoint> stamp_;  // when the late call that is being applied took effect
    std::set<std::string> shown_;     // every value in every listing so far
    std::set<std::string> blindly_replaced_;
    int next_id_ = 100;
    int writes_ = 0;
    int calls_ = 0;
};

/// The engine's door to a FakeCrm that outlives it.
class FakeConnector final : public sync::Connector {
   public:
    explicit FakeConnector(FakeCrm& crm) : crm_(crm) {}
    [[nodiscard]] sync::Listing list(const std::string&) override { return crm_.list(); }
    [[nodiscard]] sync::CallOutcome create(const sync::RemoteValues& values,
                                           const std::string&) override {
        return crm_.create(values);
    }
    [[nodiscard]] sync::CallOutcome update(const RemoteId& id,
                                           const sync::RemoteValues& values) override {
        return crm_.update(id.text, values);
    }
    [[nodiscard]] sync::CallOutcome remove(const RemoteId& id) override {
        return crm_.remove(id.text);
    }
    [[nodiscard]] sync::Reading get(const RemoteId&) override { return {}; }
    [[nodiscard]] std::string account_fingerprint() override { return {}; }

   private:
    FakeCrm& crm_;
};

}  // namespace crm::test
