// The sentences behind explain() and describe_link(). The first thing that keeps a contact from
// being in step is the one that is told.
#include "server/sync/explain.h"

#include "server/limits.h"
#include "server/sync/plan_fields.h"
#include "server/sync/plan_view.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

const Standing& standing_in(const ContactNotes& contact, const SystemKey& system) {
    static const Standing kBlank;
    const auto found = contact.systems.find(system);
    return found == contact.systems.end() ? kBlank : found->second;
}

std::string label_of(const std::string& field) {
    const FieldSpec* spec = find_field(field);
    return spec == nullptr ? field : std::string(spec->label);
}

bool is_still_linked(const Standing& standing) {
    return standing.link && !standing.link->confirmed_gone;
}

void describe_deleted(const Standing& standing, const std::string& name, ContactLink& shown) {
    const bool is_linked = is_still_linked(standing);
    if (is_linked && standing.link->redeletes >= kRedeletesMax) {
        shown.state = LinkState::Error;
        shown.reason = "Deleted here, but somebody restores it in " + name;
    } else if (is_linked || standing.intent) {
        shown.reason = "Being deleted in " + name;
    } else {
        shown.state = LinkState::NotLinked;
        shown.reason = "Deleted";
    }
}

/// Something of ours is not there yet, or there is no record at all.
bool has_difference(const ContactNotes& notes, const Standing& standing, const SystemSpec& system) {
    return !standing.link || !find_difference(notes.contact, standing, system).raw.empty();
}

/// Fields that stay as they are on both sides until a person decides.
std::string frozen_labels(const Standing& standing) {
    std::string labels;
    for (const auto& [field, oscillation] : standing.oscillations) {
        if (!oscillation.is_frozen) continue;
        if (!labels.empty()) labels += ", ";
        labels += label_of(field);
    }
    return labels;
}

std::optional<ParkedValue> first_parked(const Contact& contact,
                                        const Standing& standing,
                                        const SystemSpec& system) {
    for (const std::string& field : system.fields) {
        if (auto parked = find_parked(contact, standing, system, field)) return parked;
    }
    return std::nullopt;
}

/// Of a live contact with a record that nothing keeps from syncing as a whole.
void describe_fields(const ContactNotes& notes, const SystemSpec& system, ContactLink& shown) {
    const Standing& standing = standing_in(notes, system.key);
    const std::string frozen = frozen_labels(standing);
    if (has_difference(notes, standing, system)) {
        shown.reason = "Will be sent to " + system.label + " by the next run";
    } else if (!frozen.empty()) {
        shown.state = LinkState::Conflict;
        shown.reason = frozen + " keeps changing back in " + system.label +
                       ", so it is left alone on both sides until somebody sets it here";
    } else if (const auto parked = first_parked(notes.contact, standing, system)) {
        shown.state = LinkState::Error;
        shown.reason = parked->message;
    } else {
        shown.state = LinkState::Synced;
    }
}

/// Of a live contact without a record there.
void describe_unlinked(const ContactNotes& notes, const SystemSpec& system, ContactLink& shown) {
    const Standing& standing = standing_in(notes, system.key);
    const std::string& name = system.label;
    if (standing.is_merged) {
        shown.state = LinkState::NotLinked;
        shown.reason = "Its record became one with that of another contact in " + name +
                       ", so it is not created there again";
    } else if (standing.is_detached) {
        shown.state = LinkState::NotLinked;
        shown.reason = "Its record in " + name + " vanished, and " + name +
                       (system.vanish == VanishPolicy::Ask
                            ? " is set to ask before it is created anew"
                            : " is set to leave such contacts without a record");
    } else if (!email_key(notes.contact.fields.email)) {
        shown.state = LinkState::NotLinked;
        shown.reason =
            "Not in " + name + ": it has no e-mail, and the e-mail is what contacts are matched by";
    } else if (standing.is_suggested) {
        shown.state = LinkState::Conflict;
        shown.reason = "Not in " + name +
                       ": a record there has the same phone, and nothing is "
                       "created before somebody says whether it is the same person";
    } else if (const auto parked = find_parked(notes.contact, standing, system, "email")) {
        shown.state = LinkState::Error;
        shown.reason = "Not in " + name + ": " + parked->message;
    } else if (standing.refusal) {
        shown.state = LinkState::Error;
        shown.reason = standing.refusal->message;
    } else {
        shown.reason = "Will be created in " + name + " by the next run";
    }
}

/// Who keeps a contact's e-mail to itself in a system.
struct EmailHolder {
    const ContactNotes* contact = nullptr;
    const Standing* standing = nullptr;
};

bool holds_email(const ContactNotes& contact, const Standing& standing, const std::string& key) {
    if (standing.intent && standing.intent->kind == IntentKind::Create &&
        standing.intent->email_key == key)
        return true;
    if (!is_still_linked(standing)) return false;
    const auto shadow = standing.link->fields.find("email");
    if (shadow != standing.link->fields.end() && email_key(shadow->second.raw) == key) return true;
    return contact.contact.deleted && contact.aliases.contains(key);
}

