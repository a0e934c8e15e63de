#include "server/sync/planner.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/plan_view.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

std::string key_of(const std::string& email) {
    return email_key(email).value_or("");
}

bool has_open_call(const Standing& standing) {
    return is_on(Rule::OpenIntent) && standing.intent.has_value();
}

/// A refusal stands in the way until it is due, or until the step is another one.
bool is_refused(const Standing& standing, const Step& step, TimePoint now) {
    if (!standing.refusal) return false;
    const Refusal& refusal = *standing.refusal;
    if (refusal.kind != step.kind || refusal.raw != step.raw) return false;
    return !refusal.next_try_at || now < *refusal.next_try_at;
}

/// A value was seen that may be an edit, and no listing from after that time has shown the record
/// since.
bool is_in_doubt(const FieldShadow& shadow, const RemoteId& record, const SystemView& view) {
    if (!is_on(Rule::DoubtBlocksWrite) || shadow.doubt_until == TimePoint{}) return false;
    return view.started < shadow.doubt_until || !view.visible.contains(record);
}

StepChoice choose_delete(const ContactNotes& notes,
                         const Standing& standing,
                         const SystemSpec& system,
                         const SystemView& view,
                         const Rules& rules) {
    const Link& link = *standing.link;
    if (link.confirmed_gone) return {};
    if (has_open_call(standing)) return {std::nullopt, Blocker::OpenCall};
    if (link.delete_acked) {
        const bool is_back = view.is_reachable && view.visible.contains(link.id) &&
                             view.started >= *link.delete_acked + rules.settle;
        if (!is_back) return {std::nullopt, Blocker::Unconfirmed};
        if (is_on(Rule::RedeleteLimit) && link.redeletes >= kRedeletesMax) return {};
    }
    if (!view.is_reachable) return {std::nullopt, Blocker::Unreachable};
    // A value that was seen in doubt goes to the trash once it is seen for sure; this listing may
    // be older than it. A record that a newer one does not show has nothing to keep.
    const bool is_gone = view.is_complete && !view.visible.contains(link.id);
    const bool has_doubt =
        std::any_of(link.fields.begin(), link.fields.end(), [&](const auto& entry) {
            const FieldShadow& shadow = entry.second;
            return is_in_doubt(shadow, link.id, view) &&
                   (!is_gone || view.started < shadow.doubt_until);
        });
    if (has_doubt) return {std::nullopt, Blocker::InDoubt};
    Step step;
    step.kind = IntentKind::Delete;
    step.contact = notes.contact.id;
    step.system = system.key;
    step.record = link.id;
    return {step, Blocker::None};
}

StepChoice choose_update(const ContactNotes& notes,
                         const Standing& standing,
                         const SystemSpec& system,
                         const SystemView& view) {
    Difference difference = find_difference(notes.contact, standing, system);
    if (standing.refusal && standing.refusal->code == "email_taken" && difference.raw.size() > 1) {
        // The other texts go ahead while the e-mail waits for the record that still has it.
        const auto email = standing.refusal->raw.find("email");
        const auto wanted = difference.raw.find("email");
        if (email != standing.refusal->raw.end() && wanted != difference.raw.end() &&
            email->second == wanted->second) {
            difference.raw.erase("email");
            difference.app.erase("email");
        }
    }
    if (difference.raw.empty()) return {};
    for (auto text = difference.raw.begin(); text != difference.raw.end();) {
        const auto known = standing.link->fields.find(text->first);
        const bool has_doubt = known != standing.link->fields.end() &&
                               is_in_doubt(known->second, standing.link->id, view);
        if (has_doubt) difference.app.erase(text->first);
        text = has_doubt ? difference.raw.erase(text) : std::next(text);
    }
    if (difference.raw.empty()) return {std::nullopt, Blocker::InDoubt};
    if (has_open_call(standing)) return {std::nullopt, Blocker::OpenCall};
    if (!view.is_reachable) return {std::nullopt, Blocker::Unreachable};
    Step step;
    step.kind = IntentKind::Update;
    step.contact = notes.contact.id;
    step.system = system.key;
    step.record = standing.link->id;
    step.raw = std::move(difference.raw);
    step.app = std::move(difference.app);
    return {step, Blocker::None};
}

