#include "server/sync/survey.h"

#include "server/limits.h"
#include "server/sync/plan_fields.h"
#include "server/sync/plan_view.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

/// Walks everything of one system into the survey.
class Surveyor {
   public:
    Surveyor(const SystemSpec& system, const Rules& rules, TimePoint now, Survey& out)
        : system_(system), rules_(rules), now_(now), out_(out), counts_(out.systems[system.key]) {}

    void add_contact(const ContactNotes& notes);
    void add_hold(const RemoteId& record, const Hold& hold);

   private:
    void add_problem(const ContactNotes& notes,
                     std::string code,
                     std::string message,
                     std::string action,
                     std::optional<TimePoint> next_try_at);
    void add_pending(std::optional<TimePoint> decidable_at);
    void add_deleted(const ContactNotes& notes, const Standing& standing);
    void add_live(const ContactNotes& notes, const Standing& standing);
    /// Values that the system cannot hold, and fields that are left alone. True when there are any.
    bool add_kept_back(const ContactNotes& notes, const Standing& standing);
    /// True when the refusal explains why there is a difference.
    bool add_refusal(const ContactNotes& notes, const Standing& standing);

    const SystemSpec& system_;
    const Rules& rules_;
    TimePoint now_;
    Survey& out_;
    SystemCounts& counts_;
};

void Surveyor::add_problem(const ContactNotes& notes,
                           std::string code,
                           std::string message,
                           std::string action,
                           std::optional<TimePoint> next_try_at) {
    api::RunProblem problem;
    problem.contact_id = notes.contact.id.text;
    problem.system = system_.key.text;
    problem.code = std::move(code);
    problem.message = display_name(notes.contact.fields) + ": " + std::move(message);
    problem.action = std::move(action);
    problem.next_try_at = next_try_at;
    out_.problems.push_back(std::move(problem));
    ++counts_.failing;
}

void Surveyor::add_pending(std::optional<TimePoint> decidable_at) {
    ++counts_.pending;
    ++out_.pending;
    if (decidable_at && (!out_.decidable_at || *decidable_at < *out_.decidable_at)) {
        out_.decidable_at = decidable_at;
    }
}

bool Surveyor::add_refusal(const ContactNotes& notes, const Standing& standing) {
    if (!standing.refusal) return false;
    const Refusal& refusal = *standing.refusal;
    add_problem(notes, refusal.code, refusal.message, refusal.action, refusal.next_try_at);
    if (refusal.next_try_at) add_pending(std::nullopt);
    return true;
}

bool Surveyor::add_kept_back(const ContactNotes& notes, const Standing& standing) {
    const std::int64_t before = counts_.failing;
    for (const std::string& field : system_.fields) {
        if (const auto parked = find_parked(notes.contact, standing, system_, field)) {
            add_problem(notes,
                        "parked",
                        as_sentence(parked->message),
                        "Change the value here; the rest of the record syncs.",
                        std::nullopt);
        }
        const auto went = standing.oscillations.find(field);
        if (went == standing.oscillations.end() || !went->second.is_frozen) continue;
        const FieldSpec* spec = find_field(field);
        add_problem(notes,
                    "frozen",
                    (spec == nullptr ? field : std::string(spec->label)) +
                        " keeps changing back in " + system_.label +
                        ", so it is left alone on both sides.",
                    "See what changes it there, and then set it here.",
                    std::nullopt);
    }
    // One contact fails once, however many of its values do.
    if (counts_.failing > before) counts_.failing = before + 1;
    return counts_.failing > before;
}

void Surveyor::add_deleted(const ContactNotes& notes, const Standing& standing) {
    if (!standing.link) {
        if (standing.intent) add_pending(standing.intent->deadline + rules_.settle);
        return;
    }
    const Link& link = *standing.link;
    if (link.confirmed_gone) return;
    if (standing.intent) {
        add_pending(standing.intent->deadline + rules_.settle);
    } else if (!link.delete_acked) {
        if (!add_refusal(notes, standing)) add_pending(std::nullopt);
    } else if (link.redeletes >= kRedeletesMax) {
        add_problem(
            notes,
            "restored",
            "deleted here, but somebody restores it in " + system_.label + " again and again.",
            "Delete it there for good, or restore the contact here.",
            std::nullopt);
    } else {
        add_pending(*link.delete_acked + rules_.settle);
    }
}