EmailHolder find_holder(const CustomerNotes& notes,
                        const ContactNotes& contact,
                        const SystemKey& system) {
    const std::optional<std::string> key = email_key(contact.contact.fields.email);
    if (!key) return {};
    for (const auto& [id, other] : notes.contacts) {
        if (id == contact.contact.id) continue;
        const auto found = other.systems.find(system);
        if (found == other.systems.end() || !holds_email(other, found->second, *key)) continue;
        return {&other, &found->second};
    }
    return {};
}

std::string holder_sentence(const EmailHolder& holder, const SystemSpec& system) {
    const std::string who = display_name(holder.contact->contact.fields);
    const std::string& name = system.label;
    if (!is_still_linked(*holder.standing)) {
        return "Not in " + name + " yet: " + who +
               " was being created there with the same e-mail, and no answer came";
    }
    const std::string record = name + " record " + holder.standing->link->id.text;
    if (holder.contact->contact.deleted) {
        return "Not in " + name + " yet: its e-mail belongs to " + record + " of " + who +
               ", who was deleted here and is not gone there yet";
    }
    return "Not in " + name + ": its e-mail belongs to " + record + ", which is linked to " + who;
}

/// Puts the facts together, and finds the sentence that the contact alone cannot tell.
class Explainer {
   public:
    Explainer(const CustomerNotes& notes,
              const ContactNotes& contact,
              const SystemSpec& system,
              const Moment& moment)
        : notes_(notes),
          contact_(contact),
          system_(system),
          moment_(moment),
          standing_(standing_in(contact, system.key)),
          key_(email_key(contact.contact.fields.email)) {}

    Explanation run();

   private:
    void add_fields();
    void explain_open_call();
    void explain_probation();
    void explain_unlinked();
    void explain_merged();
    void explain_linked();
    /// What keeps the whole system from going on, for a contact that has something to do.
    void explain_system();

    const CustomerNotes& notes_;
    const ContactNotes& contact_;
    const SystemSpec& system_;
    const Moment& moment_;
    const Standing& standing_;
    std::optional<std::string> key_;  // of its e-mail
    Explanation out_;
};

void Explainer::add_fields() {
    for (const std::string& field : system_.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr) continue;
        FieldExplanation& told = out_.fields[field];
        told.ours = contact_.contact.fields.*(spec->member);
        told.direction = system_.direction_of(field);
        told.parked = find_parked(contact_.contact, standing_, system_, field);
        if (const auto went = standing_.oscillations.find(field);
            went != standing_.oscillations.end())
            told.is_frozen = went->second.is_frozen;
        if (!standing_.link) continue;
        const auto known = standing_.link->fields.find(field);
        if (known == standing_.link->fields.end()) continue;
        const FieldShadow& shadow = known->second;
        told.received = shadow.raw;
        told.agreed = shadow.app;
        if (!shadow.sent.empty()) told.sent = shadow.sent.back().raw;
        if (shadow.settle_until > moment_.now) told.decided_at = shadow.settle_until;
    }
}

void Explainer::explain_open_call() {
    const Intent& intent = *standing_.intent;
    const std::string what = intent.kind == IntentKind::Create   ? "creating it"
                             : intent.kind == IntentKind::Update ? "its last change"
                                                                 : "deleting it";
    if (!intent.is_unknown) {
        out_.sentence = "The call for " + what + " in " + system_.label + " is on its way";
        return;
    }
    out_.next_try_at = intent.deadline + moment_.rules.settle;
    out_.sentence = system_.label + " did not answer the call for " + what +
                    "; a listing that starts after " + format_time(*out_.next_try_at) +
                    " tells what became of it, and nothing is sent before that";
}

void Explainer::explain_probation() {
    if (!standing_.link) return;
    out_.next_try_at = standing_.link->linked_at + moment_.rules.settle;
    out_.sentence = "Just seen in " + system_.label + " as record " + standing_.link->id.text +
                    "; it becomes a contact when it is seen again after " +
                    format_time(*out_.next_try_at);
}

void Explainer::explain_unlinked() {
    if (standing_.is_merged) {
        explain_merged();
        return;
    }
    if (standing_.is_detached || !key_) return;
    if (standing_.refusal) out_.next_try_at = standing_.refusal->next_try_at;
    for (const auto& [key, hold] : notes_.holds) {
        if (key.first == system_.key && hold.suggested == contact_.contact.id &&
            hold.is_awaited()) {
            out_.sentence = "Not in " + system_.label + ": record " + key.second.text +
                            " there has the same phone and no e-mail, and nothing is created "
                            "before somebody says whether it is the same person";
            return;
        }
        if (hold.reason == HoldReason::Similar) continue;
        const auto shown = hold.values.find("email");
        const bool is_about = hold.contact == contact_.contact.id ||
                              (shown != hold.values.end() && email_key(shown->second) == key_);
        if (!(key.first == system_.key) || !is_about) continue;
        out_.state = LinkState::Error;
        out_.sentence = "Not in " + system_.label + ": record " + key.second.text +
                        " there stands in its way. " + hold.message;
        return;
    }
    const EmailHolder holder = find_holder(notes_, contact_, system_.key);
    if (holder.contact == nullptr) return;
    out_.state = LinkState::Error;
    out_.sentence = holder_sentence(holder, system_);
}