StepChoice choose_create(const ContactNotes& notes,
                         const Standing& standing,
                         const SystemSpec& system,
                         const SystemView& view) {
    if (has_open_call(standing)) return {std::nullopt, Blocker::OpenCall};
    if (standing.is_detached) return {std::nullopt, Blocker::NothingToDo};
    const std::string key = key_of(notes.contact.fields.email);
    if (key.empty()) return {std::nullopt, Blocker::NoEmail};
    // Contacts are matched by the e-mail: a record without it would be found by nobody.
    if (find_parked(notes.contact, standing, system, "email"))
        return {std::nullopt, Blocker::Parked};
    if (standing.is_suggested) return {std::nullopt, Blocker::Suggested};
    if (!view.is_reachable) return {std::nullopt, Blocker::Unreachable};
    if (is_on(Rule::CreateNeedsComplete) && !view.is_complete) {
        return {std::nullopt, Blocker::Incomplete};
    }
    if (is_on(Rule::CreateLooksFirst) && view.unlinked_emails.contains(key)) {
        return {std::nullopt, Blocker::EmailInUse};
    }
    Step step;
    step.kind = IntentKind::Create;
    step.contact = notes.contact.id;
    step.system = system.key;
    step.email_key = key;
    step.is_recreation = standing.has_vanished;
    Difference texts = find_first_texts(notes.contact, standing, system);
    step.raw = std::move(texts.raw);
    step.app = std::move(texts.app);
    return {step, Blocker::None};
}

/// E-mail keys that somebody else still holds in a system, or may come to hold.
std::map<std::string, std::set<ContactId>> find_held_emails(const CustomerNotes& notes,
                                                            const SystemKey& system) {
    std::map<std::string, std::set<ContactId>> held;
    for (const auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system);
        if (found == contact.systems.end()) continue;
        const Standing& standing = found->second;
        if (standing.intent && standing.intent->kind == IntentKind::Create) {
            held[standing.intent->email_key].insert(id);
        }
        if (!standing.link || standing.link->confirmed_gone) continue;
        const auto shadow = standing.link->fields.find("email");
        if (shadow != standing.link->fields.end()) held[key_of(shadow->second.raw)].insert(id);
        if (!contact.contact.deleted) continue;
        for (const std::string& alias : contact.aliases) held[alias].insert(id);
    }
    return held;
}

bool is_settled_by_time(Blocker blocker) {
    switch (blocker) {
        case Blocker::None:
        case Blocker::NothingToDo:
        case Blocker::NoEmail:
        case Blocker::Parked:
        case Blocker::Suggested:
            return false;
        case Blocker::Probation:
        case Blocker::OpenCall:
        case Blocker::Refused:
        case Blocker::Unreachable:
        case Blocker::Incomplete:
        case Blocker::InDoubt:
        case Blocker::EmailInUse:
        case Blocker::Unconfirmed:
            return true;
    }
    return false;
}

int order_of(IntentKind kind) {
    switch (kind) {
        case IntentKind::Delete:
            return 0;
        case IntentKind::Update:
            return 1;
        case IntentKind::Create:
            return 2;
    }
    return 3;
}

/// Plans one system into `plan`.
class SystemPlanner {
   public:
    SystemPlanner(const CustomerNotes& notes, const SystemSpec& system, const SystemView& view)
        : notes_(notes), system_(system), view_(view), held_(find_held_emails(notes, system.key)) {}

    void plan(const ContactNotes& contact, const Rules& rules, TimePoint now, Plan& plan) const {
        StepChoice choice = choose_step(contact, system_, view_, rules, now);
        if (choice.step && choice.step->kind == IntentKind::Create && is_held(*choice.step)) {
            choice.step.reset();
            choice.blocker = Blocker::EmailInUse;
        } else if (choice.step && choice.step->kind == IntentKind::Update) {
            order_email(choice);
        }
        if (choice.step) plan.steps.push_back(std::move(*choice.step));
        if (is_settled_by_time(choice.blocker)) ++plan.blocked;
        if (choice.blocker == Blocker::Unconfirmed) {
            const Link& link = *contact.systems.at(system_.key).link;
            const TimePoint when = *link.delete_acked + rules.settle;
            if (!plan.decidable_at || when < *plan.decidable_at) plan.decidable_at = when;
        }
    }

   private:
    [[nodiscard]] bool is_held(const Step& step) const {
        const auto found = held_.find(step.email_key);
        if (!is_on(Rule::EmailBarrier) || found == held_.end()) return false;
        return std::any_of(found->second.begin(),
                           found->second.end(),
                           [&](const ContactId& holder) { return !(holder == step.contact); });
    }