void Surveyor::add_live(const ContactNotes& notes, const Standing& standing) {
    if (standing.intent) {
        add_pending(standing.intent->deadline + rules_.settle);
        return;
    }
    if (!standing.link) {
        const bool has_email = email_key(notes.contact.fields.email).has_value();
        if (has_email && !standing.is_detached &&
            find_parked(notes.contact, standing, system_, "email")) {
            static_cast<void>(add_kept_back(notes, standing));
        } else if (has_email && !standing.is_detached && !standing.is_suggested) {
            if (!add_refusal(notes, standing)) add_pending(std::nullopt);
        } else if (!standing.is_detached || !add_refusal(notes, standing)) {
            ++counts_.excluded;
        }
        return;
    }
    const Link& link = *standing.link;
    const bool is_open = link.is_dying || link.fields.empty() || link.absent_count > 0;
    if (!is_open && find_difference(notes.contact, standing, system_).raw.empty()) {
        if (!add_kept_back(notes, standing)) ++counts_.in_sync;
    } else if (is_open || !add_refusal(notes, standing)) {
        add_pending(std::nullopt);
    }
}

void Surveyor::add_contact(const ContactNotes& notes) {
    static const Standing kBlank;
    const auto found = notes.systems.find(system_.key);
    const Standing& standing = found == notes.systems.end() ? kBlank : found->second;
    if (notes.contact.deleted) {
        add_deleted(notes, standing);
    } else if (notes.contact.arriving) {
        if (standing.link) add_pending(standing.link->linked_at + rules_.settle);
    } else {
        add_live(notes, standing);
    }
}

void Surveyor::add_hold(const RemoteId& record, const Hold& hold) {
    if (hold.reason == HoldReason::Similar) return;  // it syncs; the question is the review's
    api::RunProblem problem;
    problem.contact_id = hold.contact.text;
    problem.system = system_.key.text;
    problem.record_id = record.text;
    problem.code = hold_word(hold.reason);
    problem.message =
        hold.title + " (" + system_.label + " record " + record.text + "): " + hold_message(hold);
    problem.action = hold_action(hold.reason, system_.label);
    out_.problems.push_back(std::move(problem));
    ++counts_.excluded;
}

}  // namespace

std::string hold_message(const Hold& hold) {
    if (hold.suggested.is_set() || hold.suggestion.empty()) return hold.message;
    return as_sentence(hold.message) + " " + hold.suggestion;
}

std::string hold_action(HoldReason reason, const std::string& label) {
    switch (reason) {
        case HoldReason::NoEmail:
            return "Add an e-mail to the record in " + label + ".";
        case HoldReason::Invalid:
            return "Correct the record in " + label + ".";
        case HoldReason::Duplicate:
            return "Merge the two records in " + label + ", or give one another e-mail.";
        case HoldReason::Suppressed:
            return "Delete it in " + label + ", or create the contact here again to take it over.";
        case HoldReason::Restored:
            return "Delete or merge the record in " + label + ".";
        case HoldReason::Merged:
            return "Merge the two contacts here as well, or delete one of them.";
        case HoldReason::Similar:
            return "Say whether they are the same person.";
    }
    return {};
}

Survey survey(const CustomerNotes& notes,
              const std::vector<SystemSpec>& systems,
              const Rules& rules,
              TimePoint now) {
    Survey result;
    for (const SystemSpec& system : systems) {
        const Rules own = rules_for(system.key, notes, rules);
        Surveyor surveyor(system, own, now, result);
        for (const auto& [key, hold] : notes.holds) {
            if (key.first == system.key) surveyor.add_hold(key.second, hold);
        }
        for (const auto& [id, contact] : notes.contacts) surveyor.add_contact(contact);
    }
    return result;
}

}  // namespace crm::sync
