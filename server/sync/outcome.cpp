#include "server/sync/outcome.h"

#include <algorithm>
#include <chrono>

#include "server/limits.h"
#include "server/sync/field_merge.h"
#include "server/sync/rule.h"

namespace crm::sync {
namespace {

using std::chrono::minutes;

void settle_texts(
    Link& link, const Step& step, const SystemSpec& system, TimePoint now, const Rules& rules) {
    for (const std::string& field : system.fields) {
        const auto raw = step.raw.find(field);
        // What only comes from there is agreed on by its first reading.
        if (system.direction_of(field) == Direction::In) continue;
        FieldShadow& shadow = link.fields[field];
        shadow.raw = raw == step.raw.end() ? std::string() : raw->second;
        shadow.app = raw == step.raw.end() ? std::string() : step.app.at(field);
        shadow.settle_until = now + rules.settle;
        shadow.is_settling_own = true;
    }
}

/// One outcome of one call on its way into the notes.
class Ending {
   public:
    Ending(ContactNotes& notes,
           const Step& step,
           const SystemSpec& system,
           const CallOutcome& outcome,
           const Moment& moment)
        : notes_(notes),
          step_(step),
          system_(system),
          outcome_(outcome),
          now_(moment.now),
          rules_(moment.rules),
          standing_(notes.systems[step.system]) {}

    OutcomeEffect run(const Claim& claim);

   private:
    void applied(const Claim& claim);
    void exists(const Claim& claim);
    void unknown();
    void not_applied();
    void refuse(std::string code, std::string message, std::string action, bool is_due_again);
    void refuse_as_told();
    /// True when the call is worth another try without the values that were refused.
    bool park_refused();
    /// What was sent is held there now.
    void unpark();
    void bind(const RemoteId& record);

