#include "tests/server/sync/sim/witness.h"

#include <algorithm>

#include "server/sync/field_merge.h"

namespace crm::test::sim {

using sync::ContactNotes;
using sync::CustomerNotes;
using sync::FieldShadow;
using sync::Link;
using sync::Standing;

namespace {

const Standing* find_standing(const ContactNotes& contact, const SystemKey& system) {
    const auto found = contact.systems.find(system);
    return found == contact.systems.end() ? nullptr : &found->second;
}

const Link* find_link(const ContactNotes& contact, const SystemKey& system) {
    const Standing* standing = find_standing(contact, system);
    return standing == nullptr || !standing->link ? nullptr : &*standing->link;
}

const FieldShadow* find_shadow(const Link* link, const std::string& field) {
    if (link == nullptr) return nullptr;
    const auto found = link->fields.find(field);
    return found == link->fields.end() ? nullptr : &found->second;
}

}  // namespace

/// S9: a live contact loses its record only after enough absences.
void Witness::check_parting(const Step& step, const SystemKey& system, const Link& link) {
    const bool is_about_record = step.before.contact.deleted || step.before.contact.arriving ||
                                 step.after.contact.deleted || link.is_dying;
    const Link* now = find_link(step.after, system);
    if (is_about_record || (now != nullptr && now->id == link.id)) return;
    if (ledger_.has_moved(system, link.id)) return;
    if (!ledger_.is_proven_gone(system, link.id, link.visible_until))
        report_("S9", "record " + link.id.text + " of " + system.text + " was given up too early");
}

bool Witness::is_fast_forward(const Step& step, const FieldSpec& spec) {
    const std::string field(spec.wire);
    const std::string& was = step.before.contact.fields.*(spec.member);
    const std::string& is = step.after.contact.fields.*(spec.member);
    return std::any_of(
        step.after.systems.begin(), step.after.systems.end(), [&](const auto& entry) {
            const FieldShadow* after =
                entry.second.link ? find_shadow(&*entry.second.link, field) : nullptr;
            if (after == nullptr || after->app != is) return false;
            const FieldShadow* before = find_shadow(find_link(step.before, entry.first), field);
            // Where nothing was agreed on yet, nothing here may be replaced but emptiness.
            return before == nullptr ? was.empty() : before->app == was;
        });
}

bool Witness::is_recorded(const ContactId& contact,
                          const std::string& field,
                          const std::string& value) {
    const std::vector<sync::ConflictRow> rows = bench_.conflicts();
    return std::any_of(rows.begin(), rows.end(), [&](const sync::ConflictRow& row) {
        return row.contact == contact && row.field == field && row.app_value == value;
    });
}

/// S10: what sync replaces here was agreed on, or is kept aside in the same transaction.
void Witness::check_edits(const Step& step) {
    for (const FieldSpec& spec : kContactFields) {
        const std::string& was = step.before.contact.fields.*(spec.member);
        if (was == step.after.contact.fields.*(spec.member)) continue;
        const std::string field(spec.wire);
        if (is_fast_forward(step, spec)) continue;
        if (!is_recorded(step.after.contact.id, field, was))
            report_("S10",
                    step.after.contact.id.text + ": " + field + " “" + was +
                        "” was replaced, and is nowhere");
    }
}

/// S14: after a write of ours that was answered, the window stays open for Δ.
void Witness::check_windows(const Step& step, const SystemKey& system) {
    const Standing* before = find_standing(step.before, system);
    const Link* link = find_link(step.after, system);
    if (link == nullptr) return;
    const bool is_answered = before != nullptr && before->intent && before->link &&
                             !step.after.systems.at(system).intent &&
                             before->intent->kind == sync::IntentKind::Update &&
                             !before->intent->is_unknown;
    for (const auto& [field, shadow] : link->fields) {
        const std::tuple key(system, link->id, field);
        const bool is_acked = is_answered && before->intent->raw.contains(field) &&
                              shadow.raw == before->intent->raw.at(field);
        if (is_acked) windows_[key] = bench_.own_clock.now() + bench_.settings.settle;
        const auto window = windows_.find(key);
        if (window == windows_.end()) continue;
        if (shadow.settle_until < window->second)
            report_(
                "S14",
                system.text + " " + link->id.text + ": " + field + " is believed before its time");
    }
}

void Witness::see_commit(bool is_persons) {
    CustomerNotes now = bench_.notes();
    if (last_ && !is_persons) {
        for (const auto& [id, before] : last_->contacts) {
            const auto after = now.contacts.find(id);
            if (after == now.contacts.end()) continue;  // withdrawn before anybody was told of it
            const Step step{before, after->second};
            check_edits(step);
            for (const auto& [system, standing] : before.systems) {
                if (standing.link) check_parting(step, system, *standing.link);
                check_windows(step, system);
            }
        }
    }
    last_ = std::move(now);
}

}  // namespace crm::test::sim