void Explainer::explain_merged() {
    for (const auto& [key, hold] : notes_.holds) {
        const bool is_about = key.first == system_.key && hold.reason == HoldReason::Merged &&
                              hold.contact == contact_.contact.id;
        if (!is_about) continue;
        out_.sentence = "Merged over there into " + system_.label + " record " + key.second.text +
                        ", which is linked to " + hold.title +
                        "; it is not created there again. Merge the two contacts here as well, or "
                        "delete one of them";
        return;
    }
}

void Explainer::explain_linked() {
    const Link& link = *standing_.link;
    const std::string record = system_.label + " record " + link.id.text;
    if (out_.state == LinkState::Synced) {
        out_.sentence = "In step with " + record;
        return;
    }
    if (standing_.refusal && out_.state == LinkState::Error)
        out_.next_try_at = standing_.refusal->next_try_at;
    if (link.absent_count > 0 && !link.is_dying) {
        out_.sentence = record + " was missing from " + std::to_string(link.absent_count) +
                        " of the " + std::to_string(kAbsencesNeeded) +
                        " listings in a row after which it counts as gone";
        out_.next_try_at = link.last_absent_start + moment_.rules.settle;
        return;
    }
    const Difference difference = find_difference(contact_.contact, standing_, system_);
    for (const auto& [field, raw] : difference.raw) {
        const auto known = link.fields.find(field);
        if (known == link.fields.end() || known->second.doubt_until == TimePoint{}) continue;
        const FieldShadow& shadow = known->second;
        out_.sentence = label_of(field) + " may have been edited in " + system_.label +
                        " just now; it is not written over before a listing that starts after " +
                        format_time(shadow.doubt_until) + " shows the record";
        if (shadow.doubt_until > moment_.now) out_.next_try_at = shadow.doubt_until;
        return;
    }
}

void Explainer::explain_system() {
    const auto found = notes_.systems.find(system_.key);
    if (found == notes_.systems.end() || out_.state != LinkState::Pending) return;
    const SystemRow& row = found->second;
    const std::string& name = system_.label;
    std::string why;
    if (row.is_paused) {
        why = name + " is paused: nothing is read or sent until somebody resumes it";
    } else if (row.state == "held") {
        why = name + " is held until a person approves or discards its last run";
    } else if (row.state == "reconnect") {
        why = name + " is not connected any more; it goes on after a reconnect";
    } else if (row.pause_until && *row.pause_until > moment_.now) {
        why = name + " asked to be left alone until " + format_time(*row.pause_until);
        out_.next_try_at = row.pause_until;
    }
    if (why.empty()) return;
    out_.sentence = as_sentence(out_.sentence) + " " + why;
}

Explanation Explainer::run() {
    const ContactLink shown = describe_link(contact_, system_);
    out_.state = shown.state;
    out_.sentence = shown.reason;
    out_.link = standing_.link;
    out_.intent = standing_.intent;
    out_.refusal = standing_.refusal;
    add_fields();
    if (standing_.intent) {
        explain_open_call();
    } else if (!contact_.contact.deleted) {
        if (contact_.contact.arriving) {
            explain_probation();
        } else if (standing_.link) {
            explain_linked();
        } else {
            explain_unlinked();
        }
    }
    explain_system();
    out_.sentence = as_sentence(out_.sentence);
    return std::move(out_);
}

}  // namespace

ContactLink describe_link(const ContactNotes& notes, const SystemSpec& system) {
    ContactLink shown;
    const Standing& standing = standing_in(notes, system.key);
    const std::string& name = system.label;
    if (is_still_linked(standing)) {
        shown.id = standing.link->id;
        shown.url = standing.link->url;
        shown.synced_at = standing.link->synced_at;
    }
    shown.state = LinkState::Pending;
    if (notes.contact.deleted) {
        describe_deleted(standing, name, shown);
    } else if (standing.intent) {
        shown.reason = "Waiting for news from " + name + " about the last change";
    } else if (notes.contact.arriving) {
        shown.state = standing.link ? LinkState::Synced : LinkState::NotLinked;
        shown.reason =
            standing.link ? "" : "Just arrived; written to " + name + " once it is confirmed";
    } else if (!standing.link) {
        describe_unlinked(notes, system, shown);
    } else if (standing.refusal && has_difference(notes, standing, system)) {
        shown.state = LinkState::Error;
        shown.reason = standing.refusal->message;
    } else if (standing.link->is_dying) {
        shown.reason = "The deleted record in " + name + " goes first; then it is created anew";
    } else if (standing.link->absent_count > 0) {
        shown.reason = "Missing from the last listing of " + name;
    } else {
        describe_fields(notes, system, shown);
    }
    return shown;
}

Explanation explain(const CustomerNotes& notes,
                    const ContactNotes& contact,
                    const SystemSpec& system,
                    const Moment& moment) {
    const Moment own{moment.now, rules_for(system.key, notes, moment.rules)};
    return Explainer(notes, contact, system, own).run();
}

}  // namespace crm::sync