    ContactNotes& notes_;
    const Step& step_;
    const SystemSpec& system_;
    const CallOutcome& outcome_;
    TimePoint now_;
    const Rules& rules_;
    Standing& standing_;
    OutcomeEffect effect_;
};

void Ending::not_applied() {
    standing_.intent.reset();
    if (step_.kind != IntentKind::Update || !standing_.link) return;
    for (const auto& [field, raw] : step_.raw) {
        note_refused(standing_.link->fields[field], now_, rules_);
    }
}

void Ending::refuse(std::string code, std::string message, std::string action, bool is_due_again) {
    not_applied();
    Refusal refusal;
    refusal.kind = step_.kind;
    refusal.code = std::move(code);
    refusal.message = std::move(message);
    refusal.action = std::move(action);
    refusal.raw = step_.raw;
    refusal.attempts = 1;
    if (standing_.refusal && standing_.refusal->kind == step_.kind &&
        standing_.refusal->raw == step_.raw) {
        refusal.attempts = standing_.refusal->attempts + 1;
    }
    if (is_due_again && refusal.attempts < kAttemptsMax) {
        const int doublings = std::min(refusal.attempts - 1, 8);
        refusal.next_try_at =
            now_ + std::max<std::chrono::milliseconds>(rules_.settle, minutes(1 << doublings));
    }
    standing_.refusal = std::move(refusal);
}

bool Ending::park_refused() {
    if (!is_on(Rule::Parking) || outcome_.end != CallEnd::Refused) return false;
    // Free again as soon as the other record changes: it is tried again, not parked.
    if (outcome_.problem.code == "email_taken") return false;
    std::map<std::string, ParkedValue> parked;
    for (const std::string& field : outcome_.refused_fields) {
        const auto ours = step_.app.find(field);
        if (ours == step_.app.end()) continue;
        // Without these there is no record to create.
        const bool is_needed = field == "email" || (field == "name" && system_.is_name_required);
        if (step_.kind == IntentKind::Create && is_needed) return false;
        const FieldSpec* spec = find_field(field);
        ParkedValue value;
        value.app = ours->second;
        value.code = outcome_.problem.code.empty() ? "refused" : outcome_.problem.code;
        value.message = (spec == nullptr ? field : std::string(spec->label)) +
                        " is kept here only: " + system_.label + " does not take “" + ours->second +
                        "”";
        if (!outcome_.problem.details.empty())
            value.message += " (" + outcome_.problem.details + ")";
        value.since = now_;
        parked[field] = std::move(value);
    }
    if (parked.empty()) return false;
    not_applied();
    standing_.refusal.reset();
    for (auto& [field, value] : parked) standing_.parked[field] = std::move(value);
    effect_.is_parked = true;
    return true;
}

void Ending::unpark() {
    for (const auto& [field, raw] : step_.raw) standing_.parked.erase(field);
}

void Ending::refuse_as_told() {
    if (park_refused()) return;
    const std::string name = system_.label;
    if (outcome_.problem.code == "email_taken") {
        refuse("email_taken",
               name +
                   " already has another record with this e-mail, so it keeps the old one. Nothing "
                   "was lost.",
               "Merge the two records in " + name + ", or change the e-mail here.",
               true);
        return;
    }
    std::string message = name + " refused the change: " + outcome_.problem.message;
    if (!outcome_.problem.details.empty()) message += " (" + outcome_.problem.details + ")";
    refuse(outcome_.problem.code.empty() ? "refused" : outcome_.problem.code,
           std::move(message),
           "Correct the contact here; the next run sends it again.",
           false);
}

void Ending::bind(const RemoteId& record) {
    Link link;
    link.id = record;
    link.linked_at = now_;
    link.visible_until = now_ + rules_.settle;
    link.synced_at = now_;
    // What the system cannot hold it still cannot.
    std::map<std::string, ParkedValue> parked = std::move(standing_.parked);
    standing_ = Standing{};
    standing_.link = std::move(link);
    standing_.parked = std::move(parked);
}

void Ending::applied(const Claim& claim) {
    switch (step_.kind) {
        case IntentKind::Create:
            if (!outcome_.id.is_set()) {
                unknown();
                return;
            }
            if (claim.is_linked_elsewhere || claim.is_dead) {
                exists(claim);
                return;
            }
            bind(outcome_.id);
            unpark();
            settle_texts(*standing_.link, step_, system_, now_, rules_);
            standing_.link->version = outcome_.version;
            if (notes_.contact.deleted) effect_.died = outcome_.id;
            effect_.history_kind = "linked";
            effect_.history_text = "Created in " + system_.label + " as record " + outcome_.id.text;
            break;
        case IntentKind::Update:
            standing_.intent.reset();
            standing_.refusal.reset();
            unpark();
            if (!standing_.link) break;
            for (const auto& [field, raw] : step_.raw) {
                note_acked(standing_.link->fields[field], raw, step_.app.at(field), now_, rules_);
            }
            standing_.link->visible_until =
                std::max(standing_.link->visible_until, now_ + rules_.settle);
            standing_.link->absent_count = 0;  // it was there, whatever a listing left out before
            standing_.link->synced_at = now_;
            // When the answer does not tell the version, readings are not ordered until it is seen.
            standing_.link->version = outcome_.version;
            break;
        case IntentKind::Delete:
            standing_.intent.reset();
            standing_.refusal.reset();
            if (!standing_.link) break;
            if (standing_.link->delete_acked) ++standing_.link->redeletes;
            standing_.link->delete_acked = now_;
            standing_.link->confirmed_gone.reset();
            effect_.history_kind = "unlinked";
            effect_.history_text =
                "Deleted in " + system_.label + " (record " + step_.record.text + ")";
            break;
    }
    effect_.is_written = true;
}

void Ending::exists(const Claim& claim) {
    const std::string& name = system_.label;
    if (claim.is_linked_elsewhere) {
        refuse("email_taken",
               name + " has this e-mail on record " + outcome_.id.text +
                   ", which belongs to another contact here.",
               "Merge the two contacts, or change one of the e-mails.",
               true);
    } else if (claim.is_dead || !outcome_.id.is_set()) {
        refuse(
            "exists",
            name + " says that it already has this e-mail, on a record that is not to be seen yet.",
            "Nothing to do: it is tried again.",
            true);
    } else if (notes_.contact.deleted) {
        standing_.intent.reset();
    } else {
        bind(outcome_.id);
        effect_.history_kind = "linked";
        effect_.history_text =
            "Linked to " + name + " record " + outcome_.id.text + ", which had the e-mail already";
    }
}

void Ending::unknown() {
    note_interrupted(standing_, now_, rules_);
}

OutcomeEffect Ending::run(const Claim& claim) {
    switch (outcome_.end) {
        case CallEnd::Applied:
            applied(claim);
            break;
        case CallEnd::Unknown:
            unknown();
            break;
        case CallEnd::Refused:
            refuse_as_told();
            break;
        case CallEnd::Later:
        case CallEnd::Disconnected:
            not_applied();
            break;
        case CallEnd::Exists:
            if (step_.kind == IntentKind::Create) {
                exists(claim);
            } else {
                refuse_as_told();
            }
            break;
        case CallEnd::Missing:
            if (step_.kind == IntentKind::Delete) {
                applied(claim);
            } else {
                refuse("missing",
                       system_.label + " has no record " + step_.record.text + " any more.",
                       "Nothing to do: when it stays away, the contact is created there anew.",
                       true);
            }
            break;
    }
    return std::move(effect_);
}

}  // namespace

void note_step(Standing& standing, const Step& step, TimePoint now) {
    Intent intent;
    intent.kind = step.kind;
    intent.id = step.record;
    intent.raw = step.raw;
    intent.app = step.app;
    intent.email_key = step.email_key;
    intent.sent_at = now;
    standing.intent = std::move(intent);
    if (step.kind != IntentKind::Update || !standing.link) return;
    for (const auto& [field, raw] : step.raw) {
        note_sent(standing.link->fields[field], raw, step.app.at(field));
    }
}

OutcomeEffect note_outcome(ContactNotes& notes,
                           const Step& step,
                           const SystemSpec& system,
                           const CallOutcome& outcome,
                           const Claim& claim,
                           const Moment& moment) {
    return Ending(notes, step, system, outcome, moment).run(claim);
}

void note_interrupted(Standing& standing, TimePoint now, const Rules& rules) {
    if (!standing.intent) return;
    Intent& intent = *standing.intent;
    intent.is_unknown = true;
    intent.deadline = now + rules.late;
    if (intent.kind != IntentKind::Update || !standing.link) return;
    standing.link->version.reset();  // the call may have made a higher one
    for (const auto& [field, raw] : intent.raw) {
        note_unknown(standing.link->fields[field], intent.deadline, rules);
    }
}

}  // namespace crm::sync
