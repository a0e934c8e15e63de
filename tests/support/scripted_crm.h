// A CRM in memory that is perfect but for what a script says: the next call of a kind is lost, is
// answered late, is refused. No chance is involved, so a test can walk through every step of a
// story. Each call shows both its edges, at which a test may let the process die, and is written
// into a ledger that survives the death.
//
// FakeCrm is the one for random worlds; this one is for stories that are told step by step.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/sync/connector.h"
#include "tests/support/fake_clock.h"

namespace crm::test {

enum class CallKind { List, Get, Create, Update, Remove };

/// What becomes of a call. All but LostAnswer and Late leave it without effect.
enum class Fate {
    LostRequest,   // no answer, no effect
    LostAnswer,    // no answer, but it took effect
    Late,          // no answer; it takes effect `late_by` afterwards
    RateLimited,   // "later"
    Refused,       // with `refusal` as its problem
    Disconnected,  // the token is refused
    Truncated,     // a listing that ends early, and says so
    Stale,         // a listing or reading of the moment at which freeze() was called
};

/// Before a call leaves, and when it has taken effect but nobody has been told.
enum class CallEdge { Before, After };

struct ScriptedTraits {
    bool is_email_unique = false;
    bool lowers_email = false;
    bool strips_phone = false;
    bool hides_id_on_conflict = false;             // "exists", but not which record
    bool merges_into_new_id = false;               // else the survivor keeps its id
    std::map<std::string, std::size_t> chars_max;  // longer texts are refused, with the field named
    std::map<std::string, std::string> refused;    // field -> code: no text in it is taken
};

/// One call as it was made. `subject` names the record by how it came to be, not by its id, so
/// that ledgers of different courses compare.
struct LedgerLine {
    CallKind kind = CallKind::List;
    std::string subject;
    sync::RemoteValues values;
    bool took_effect = false;
};

class ScriptedCrm {
   public:
    struct Record {
        sync::RemoteValues values;
        std::string subject;
        std::string marker;
        std::vector<std::string> other_emails;
        std::int64_t version = 1;
        std::optional<TimePoint> created_at;  // as the clock over there says
        bool is_live = true;
        std::string merged_into;
    };
    /// All that outlives a process of ours; copied to tell a story from its middle again.
    struct State {
        struct LateCall {
            TimePoint at;
            CallKind kind;
            std::string id;
            sync::RemoteValues values;
            std::string marker;
        };
        std::map<std::string, Record> records;
        std::map<std::string, Record> frozen;
        std::deque<std::pair<CallKind, Fate>> script;
        std::vector<LateCall> late;
        std::vector<LedgerLine> ledger;
        int next_id = 100;
        std::string account = "account 1";
    };

    ScriptedCrm(FakeClock& clock, ScriptedTraits its_traits)
        : traits(std::move(its_traits)), clock_(clock) {}

    State state;
    ScriptedTraits traits;
    sync::CallProblem refusal{"refused", "it does not like the values", {}};
    std::chrono::milliseconds late_by{500};
    std::function<void(CallEdge)> on_edge;  // may be empty

    /// The next call of that kind meets this fate; several orders are met in turn.
    void expect(CallKind kind, Fate fate) { state.script.emplace_back(kind, fate); }
    void freeze() { state.frozen = state.records; }

    // People over there.
    std::string person_creates(const sync::RemoteValues& values);
    void person_edits(const std::string& id, const std::string& field, const std::string& value);
    void person_deletes(const std::string& id);
    void person_restores(const std::string& id);
    /// Both records become one, with the survivor's values; its id.
    std::string person_merges(const std::string& survivor, const std::string& loser);

    [[nodiscard]] std::vector<std::string> live_ids();
    [[nodiscard]] const sync::RemoteValues& values(const std::string& id) const {
        return state.records.at(id).values;
    }
    [[nodiscard]] std::string text(const std::string& id, const std::string& field) const;
    [[nodiscard]] std::vector<std::string> ids_with_email(const std::string& email);
    /// A value of the one live record with the e-mail.
    [[nodiscard]] std::string text_of(const std::string& email, const std::string& field) {
        return text(id_of(email), field);
    }
    /// The id of the one live record with the e-mail.
    [[nodiscard]] std::string id_of(const std::string& email);
    /// Calls of a kind so far; those that took effect.
    [[nodiscard]] int count(CallKind kind) const;
    [[nodiscard]] int writes() const {
        return count(CallKind::Create) + count(CallKind::Update) + count(CallKind::Remove);
    }

    // The connector's side.
    sync::Listing list();
    sync::Reading get(const std::string& id);
    sync::CallOutcome create(const sync::RemoteValues& values, const std::string& marker);
    sync::CallOutcome update(const std::string& id, const sync::RemoteValues& values);
    sync::CallOutcome remove(const std::string& id);

   private:
    using LateCall = State::LateCall;
    [[nodiscard]] std::optional<Fate> next_fate(CallKind kind);
    [[nodiscard]] std::string normalised(const std::string& field, const std::string& value) const;
    /// The other live record that has an e-mail, as its own or further back; "" when none does.
    [[nodiscard]] std::string owner_of(const std::string& email, const std::string& except) const;
    [[nodiscard]] std::optional<sync::CallOutcome> refuse_values(
        const sync::RemoteValues& values) const;
    [[nodiscard]] std::string subject_of(const std::string& id) const;
    [[nodiscard]] sync::RemoteRecord show(const std::string& id, const Record& record) const;
    void edge(CallEdge edge) const {
        if (on_edge) on_edge(edge);
    }
    void put(Record& record, const sync::RemoteValues& changed) const;
    void settle_late_calls();
    sync::CallOutcome perform(const LateCall& call);
    sync::CallOutcome apply(const LateCall& call);
    sync::CallOutcome apply_create(const LateCall& call);
    sync::CallOutcome apply_update(const LateCall& call, Record& record);

    FakeClock& clock_;
};

/// The engine's door to a ScriptedCrm that outlives it.
class ScriptedConnector final : public sync::Connector {
   public:
    explicit ScriptedConnector(ScriptedCrm& crm) : crm_(crm) {}
    [[nodiscard]] sync::Listing list(const std::string&) override { return crm_.list(); }
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
    [[nodiscard]] std::string account_fingerprint() override { return crm_.state.account; }

   private:
    ScriptedCrm& crm_;
};

}  // namespace crm::test