    /// The live contact whose record has an e-mail there that it is about to change, or nullptr.
    [[nodiscard]] const ContactNotes* find_leaving(const std::string& key,
                                                   const ContactId& but) const {
        const auto found = held_.find(key);
        if (found == held_.end()) return nullptr;
        for (const ContactId& id : found->second) {
            const ContactNotes& holder = notes_.contacts.at(id);
            const Standing& standing = holder.systems.at(system_.key);
            if (id == but || holder.contact.deleted || !standing.link) continue;
            const Difference texts = find_difference(holder.contact, standing, system_);
            if (texts.raw.contains("email")) return &holder;
        }
        return nullptr;
    }

    /// Where e-mails are unique, one that another record is about to give up is waited for. When
    /// all wait for each other in a ring, the first of them gives its e-mail up for a moment.
    void order_email(StepChoice& choice) const {
        Step& step = *choice.step;
        const auto wanted = step.raw.find("email");
        if (!is_on(Rule::EmailBarrier) || !system_.is_email_unique || wanted == step.raw.end())
            return;
        const ContactNotes* next = find_leaving(key_of(wanted->second), step.contact);
        if (next == nullptr) return;
        ContactId first = step.contact;
        std::set<ContactId> seen;
        while (next != nullptr && seen.insert(next->contact.id).second) {
            first = std::min(first, next->contact.id);
            if (next->contact.id == step.contact) break;
            next = find_leaving(key_of(next->contact.fields.email), next->contact.id);
        }
        const bool is_ring = next != nullptr && next->contact.id == step.contact;
        const EmailTurn turn =
            is_ring && first == step.contact ? EmailTurn::GiveUp : EmailTurn::Later;
        choice.step = take_email_turn(std::move(step), turn);
        if (!choice.step) choice.blocker = Blocker::EmailInUse;
    }

    const CustomerNotes& notes_;
    const SystemSpec& system_;
    const SystemView& view_;
    std::map<std::string, std::set<ContactId>> held_;
};

}  // namespace

std::optional<Step> take_email_turn(Step step, EmailTurn turn) {
    if (turn == EmailTurn::Now || !step.raw.contains("email")) return step;
    step.email_turn = turn;
    if (turn == EmailTurn::GiveUp) {
        step.raw["email"].clear();
        step.app["email"].clear();
        return step;
    }
    step.raw.erase("email");
    step.app.erase("email");
    if (step.raw.empty()) return std::nullopt;
    return step;
}

StepChoice choose_step(const ContactNotes& notes,
                       const SystemSpec& system,
                       const SystemView& view,
                       const Rules& rules,
                       TimePoint now) {
    const auto found = notes.systems.find(system.key);
    static const Standing kBlank;
    const Standing& standing = found == notes.systems.end() ? kBlank : found->second;
    StepChoice choice;
    if (notes.contact.deleted || (standing.link && standing.link->is_dying)) {
        if (standing.link) {
            choice = choose_delete(notes, standing, system, view, rules);
        } else if (standing.intent) {
            choice.blocker = Blocker::OpenCall;
        }
    } else if (notes.contact.arriving) {
        choice.blocker = Blocker::Probation;
    } else if (standing.link) {
        choice = choose_update(notes, standing, system, view);
    } else {
        choice = choose_create(notes, standing, system, view);
    }
    if (choice.step && is_refused(standing, *choice.step, now)) {
        // Waiting for a person is not pending.
        const bool is_due_later = standing.refusal->next_try_at.has_value();
        return {std::nullopt, is_due_later ? Blocker::Refused : Blocker::NothingToDo};
    }
    return choice;
}

Plan plan_steps(const CustomerNotes& notes,
                const std::vector<SystemSpec>& systems,
                const SystemViews& views,
                const Rules& rules,
                TimePoint now) {
    Plan plan;
    static const SystemView kUnseen;
    for (const SystemSpec& system : systems) {
        const auto view = views.find(system.key);
        const SystemPlanner planner(notes, system, view == views.end() ? kUnseen : view->second);
        const Rules own = rules_for(system.key, notes, rules);
        for (const auto& [id, contact] : notes.contacts) planner.plan(contact, own, now, plan);
    }
    std::stable_sort(plan.steps.begin(), plan.steps.end(), [](const Step& left, const Step& right) {
        return order_of(left.kind) < order_of(right.kind);
    });
    return plan;
}

}  // namespace crm::sync
